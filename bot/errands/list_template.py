"""Write an empty list to be filled in and send it to whoever asked. Body: {"chat", "kind", "language"}."""

import asyncio
from typing import Any

from sqlmodel import Session

from bot.workers import ErrandContext
from storage import errands, file_letters
from storage.list_kinds import ListKind, kind_of
from storage.texts import _, speaking


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    kind = kind_of(body["kind"])
    with speaking(body["language"]):
        name = _("{kind}模板").format(kind=_(kind.label))
    sha = await asyncio.to_thread(context.files.keep, _made(kind))
    key = f"list_template:{context.errand_id}"

    def settle(session: Session) -> None:
        file_letters.send(session, body["chat"], sha, f"{name}.xlsx", now=context.now(), key=key)
        errands.done(session, context.errand_id)

    await context.pen(settle)


def _made(kind: ListKind) -> bytes:
    # Here, because workbooks are loaded by whoever writes one.
    from reports import list_templates

    return list_templates.workbook(kind)
