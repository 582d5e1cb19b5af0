"""Files in a call: uploaded, attached by name, or known by identifier."""

from __future__ import annotations

import asyncio

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.files import Upload
from bot.sandbox.media import NotAPictureError, sizes
from bot.sandbox.model import StoredFile

PHOTO_BYTES = 10_485_760
FILE_BYTES = 52_428_800
WRONG_ID = "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
WRONG_KIND = "can't use file of type {found} as {wanted}"


def upload_of(call: Call, reference: str, part: str) -> Upload | None:
    """The uploaded part a parameter means (`attach://name`, or the parameter's own part)."""
    if reference.startswith("attach://"):
        part = reference.removeprefix("attach://")
        if part not in call.files:
            raise bad("file not found in the request")
    upload = call.files.get(part)
    if upload is not None and not upload.data:
        raise bad("file must be non-empty")
    if upload is not None and len(upload.data) > FILE_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return upload


def known_file(call: Call, reference: str, wanted: str) -> StoredFile:
    if reference.lower().startswith(("http://", "https://")):
        call.warnings.append("the sandbox fetches no web addresses")
        raise bad("failed to get HTTP URL content")
    file = call.world.files.by_id(reference, call.bot.id)
    if file is None:
        raise bad(WRONG_ID)
    if file.kind != wanted:
        raise bad(WRONG_KIND.format(found=file.kind.capitalize(), wanted=wanted.capitalize()))
    return file


async def photo_of(call: Call, reference: str, part: str) -> list[int]:
    """File numbers of a photo's sizes; scaling runs in a thread."""
    upload = upload_of(call, reference, part)
    if upload is None:
        known = known_file(call, reference, "photo")
        return list(range(known.smallest, known.n + 1))
    if len(upload.data) > PHOTO_BYTES:
        limit = f"the maximum size is {PHOTO_BYTES} bytes"
        raise bad(f"file of size {len(upload.data)} bytes is too big for a photo; {limit}")
    try:
        await asyncio.to_thread(sizes, upload.data)
    except NotAPictureError:
        raise bad("IMAGE_PROCESS_FAILED") from None
    return call.world.files.photo(upload.data)


def document_of(call: Call, reference: str, part: str) -> int:
    upload = upload_of(call, reference, part)
    if upload is None:
        return known_file(call, reference, "document").n
    return call.world.files.document(upload).n
