"""Each part runs once on a data folder: a second one would send everything twice."""

import fcntl
from collections.abc import Collection
from pathlib import Path
from typing import IO

from bot.errors import fail
from bot.parts import Part
from storage.texts import _


def take(folder: Path, parts: Collection[Part] = frozenset(Part)) -> IO[str]:
    """Hold these parts until the returned file is closed or the process ends, however it ends; the command fails
    with a sentence while another process holds one of them. Each part is one byte of the lock file."""
    file = (folder / "zhucun.lock").open("w")
    for place, part in enumerate(Part):
        if part not in parts:
            continue
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            file.close()
            fail(_("{folder} 已经有一个机器人在运行。请先停掉它，再启动这一个。").format(folder=folder))
    return file
