"""Write a week as a workbook or as an official brief and send it to whoever asked.

Body: {"what": "x" (workbook) or "b" (brief), "scope", "week", "chat", "language"}; whoever asked was checked and the
asking journaled. A week that was told is written from its kept figures.
"""

import asyncio
import io
from typing import Any

from sqlmodel import Session

from bot.errands.alone import alone
from bot.workers import ErrandContext
from reports import figures, summary, week
from reports.figures import Figures
from storage import bots, errands, summaries, week_drafts, week_files
from storage.summaries import Scope
from storage.texts import speaking


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    if body["what"] == summary.LEDGER:
        made, paper = await asyncio.to_thread(_ledger, context, body)
        ending = "xlsx"
    else:
        made, lead = await asyncio.to_thread(_figures, context, body)
        paper = await alone(context.process, draw, (made.as_json(), lead))
        ending = "docx"
    sha = await asyncio.to_thread(context.files.keep, paper)

    def settle(session: Session) -> None:
        with speaking(body["language"]):
            name = summary.title(made)
        week_files.send(session, body["chat"], sha, f"{name}.{ending}", context.errand_id, context.now())
        errands.done(session, context.errand_id)

    await context.pen(settle)


def _figures(context: ErrandContext, body: dict[str, Any]) -> tuple[Figures, str]:
    """With what a supervisor says first."""
    with context.pen.store.reading() as session:
        scope = _scope(session, body)
        made = figures.of_week(session, scope, week.parse(body["week"]), context.now())
        return made, week_drafts.lead_of(session, scope, made.week)


def _scope(session: Session, body: dict[str, Any]) -> Scope:
    scope = summaries.scope_of(session, body["scope"])
    if scope is None:
        raise LookupError(body["scope"])
    return scope


def _ledger(context: ErrandContext, body: dict[str, Any]) -> tuple[Figures, bytes]:
    # Here, because workbooks are loaded by whoever writes one.
    from reports import week_ledger

    out = io.BytesIO()
    with context.pen.store.reading() as session, speaking(body["language"]):
        scope = _scope(session, body)
        made = figures.of_week(session, scope, week.parse(body["week"]), context.now())
        week_ledger.write(session, scope, made, out, bots.console(session, context.bot))
    return made, out.getvalue()


def draw(wish: tuple[dict[str, object], str]) -> bytes:
    """For the spawned process: the library of documents is loaded there only."""
    from reports import week_sheet

    return week_sheet.draw(wish)
