"""Delete the files of an export once they are sent, or after a day: they hold names in the clear.

Body: {"export", "files": hashes, "until"}.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.workers import ErrandContext
from storage import errands, exports


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    until = datetime.fromisoformat(body["until"])

    def look(session: Session) -> list[str] | None:
        if context.now() < until and not exports.sent(session, body["export"], len(body["files"])):
            errands.later(session, context.errand_id, context.now() + exports.LOOK, "sending")
            return None
        return [sha for sha in body["files"] if not exports.elsewhere(session, sha, context.errand_id)]

    gone = await context.pen(look)
    if gone is None:
        return
    for sha in gone:
        with suppress(FileNotFoundError):
            await asyncio.to_thread(context.files.delete, sha)
    await context.pen(lambda session: errands.done(session, context.errand_id))
