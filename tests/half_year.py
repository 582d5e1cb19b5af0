"""A county's half-year of weeks, made by a seed: the second part of `make simulate SEED=7`, one line a check.

Teams report by chance, now and then late; reports are withdrawn before and after the close. The jobs of the clock run
at every tick, some ticks twice as if two clocks ran, and not at all while the program is down over some closes. At each
close the figures that were kept are compared with tests/plain_week.py over the export of that moment, which imports
nothing of the program.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from sqlmodel import Session, SQLModel, col, select

from bot.errands import weekly
from bot.jobs import close_week, digest, draft_week, remind
from bot.workers import ErrandContext
from storage import errands
from storage.chats import Chat
from storage.db import Store
from storage.letters import Lane, Letter
from storage.report import Report, ReportState
from storage.sealing import Keyring
from storage.summaries import WeeklySummary
from storage.tallies import Window
from tests import databases, plain_week, weeks
from tests.county_checks import Check
from tests.exported import exported

START, END = datetime(2026, 1, 2, 8, tzinfo=UTC), datetime(2026, 7, 3, 8, tzinfo=UTC)
"""From one close to another, 26 weeks."""
WEEK, AHEAD = timedelta(weeks=1), timedelta(hours=8)
TICKS = (1.0, 2.1, 4.0, 6.1, 8.01, 10.1)
"""Hours UTC: 09:00, 10:06, 12:00, 14:06, 16:00:36 and 18:06 of the county."""


@dataclass
class HalfYear:
    """`reports` a week; `down` of the closes happen while the program does not run."""

    folder: Path
    seed: int
    towns: int = 5
    villages: int = 6
    reports: int = 200
    down: float = 0.12
    weeks: int = 26
    wrong: list[str] = field(default_factory=list)
    compared: int = 0
    now: datetime = START

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.store = Store(databases.url(self.folder / "half.db"), Keyring.new())
        SQLModel.metadata.create_all(self.store.write)

    def run(self) -> None:
        with self.store.writing() as session:
            self.county = weeks.settle(session, self.towns, self.villages, households=10)
            weeks.add_group(session, weeks.COUNTY)
            for place, town in enumerate(self.county.towns):
                weeks.add_group(session, town, telegram=-2000 - place)
            everybody = [*self.county.leaders.values(), *self.county.members.values()]
            for place, person in enumerate(everybody):
                weeks.add_chat(session, person, 5000 + place)
            for chat in session.exec(select(Chat)):
                chat.bound_at = START - timedelta(days=1) if chat.region is not None else None
        for number in range(self.weeks):
            self._week(Window(START + number * WEEK, START + (number + 1) * WEEK))

    def _week(self, window: Window) -> None:
        with self.store.writing() as session:
            weeks.fill(session, self.county, window, self.chance.randrange(10**9), self.reports)
        down = self.chance.random() < self.down
        day = window.start.replace(hour=0, minute=0)
        while day < window.end + timedelta(days=1):
            for hours in TICKS:
                now = day + timedelta(hours=hours)
                # Down from Friday noon until the next morning: the close is made up for.
                if window.start < now <= window.end + timedelta(hours=17) and not (
                    down and now > window.end - timedelta(hours=4)
                ):
                    self._tick(now)
            day += timedelta(days=1)
        for minute in range(3):  # teams are summed up some at a time
            self._tick(window.end + timedelta(hours=17, minutes=minute))
        self.compare(window)
        self._withdraw(window)

    def _tick(self, now: datetime) -> None:
        self.now = now
        for _clock in range(1 + (self.chance.random() < 0.2)):
            with self.store.writing() as session:
                for job in (close_week, draft_week, remind, digest):
                    job.step(session, now)
        with self.store.writing() as session:
            for one in errands.due(session, 0, now, 10_000):
                asyncio.run(weekly.run(self._context(session, one.id or 0), errands.body_of(session, one)))

    def _context(self, session: Session, number: int) -> ErrandContext:
        """What an errand uses; charts are not drawn here."""

        async def pen(job: Any) -> Any:
            return job(session)

        async def draw(*_wanted: Any) -> bytes:
            return b"a chart"

        class Kept:
            def keep(self, _data: bytes) -> str:
                return "0" * 64

        return ErrandContext(
            number,
            0,
            0,
            cast(Any, pen),
            cast(Any, None),
            cast(Any, Kept()),
            cast(Any, draw),
            lambda: self.now,
        )

    def compare(self, window: Window) -> None:
        """The kept figures of every scope beside the count of what was exported at the close."""
        week = (window.end + AHEAD).date().isocalendar()
        with self.store.reading() as session:
            records = exported(session, window.end)
            kept = session.exec(
                select(WeeklySummary).where(WeeklySummary.week == f"{week[0]}-W{week[1]:02}")
            ).all()
        for one in kept:
            mine = [record for record in records if self._of(one.scope, record)]
            plain = plain_week.count(mine, window.start, window.end, (window.start + AHEAD).date())
            self.compared += 1
            if json.loads(json.dumps(one.figures))["total"] != plain:
                self.wrong.append(f"{one.scope} {one.week}")

    def _of(self, scope: str, record: dict[str, Any]) -> bool:
        if not scope.startswith("team:"):
            return str(record["village"]).startswith(scope)
        return bool(record["village"] == self.county.teams[int(scope.removeprefix("team:"))])

    def _withdraw(self, window: Window) -> None:
        """After the close some of its reports are taken back."""
        with self.store.writing() as session:
            sent = select(Report).where(window.holds(Report.sent_at), col(Report.kind) == "visit")
            for report in session.exec(sent):
                if self.chance.random() < 0.02:
                    report.state = ReportState.WITHDRAWN

    def checks(self) -> list[Check]:
        scopes = 1 + len(self.county.towns) + len(self.county.teams)
        # The week that closed when the half-year began is told, too.
        expected = scopes * (self.weeks + 1)
        with self.store.reading() as session:
            kept = Counter(session.exec(select(WeeklySummary.scope, WeeklySummary.week)))
            told = Counter(self._told(session))
        return [
            _check("summaries", len(kept), expected),
            _check("summaries_made_twice", sum(count > 1 for count in kept.values()), 0),
            _check("summaries_not_told", expected - len(told), 0),
            _check("summaries_told_twice", sum(count > 1 for count in told.values()), 0),
            _check("figures_that_differ", len(self.wrong), 0),
            _check("figures_compared", self.compared, scopes * self.weeks),
            _check(
                "reminders_a_person_and_week_most", max(self.reminders().values(), default=0), 3, most=True
            ),
        ]

    def _told(self, session: Session) -> list[tuple[int, str]]:
        """(chat, week) of each text of a summary among all letters."""
        rows = session.exec(select(Letter.chat_id, Letter.key).where(col(Letter.key).like("weekly:%:text")))
        return [(chat, str(key).split(":")[1]) for chat, key in rows]

    def reminders(self) -> Counter[tuple[int, str]]:
        """Messages of reminder by (chat, ISO week)."""
        with self.store.reading() as session:
            rows = session.exec(
                select(Letter.chat_id, Letter.created_at).where(Letter.lane == Lane.BULK)
            ).all()
        return Counter((chat, f"{at.isocalendar()[0]}-{at.isocalendar()[1]}") for chat, at in rows)


def _check(name: str, measured: float, goal: float, *, most: bool = False) -> Check:
    return Check(name, measured, goal, most=most, part=5)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seed", type=int, default=7)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = HalfYear(Path(folder), given.seed)
        made.run()
        checks, said = made.checks(), made.reminders()
    people = 2 * len(made.county.teams)
    a_week = sum(said.values()) / people / made.weeks
    told = f"seed {given.seed}: {made.weeks} weeks, {people} people, {a_week:.2f} reminders a person and week"
    sys.stdout.write("\n".join([f"# {told}", *made.wrong[:10], *map(str, checks), ""]))
    return 0 if all(check.ok for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
