"""Draw the QR picture of an invitation's link and send it to a chat."""

import asyncio
import io
from typing import Any

import segno
from sqlmodel import Session

from bot.workers import ErrandContext
from storage import errands, inviting


def picture(link: str) -> bytes:
    """PNG of about 400 pixels, readable from another phone's screen."""
    png = io.BytesIO()
    segno.make(link, error="m").save(png, kind="png", scale=10, border=4)
    return png.getvalue()


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    png = await asyncio.to_thread(picture, body["link"])
    sha = await asyncio.to_thread(context.files.keep, png)

    def send(session: Session) -> None:
        key = f"qr:{context.errand_id}"
        inviting.send_picture(session, body["chat_id"], sha, body["text"], key=key, now=context.now())
        errands.done(session, context.errand_id)

    await context.pen(send)
