"""getFile; the download itself is in server.py."""

from __future__ import annotations

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.files import file_path, unique_id
from bot.sandbox.model import Json

DOWNLOAD_BYTES = 20 * 1024 * 1024


async def get_file(call: Call) -> Json:
    wanted = call.text("file_id")
    file = call.world.files.by_id(wanted, call.bot.id)
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if file.size > DOWNLOAD_BYTES:
        raise bad("file is too big")
    shape = {"file_id": wanted, "file_unique_id": unique_id(file), "file_size": file.size}
    return shape | {"file_path": file_path(file)}


METHODS: dict[str, Any] = {"getFile": get_file}
