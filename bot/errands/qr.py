"""Draw the QR picture of an invitation's link and send it to a chat."""

import asyncio
import io
from typing import Any

import segno
from sqlmodel import Session

from bot.workers import ErrandContext
from storage import errands, letters
from storage.chats import Chat


def picture(link: str) -> bytes:
    """PNG of about 400 pixels, readable from another phone's screen."""
    png = io.BytesIO()
    segno.make(link, error="m").save(png, kind="png", scale=10, border=4)
    return png.getvalue()


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    png = await asyncio.to_thread(picture, body["link"])
    sha = await asyncio.to_thread(context.files.keep, png)

    def send(session: Session) -> None:
        chat = session.get_one(Chat, body["chat_id"])
        payload = {"photo": {"$file": sha, "name": "invitation.png"}, "caption": body["text"]}
        letters.say(session, chat, "sendPhoto", payload, now=context.now(), key=f"qr:{context.errand_id}")
        errands.done(session, context.errand_id)

    await context.pen(send)
