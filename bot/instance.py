"""The instance file: it ties the data to this installation, so that a copy of the data sends nothing.

Beside the database lies `zhucun.instance`. It names the installation, as the database does, and tells its own
number in the file system and the machine's: whoever copies the folder gets another file number, whoever moves
the disk another machine. Restarts, another host name and `mv` on one disk change neither.
docs/decisions/0007 tells why these.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import fail
from storage import installation, journal
from storage.db import Store, new_uid
from storage.texts import _

FILE = "zhucun.instance"
MACHINE = Path("/etc/machine-id")
CONTAINERS = (Path("/.dockerenv"), Path("/run/.containerenv"))


@dataclass(frozen=True)
class Instance:
    """Whose data lies here, and where "here" is. `machine` is empty where a machine has no lasting name."""

    installation: str
    file: int
    machine: str

    def is_at(self, path: Path) -> bool:
        here = machine()
        moved = bool(self.machine and here) and self.machine != here
        return path.stat().st_ino == self.file and not moved


def machine() -> str:
    """A name of this machine that tells nothing else of it; empty in a container, which is made anew at will."""
    if any(mark.exists() for mark in CONTAINERS) or not MACHINE.exists():
        return ""
    known = MACHINE.read_text("ascii", "replace").strip()
    return hashlib.sha256(f"zhucun|{known}".encode()).hexdigest()[:16] if known else ""


def bind(store: Store, folder: Path, adopted_at: datetime | None = None) -> None:
    """Make sure that the data is this installation's own. A new one is bound; a copy is refused with what to
    do, or made this installation's own when somebody has said so (`adopted_at`)."""
    with store.reading() as session:
        name = installation.name(session)
    note = read(folder)
    if note is not None and note.installation == (name or note.installation) and note.is_at(folder / FILE):
        if name is None:
            _note(store, note.installation)
    elif name is None and note is None:
        _note(store, _first(folder))
    elif adopted_at is not None:
        adopt(store, folder, adopted_at)
    else:
        fail(
            _(
                "{folder} 里的数据是一份副本：为了不把消息发两遍、不抢走原来机器人的消息，没有启动。"
                "如果原来的机器人已经停掉，今后由这里接着做，请运行一次 zhucun run --adopt。"
            ).format(folder=folder)
        )


def _note(store: Store, name: str) -> None:
    with store.writing() as session:
        installation.be(session, name)


def adopt(store: Store, folder: Path, now: datetime) -> None:
    """The data is this installation's own from now on."""
    with store.writing() as session:
        name = installation.name(session) or new_uid()
        installation.be(session, name)
        journal.write(session, None, "adopt", "installation", now)
        with _telling(folder), _part(folder, name) as part:
            part.replace(folder / FILE)


def read(folder: Path) -> Instance | None:
    """What the folder's instance file says; None without one, or with one that cannot be read."""
    try:
        said: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
        return Instance(str(said["installation"]), int(said["file"]), str(said["machine"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _first(folder: Path) -> str:
    """Bind a new folder; of several processes that start at once one does. The installation's name."""
    name = new_uid()
    with _telling(folder), _part(folder, name) as part:
        try:
            (folder / FILE).hardlink_to(part)
        except FileExistsError:
            already = read(folder)
            name = already.installation if already else name
    return name


@contextmanager
def _part(folder: Path, name: str) -> Iterator[Path]:
    """An instance file without its name yet. Its number in the file system is known once it is there, so it is
    written into the file itself."""
    part = folder / f"{FILE}.{os.getpid()}"
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(asdict(Instance(name, os.fstat(file.fileno()).st_ino, machine())), file)
            file.flush()
            os.fsync(file.fileno())
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        fail(_("数据目录 {folder} 用不了：{why}。请检查 ZHUCUN_DATA 和权限。").format(
            folder=folder, why=error.strerror or type(error).__name__))  # fmt: skip
