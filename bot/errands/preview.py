"""Make the preview by which a picture sent as a file is shown in chats: upright JPEG, also of HEIC."""

import asyncio
from typing import Any

from sqlmodel import Session

from bot import crash
from bot.errands.alone import alone
from bot.workers import ErrandContext
from reports import pictures
from storage import errands, photos
from storage.picture import Unreadable


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    photo_id = body["photo_id"]
    with context.pen.store.reading() as session:
        sha = photos.sha_of(session, photo_id)
    data = await asyncio.to_thread(context.files.read, sha)
    try:
        small = await alone(context.process, pictures.preview, data)
    except Unreadable:
        # It was readable when it was kept; without a preview it is shown as a file.
        await context.pen(lambda session: errands.done(session, context.errand_id))
        return
    copy = await asyncio.to_thread(context.files.keep, small)
    crash.point("preview.kept")

    def settle(session: Session) -> None:
        photos.copied(session, photo_id, photos.PREVIEW, copy)
        errands.done(session, context.errand_id)

    await context.pen(settle)
