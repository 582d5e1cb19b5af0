"""A county's year of casework, made by a seed: `make simulate SEED=7`, one line a check.

Teams and managers act through the same functions as in the chat; some are prompt, some late, some never act.
The clock stands still for nobody: sweeps at every hour of the day and night, restarts now and then.
"""

import argparse
import heapq
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from storage import clock_runs, clocks, conditions, county, identity, reporting, stepping, sweeping
from storage.casework import can_take, life_of
from storage.clock_rules import Rules
from storage.clock_runs import ClockRun
from storage.clocks import OVERDUE, Rung
from storage.county import Rhythms
from storage.db import Store
from storage.identity import Actor
from storage.kinds import KINDS, hardship_life, house_life
from storage.kinds.rectification import RETURN, STRIKE_OFF
from storage.people import Role
from storage.report import Report, ReportState
from storage.sealing import Keyring
from tests import databases, weeks
from tests.county_checks import TICKS, Check, sweep_after
from tests.county_lives import Lives
from tests.storage import helping, housing

YEAR = datetime(2026, 1, 5, 1, tzinfo=UTC), datetime(2026, 12, 31, 15, tzinfo=UTC)
PROMPT, LATE, NEVER = "prompt", "late", "never"
FORMS = {**housing.USUAL, **helping.USUAL}
MANNERS = ((PROMPT, 70), (LATE, 22), (NEVER, 8))
NEXT = {
    ReportState.OPEN: ((hardship_life.CONFIRM, 70), (hardship_life.DENY, 20), (hardship_life.NOT_OURS, 10)),
    ReportState.VERIFIED: ((hardship_life.PUBLISH, 85), (hardship_life.VANISH, 15)),
    ReportState.PUBLISHED: ((hardship_life.RECOGNISE, 70), (hardship_life.ORDINARY, 25), (hardship_life.OBJECT, 5)),
    ReportState.SUPPORTED: ((hardship_life.FOLLOW_UP, 60), (hardship_life.PROPOSE, 40)),
    ReportState.ORDINARY: ((hardship_life.FOLLOW_UP, 40), (hardship_life.SOLVE, 60)),
    ReportState.PROPOSED: ((STRIKE_OFF, 80), (RETURN, 20)),
    ReportState.ISSUED: (("complete", 100),),
    ReportState.COMPLETED: (("accept", 75), (RETURN, 25)),
    ReportState.ACCEPTED: ((STRIKE_OFF, 100),),
    ReportState.FOUND: ((house_life.REPORT_UP, 85), (house_life.DENY, 15)),
    ReportState.REPORTED: ((house_life.APPRAISE, 70), (house_life.SAFE, 30)),
    ReportState.DANGEROUS: ((house_life.REHOUSE, 100),),
    ReportState.REHOUSED: ((house_life.REBUILD, 85), (house_life.SLEEPS, 15)),
    ReportState.REBUILT: ((house_life.PASS, 80), (RETURN, 20)),
}  # fmt: skip


@dataclass
class Year:
    """The county, what is to happen, and what the clocks said."""

    folder: Path
    seed: int
    cases: int
    towns: int = 15
    villages: int = 11
    begins: datetime = YEAR[0]
    end: datetime = YEAR[1]
    share: float | None = None
    """Of a whole year's houses and people who leave; by default as of the cases."""
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    asleep: int = 0
    restarts: int = 0
    steps: int = 0
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.keys = Keyring.new()
        self.store = self._open()
        SQLModel.metadata.create_all(self.store.write)
        self.todo: list[tuple[datetime, int, str, int]] = []
        """When, in which order, what, and of which row."""
        self.lives = Lives(self, self.cases / 3000 if self.share is None else self.share)
        self.acts = {"begin": self._begin, "act": self._act} | self.lives.acts
        self.supervisors: dict[str, int] = {}
        self.administrators: list[int] = []

    def _open(self) -> Store:
        return Store(databases.url(self.folder / "year.db"), self.keys)

    def run(self) -> None:
        """The whole year."""
        with self.store.writing() as session:
            self.county = weeks.settle(session, self.towns, self.villages, households=39)
            for place, town in enumerate(self.county.towns):
                self.supervisors[town] = weeks.add_person(
                    session, f"督导{place}", Role.SUPERVISOR, region=town
                )
            for number in range(2):
                admin = weeks.add_person(session, f"管理{number}", Role.ADMIN, region=weeks.COUNTY)
                self.administrators.append(admin)
            self._staff(session)
            self.lives.settle(session)
        self._plan()
        self.lives.plan()
        day = YEAR[0].replace(hour=0)
        while day < self.end:
            with self.store.writing() as session:
                self._day(session, day)
            if self.chance.random() < 0.05:
                self._restart()
            day += timedelta(days=1)

    def _staff(self, session: Session) -> None:
        """A third person for most teams, so that about five hundred are posted."""
        for team in list(self.county.teams)[: max(0, 500 - 2 * len(self.county.teams) - self.towns - 2)]:
            self.lives.third[team] = weeks.add_person(session, f"队员{team}", Role.MEMBER, team=team)

    def _restart(self) -> None:
        self.restarts += 1
        self.store.close()
        self.store = self._open()

    def _plan(self) -> None:
        """The cases begin at office hours of the year's working days."""
        days = max(1, (self.end - YEAR[0]).days - 20)
        for _case in range(self.cases):
            at = YEAR[0] + timedelta(days=self.chance.randrange(days), minutes=self.chance.randrange(1, 540))
            self.lives.push(at, "begin", 0)

    def _day(self, session: Session, day: datetime) -> None:
        for hours in TICKS:
            now = day + timedelta(hours=hours)
            while self._next(session, now):
                pass
            self._sweep(session, now)
            self.lives.speak(session, now)

    def _next(self, session: Session, now: datetime) -> bool:
        """What comes next until now: an alarm rings, or somebody does something. Whether anything did."""
        at = self.todo[0][0] if self.todo else now
        if self.lives.ring(session, min(at, now)):
            return True
        if not self.todo or at > now:
            return False
        at, _number, what, row = heapq.heappop(self.todo)
        self.acts[what](session, row, at)
        self.lives.note(session, at)
        return True

    def _sweep(self, session: Session, now: datetime) -> None:
        while calls := sweeping.sweep(session, now):
            for call in calls:
                self.said[call.duty.key, call.rung.value] += 1
                self.asleep += not clocks.may_speak(county.rhythm(session, call.duty.region), now)

    def _begin(self, session: Session, _number: int, at: datetime) -> None:
        team = self.chance.choice(list(self.county.teams))
        village = self.county.teams[team]
        if self.chance.random() < 0.2:
            due = (at + timedelta(days=self.chance.randrange(5, 40))).date().isoformat()
            answers: dict[str, Any] = {"team": team, "village": village, "findings": "问题", "due": due}
            kind, author = "rectification", self._manager(session, village, at)
        else:
            household = self.chance.choice(self.county.households[village])
            answers = {
                "village": village, "household": household, "category": "allowance", "causes": ["illness"],
                "guarantees": [], "urgency": "normal", "findings": "困难",
            }  # fmt: skip
            kind, author = "hardship", self.actor(session, self.county.members[team], at)
        self.plan_next(session, reporting.send(session, KINDS[kind], answers, author, at), at)

    def _manager(self, session: Session, village: str, at: datetime) -> Actor:
        from storage.casework import managers

        return self.actor(session, managers(session, village, at)[0].person_id, at)

    def actor(self, session: Session, person: int, at: datetime) -> Actor:
        found = identity.actor(session, person, at)
        assert found is not None
        return found

    def plan_next(self, session: Session, report: Report, now: datetime) -> None:
        """When somebody will do what the running clock asks for, by their manner."""
        run = clock_runs.running(session, report)
        if run is None or run.due_at is None:
            return
        manner = self.manner()
        span = max(run.due_at - max(run.since, now), timedelta(hours=2))
        when = {
            PROMPT: max(run.since, now) + span * self.chance.uniform(0.1, 0.9),
            LATE: max(run.due_at, now) + timedelta(days=self.chance.randrange(1, 12)),
        }.get(manner)
        if when is not None:
            self.lives.push(when, "act", report.id or 0)

    def manner(self) -> str:
        return self._one(MANNERS)

    def _one(self, weighed: tuple[tuple[str, int], ...]) -> str:
        return self.chance.choices([one for one, _ in weighed], [weight for _, weight in weighed])[0]

    def _act(self, session: Session, report_id: int, at: datetime) -> None:
        report = session.get_one(Report, report_id)
        step = life_of(report).step(self._one(NEXT[report.state]))
        people = can_take(session, report, step, at)
        if not people or conditions.unmet(session, report, step, at):
            return
        _who, answers = FORMS.get(step.name, ("", {}))
        stepping.take(
            session, report, step.name, self.actor(session, people[0], at), at, version=report.version,
            note="已办", answers=answers,
        )  # fmt: skip
        self.steps += 1
        self.lives.acted(session, report, step.name, people[0], at)
        self.plan_next(session, report, at)

    def checks(self) -> list[Check]:
        """What must be true at the year's end."""
        silent = unsaid = 0
        with self.store.reading() as session:
            rules, rhythms = Rules(session), Rhythms(session)
            rows = session.exec(
                select(ClockRun, Report).join(Report, col(Report.id) == ClockRun.report_id)
            ).all()
            for run, report in rows:
                until = min(run.stopped_at or self.end, self.end - timedelta(days=1))
                missed = self._missed(run, report, rules, rhythms, until)
                silent += missed[0]
                unsaid += missed[1]
            newer = self.lives.checks(session)
        return [
            Check("cases", len({one.id for _run, one in rows if one.kind != "house"}), self.cases),
            Check("rungs_said_twice", sum(times > 1 for times in self.said.values()), 0),
            Check("said_at_night_or_on_a_day_off", self.asleep, 0),
            Check("overdue_without_its_escalation", unsaid, 0),
            Check("clocks_that_never_spoke", silent, 0),
            *newer,
        ]

    def _missed(
        self, run: ClockRun, report: Report, rules: Rules, rhythms: Rhythms, until: datetime
    ) -> tuple[int, int]:
        """Whether a clock was silent although a sweep could speak of a rung before it was over; and how many of
        its overdue rungs were not said."""
        rhythm = rhythms.of(report.village)
        planned = clock_runs.rungs(rules, report, run, rhythm)
        reached = [rung for rung, at in planned if sweep_after(max(at, run.since), rhythm) < until]
        key = f"{run.clock}:{report.number}:{run.id}"
        said = {rung for rung in reached if (key, rung.value) in self.said}
        late = [rung for rung in reached if rung in OVERDUE and rung not in said]
        spoke = any((key, rung.value) in self.said for rung in Rung)
        return int(bool(reached) and not spoke), len(late)


def hundred_thousand(folder: Path, cases: int = 100_000, due: int = 500) -> float:
    """CPU seconds of one sweep over so many open cases."""
    store = Store(databases.url(folder / "many.db"), Keyring.new())
    SQLModel.metadata.create_all(store.write)
    now = datetime(2026, 11, 20, 4, tzinfo=UTC)
    with store.writing() as session:
        here = weeks.settle(session, 15, 11, households=1)
        team, village = next(iter(here.teams.items()))
        rows = [
            {"uid": f"{n:032}", "kind": "hardship", "number": f"KN-{n:08}", "author_id": here.members[team],
             "team_id": team, "village": village, "state": ReportState.OPEN, "sent_at": now, "returned": False,
             "revision": 1, "version": 1}
            for n in range(cases)
        ]  # fmt: skip
        session.connection().execute(insert(SQLModel.metadata.tables["report"]), rows)
        ids = session.exec(select(Report.id).order_by(col(Report.id))).all()
        later = now + timedelta(days=30)
        runs = [
            {"report_id": number, "clock": "verify", "since": now - timedelta(days=10), "due_at": later,
             "remind_at": now if place < due else later}
            for place, number in enumerate(ids)
        ]  # fmt: skip
        session.connection().execute(insert(SQLModel.metadata.tables["clockrun"]), runs)
    with store.writing() as session:
        began = time.process_time()
        calls = sweeping.sweep(session, now)
        spent = time.process_time() - began
    store.close()
    assert len(calls) == due
    return spent


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--cases", type=int, default=3000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        year = Year(Path(folder), given.seed, given.cases)
        year.run()
        checks = year.checks()
        checks.append(Check("year_cpu_seconds", round(time.process_time() - began), 1200, most=True))
        checks.append(
            Check("sweep_100000_cpu_seconds", round(hundred_thousand(Path(folder)), 2), 2, most=True)
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    checks.append(Check("memory_mb", memory, 1024, most=True))
    told = f"seed {given.seed}: {year.steps} steps, {sum(year.said.values())} calls, {year.restarts} restarts"
    with year.store.reading() as session:
        told += f", {year.lives.counts(session)}"
    sys.stdout.write("\n".join([f"# {told}", *map(str, checks), ""]))
    return 0 if all(check.ok for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
