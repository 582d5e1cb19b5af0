"""The demo's folder: its own, and nobody else's."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.refusals import Refusal
from storage.texts import _

MADE = "demo"
"""Written when the county was filled: without it the filling begins anew."""
BOT, SANDBOX, LOCK = "bot", "sandbox", "lock"
BOT_LOG, SANDBOX_LOG = "bot.log", "sandbox.log"
PARTS = (BOT, SANDBOX, BOT_LOG, SANDBOX_LOG, MADE)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder, for this demo alone. Raises Refusal when it holds something else, or another demo runs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _nothing_else(folder)
        lock = (folder / LOCK).open("w")
    except OSError as error:
        raise Refusal(
            _("写不进 {folder}（{why}）。请用 --data 另选一个目录。").format(
                folder=folder, why=error.strerror
            )
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                _("{folder} 正在被另一个演示使用。请先结束它，或用 --data 另选一个目录。").format(
                    folder=folder
                )
            ) from None
        yield


def _nothing_else(folder: Path) -> None:
    strange = [one.name for one in folder.iterdir() if one.name not in (*PARTS, LOCK)]
    if strange:
        raise Refusal(
            _("{folder} 里有别的文件（{name}），演示不会动它。请用 --data 另选一个目录。").format(
                folder=folder, name=strange[0]
            )
        )


def clear(folder: Path) -> None:
    """Remove what an earlier demo, or one that was broken off, left behind."""
    for name in PARTS:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    (folder / BOT).mkdir()
    (folder / SANDBOX).mkdir()
