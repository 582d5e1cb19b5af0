"""Power cuts on a recorded run: the database's log is cut off where the power may have gone, and nothing is missing
that Telegram or a person had heard of by then; the rest is handled again.

While it is recorded a reader that never ends keeps the log from being moved into the database: the database as it was
at first and the first part of the log are the disk at every moment.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.crash.count import read
from tests.crash.run import PATIENCE, Run, prepare
from tests.phone import Json
from tests.starter import PROJECT

HEADER, FRAME_HEADER = 32, 24
SECONDS = 6.0


@dataclass
class Recorded:
    """A run that is over: the database before it, its log, and what was heard outside when the log was how long."""

    run: Run
    base: bytes
    log: bytes
    moments: list[Json]
    updates: list[Json]
    ledger: list[Json]

    @property
    def frame(self) -> int:
        return FRAME_HEADER + int.from_bytes(self.log[8:12], "big")

    @property
    def frames(self) -> int:
        return (len(self.log) - HEADER) // self.frame

    def whole(self, length: int) -> int:
        """How many frames are whole in a log of that length."""
        return max(0, (length - HEADER) // self.frame)

    def cut(self, frames: int) -> bytes:
        return self.log[: HEADER + frames * self.frame] if frames else b""

    def due(self, frames: int) -> tuple[int, set[str]]:
        """What had been heard when the log had no more frames: the offset confirmed, the numbers told."""
        heard = [one for one in self.moments if self.whole(one["wal"]) <= frames]
        told = {number for one in heard for number in one.get("told", [])}
        return max((one.get("confirmed", 0) for one in heard), default=0), told

    def missing(self, frames: int, folder: Path, torn: bytes = b"") -> list[str]:
        """What had been heard and is not on the disk when the power goes there (in the middle of a `torn` frame)."""
        arrivals, numbers = disk(self.base, self.cut(frames) + torn, folder)
        offset, told = self.due(frames)
        lost = {one["update_id"] for one in self.updates if one["update_id"] < offset} - arrivals
        return [f"update {one}" for one in sorted(lost)] + sorted(told - numbers)


def disk(base: bytes, log: bytes, folder: Path) -> tuple[set[int], set[str]]:
    """What a database with that log holds: ids of arrivals, numbers of reports."""
    file = folder / "cut.db"
    for name, content in (("", base), ("-wal", log)):
        file.with_name(f"cut.db{name}").write_bytes(content)
    file.with_name("cut.db-shm").unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as seen:
        arrivals = {one for (one,) in seen.execute("select update_id from arrival")}
        return arrivals, {one for (one,) in seen.execute("select number from report")}


def record(run: Run, seconds: float = SECONDS) -> Recorded:
    """Let people work for that long, through the recorder, with the log kept whole."""
    (people,) = prepare(run)
    database = run.data / "zhucun.db"
    with closing(sqlite3.connect(database)) as all_of_it:
        all_of_it.execute("pragma wal_checkpoint(truncate)")
    base = database.read_bytes()
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from arrival").fetchone()
        with recorder(run, run.folder):
            run.start()
            people.work()
            run.world.sandbox.calls(after=10**9, wait=seconds)
            people.finish()
            run.world.settled(PATIENCE)
            run.kill()
        log = database.with_name("zhucun.db-wal").read_bytes()
        assert database.read_bytes() == base, "the log was moved into the database while it was recorded"
    moments, updates = read(run.folder, "moments"), read(run.folder, "updates")
    return Recorded(run, base, log, moments, _once(updates), ledger(run))


def _once(updates: list[Json]) -> list[Json]:
    return [*{one["update_id"]: one for one in updates}.values()]


def again(recorded: Recorded, frames: int) -> list[Json]:
    """The power goes there, the bot starts again, Telegram gives what was not confirmed; what is in the ledger then."""
    run, offset = recorded.run, recorded.due(frames)[0]
    for name, content in (("", recorded.base), ("-wal", recorded.cut(frames))):
        (run.data / f"zhucun.db{name}").write_bytes(content)
    (run.data / "zhucun.db-shm").unlink(missing_ok=True)
    _forget_files(run)
    folder = run.folder / f"again-{frames}"
    folder.mkdir()
    (folder / "all.jsonl").write_text("".join(json.dumps(one) + "\n" for one in recorded.updates), "utf-8")
    with recorder(run, folder, "--again", str(folder / "all.jsonl"), "--since", str(offset)):
        run.start()
        run.until(f"select count(*) >= {len(recorded.updates)} from arrival")
        run.world.settled(PATIENCE)
        run.kill()
    return ledger(run)


def _forget_files(run: Run) -> None:
    """Files that nobody had noted are not on the disk either."""
    with closing(sqlite3.connect(run.data / "zhucun.db")) as seen:
        kept = {one for (one,) in seen.execute("select sha256 from photo where state = 'kept'")}
    for file in (run.data / "files").rglob("*"):
        if file.is_file() and file.name not in kept:
            file.unlink()


def ledger(run: Run) -> list[Json]:
    """Every report as it is exported, without what tells the time."""
    folder = run.folder / "ledger"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    run.list_into(folder / "reports.jsonl", ["reports", "list", "--life", "--format", "json"])
    return sorted((_timeless(one) for one in read(folder, "reports")), key=lambda one: str(one["number"]))


def _timeless(report: Json) -> Json:
    plain = {
        name: report[name]
        for name in ("number", "kind", "author", "state", "answers", "revision", "household")
    }
    plain["photos"] = sorted((one["sha256"] or "", one["state"]) for one in report["photos"])
    return plain | {"steps": [one["step"] for one in report["steps"]], "revisions": len(report["revisions"])}


@contextmanager
def recorder(run: Run, folder: Path, *more: str) -> Iterator[None]:
    """The bot reaches the sandbox through a recorder that writes into this folder."""
    command = [sys.executable, "-m", "tests.crash.recorder", "--to", run.world.sandbox.api_url]
    command += ["--wal", str(run.data / "zhucun.db-wal"), "--out", str(folder), *more]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        run.world.extra["ZHUCUN_API_URL"] = process.stdout.readline().strip()
        try:
            yield
        finally:
            del run.world.extra["ZHUCUN_API_URL"]
            process.terminate()
