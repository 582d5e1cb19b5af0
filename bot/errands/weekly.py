"""The weekly summary: figures kept, a region's chart drawn in a process of its own, letters in one transaction. A team
is told in words, and has its chart when it asks.

Body: {"scope", "week", "start", "end"} of a close; {"scope", "week", "chat", "language"} when somebody asks
for the chart alone.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import crash
from bot.workers import ErrandContext
from reports import figures, summary, week
from reports.figures import Figures, Parts
from reports.week import Closed
from storage import audience, county, errands, letters, summaries, week_drafts
from storage.audience import Reader
from storage.calendar import in_quiet_hours
from storage.letters import Lane
from storage.summaries import Scope
from storage.tallies import Window
from storage.texts import _, speaking


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    made, readers, lead = await context.pen(lambda session: _prepare(session, body, context.now()))
    crash.point("weekly.counted")
    asked = "chat" in body
    drawn = asked or made.parts is not Parts.VILLAGES
    charts = {}
    for language in sorted({reader.language for reader in readers if drawn}):
        png = await context.process(draw, made.as_json(), language)
        charts[language] = await asyncio.to_thread(context.files.keep, png)
    crash.point("weekly.drawn")

    def finish(session: Session) -> None:
        for reader in readers:
            told = Told(made, charts.get(reader.language), lead)
            _say(session, reader, told, context.now(), asked=asked)
        errands.done(session, context.errand_id)

    await context.pen(finish)
    crash.point("weekly.written")


def draw(data: dict[str, Any], language: str) -> bytes:
    """For the spawned process: matplotlib is imported there only."""
    from reports import chart

    return chart.draw(data, language)


def _prepare(session: Session, body: dict[str, Any], now: datetime) -> tuple[Figures, list[Reader], str]:
    """The figures (kept for good when a week was closed), who hears them, and what a supervisor says first."""
    scope = summaries.scope_of(session, body["scope"])
    if scope is None:
        raise LookupError(body["scope"])
    wanted = week.parse(body["week"])
    if "chat" in body:
        asking = audience.asking(session, body["chat"], body["language"])
        return figures.of_week(session, scope, wanted, now), [asking], ""
    window = Window(datetime.fromisoformat(body["start"]), datetime.fromisoformat(body["end"]))
    made = figures.make(session, scope, Closed(wanted, window), now)
    return (
        made,
        _announced(session, scope, Closed(wanted, window), now),
        week_drafts.lead_of(session, scope, made.week),
    )


def _announced(session: Session, scope: Scope, closed: Closed, now: datetime) -> list[Reader]:
    """Nobody, when a later week has closed meanwhile (the missed weeks are there to be asked for) or it is held."""
    if scope.team is None and week_drafts.held(session, scope.region, str(closed.week)):
        return []
    if closed.week < week.last_closed(now, county.rhythm(session, scope.region)):
        return []
    return audience.readers(session, scope, closed.window.end, now)


@dataclass(frozen=True)
class Told:
    """What is told: `sha` is the chart where there is one, `lead` what a supervisor says first."""

    figures: Figures
    sha: str | None
    lead: str


def _say(session: Session, reader: Reader, told: Told, now: datetime, asked: bool) -> None:
    """Picture (where there is one) and text, each once for that week and chat; only the picture to somebody who asked
    for it."""
    made = told.figures
    key = f"weekly:{made.week}:{made.scope}:{reader.chat.id}"
    lane = Lane.TALK if asked else Lane.NOTICE
    with speaking(reader.language):
        picture = _picture(made, told.sha) if told.sha else None
        words: dict[str, Any] = {
            "text": summary.text(made, named=reader.private, lead=told.lead),
            "parse_mode": "HTML",
        }
        if any(keys := summary.buttons(made, reader.private)):
            words["reply_markup"] = {"inline_keyboard": keys}
    if asked and picture:
        letters.say(session, reader.chat, "sendPhoto", picture, now=now, lane=lane)
        return
    quiet = _quiet(session, now)
    for method, name, payload in (("sendPhoto", "photo", picture), ("sendMessage", "text", words)):
        if payload:
            letters.say(
                session, reader.chat, method, payload | quiet, now=now, lane=lane, key=f"{key}:{name}"
            )


def _picture(made: Figures, sha: str) -> dict[str, Any]:
    name = _("周报") + f" {made.week}.png"
    return {"photo": {"$file": sha, "name": name}, "caption": summary.caption(made), "parse_mode": "HTML"}


def _quiet(session: Session, now: datetime) -> dict[str, bool]:
    """At night a summary that was caught up makes no sound."""
    rhythm = county.rhythm(session, "")
    local = now.astimezone(rhythm.zone)
    quiet = in_quiet_hours(local, rhythm.quiet_from, rhythm.quiet_until)
    return {"disable_notification": True} if quiet else {}
