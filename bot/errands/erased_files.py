"""Delete the files of what was erased, but those that something refers to by now. Body: {"files": hashes}."""

import asyncio
from contextlib import suppress
from typing import Any

from bot.workers import ErrandContext
from storage import errands, forgetting


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    with context.pen.store.reading() as session:
        gone = forgetting.unused(session, body["files"])
    for sha in sorted(gone):
        with suppress(FileNotFoundError):
            await asyncio.to_thread(context.files.delete, sha)
    await context.pen(lambda session: errands.done(session, context.errand_id))
