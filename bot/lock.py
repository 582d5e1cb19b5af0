"""One running bot per data folder: a second one would send everything twice."""

import fcntl
from pathlib import Path
from typing import IO

from bot.errors import fail
from storage.texts import _


def take(folder: Path) -> IO[str]:
    """Hold the folder until the returned file is closed or the process ends, however it ends; the command fails
    with a sentence while another process holds it."""
    file = (folder / "zhucun.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        fail(_("{folder} 已经有一个机器人在运行。请先停掉它，再启动这一个。").format(folder=folder))
    return file
