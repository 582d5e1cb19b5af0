"""Writing the demo's weeks down, through the very functions that the bot uses, with `now` in the past."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from random import Random

from sqlmodel import Session

from bot.demo import acts
from bot.demo.album import Album
from bot.demo.cast import BOT, COUNTY, CREWS
from bot.demo.county import SEED, Here
from bot.demo.plan import ZONE, Event
from reports import figures, week
from storage import (
    casework,
    chats,
    county,
    drafts,
    errands,
    journal,
    letters,
    photos,
    referrals,
    reporting,
    stepping,
)
from storage.chats import Chat
from storage.db import Store
from storage.draft import Draft
from storage.kinds import KINDS
from storage.kinds.rectification import COMPLETE
from storage.kinds.referring import ANSWERS
from storage.picture import Facts
from storage.summaries import Scope


class Chronicle:
    """Writes events down. `messages` counts backwards, so that no photo of the past takes the number of a
    message that is still to come."""

    def __init__(self, album: Album) -> None:
        self.here, self.album = Here(), album
        self.chance = Random(SEED)  # noqa: S311 - which photos, not a secret
        self.messages = self.written = 0
        self.cases: dict[int, int] = {}

    def write(self, store: Store, events: Iterable[Event], told: bool = False) -> None:
        """Write events in their order, a day in one transaction. Unless they are `told`, nobody hears of
        them: they are history."""
        for _day, of_day in groupby(events, lambda event: event.at.astimezone(ZONE).date()):
            with store.writing() as session:
                for event in of_day:
                    self._happens(session, event)
                    self.written += 1
                if not told:
                    letters.forget_waiting(session)
                    errands.forget_waiting(session)
                    journal.seal(session)

    def _happens(self, session: Session, event: Event) -> None:
        if acts.happens(session, self.here, event):
            return
        if event.what not in KINDS:
            self._step(session, event)
            return
        actor, chat = self.here.actors[event.by], _chat(session, event)
        now = event.at.astimezone(UTC)
        draft = drafts.start(session, chat, actor, event.what, now, answers=self._answers(event))
        question = "before" if event.team else "photos"
        self._photos(session, draft, event, question)
        report = reporting.hand_in(session, draft, actor, now)
        if event.of or event.team:
            self.cases[event.of] = report.id or 0

    def _answers(self, event: Event) -> dict[str, object]:
        found: dict[str, object] = {"village": event.village, **event.answers}
        if event.household is not None:
            found["household"] = self.here.households[event.village][event.household]
        if event.team:
            found["team"] = self.here.teams[event.team]
        return found

    def _photos(self, session: Session, draft: Draft, event: Event, question: str) -> None:
        for facts in self.album.some(event.scenes, event.photos, self.chance):
            self._photo(session, draft, event, question, facts)

    def _photo(self, session: Session, draft: Draft, event: Event, question: str, facts: Facts) -> None:
        self.messages += 1
        chat, now = _chat(session, event), event.at.astimezone(UTC)
        name = f"drawn-{self.messages}"
        photo = photos.add(
            session,
            bot=BOT,
            chat=chat,
            message_id=-self.messages,
            now=now,
            draft=draft,
            question=question,
            file_id=name,
            unique_id=name,
        )
        if photo is not None:
            photos.kept(session, photo.id or 0, facts, now)

    def _step(self, session: Session, event: Event) -> None:
        actor, chat = self.here.actors[event.by], _chat(session, event)
        now = event.at.astimezone(UTC)
        case = self.cases[event.of]
        if event.what in ANSWERS:
            report = referrals.find(session, actor, case, now)
        else:
            report = casework.find(session, actor, case)
        if not casework.life_of(report).step(event.what).needs:
            stepping.take(session, report, event.what, actor, now, version=report.version)
            return
        draft = stepping.begin(session, chat, report, actor, event.what, now)
        filled = drafts.filling(session, draft)
        if "note" in event.answers:
            filled.answers["done" if event.what == COMPLETE else "reason"] = event.answers["note"]
        else:
            filled.answers |= event.answers
        drafts.keep(session, draft, filled, now)
        self._photos(session, draft, event, "after")
        reporting.hand_in(session, draft, actor, now)


def _chat(session: Session, event: Event) -> Chat:
    """The chat that /start will find. Those who report nothing have none yet, and so hear nothing."""
    return chats.chat_of(session, BOT, event.by)


def sum_up(store: Store, until: datetime, here: Here) -> int:
    """Keep the figures of the weeks that closed before `until`, as if the bot had been there. How many."""
    scopes = [Scope(COUNTY), *map(Scope, dict.fromkeys(crew.town for crew in CREWS))]
    scopes += [Scope(crew.town, here.teams[crew.name]) for crew in CREWS]
    count = 0
    with store.writing() as session:
        rhythm = county.rhythm(session, COUNTY)
        last = week.last_closed(until, rhythm)
        for back in range(4, -1, -1):
            closing = last.plus(-back)
            for scope in scopes:
                closed = figures.closed_week(session, scope, closing)
                figures.make(session, scope, closed, closed.window.end)
                count += 1
        journal.seal(session)
    return count
