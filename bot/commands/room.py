"""Whether there is room for what is about to be written."""

import shutil
from pathlib import Path

from bot.errors import fail
from storage.texts import _


def make_sure_of_room(folder: Path, needed: int) -> None:
    """Exit code 2, with a sentence, where fewer than `needed` bytes are free at a folder that may not exist yet."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        fail(
            _("放不下：需要 {needed} MB，{folder} 只剩 {free} MB。请换一块硬盘。").format(
                needed=-(-needed // 2**20), folder=folder, free=free // 2**20
            )
        )
