"""A week of three towns: its records as they are exported, and its figures as they are told."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from reports import figures, week_ledger
from reports.figures import Figures
from reports.week import Closed, Week
from storage.clock_runs import ClockRun
from storage.contact_cards import ContactCard
from storage.db import Store
from storage.households import Household
from storage.kinds.house import HouseCase
from storage.kinds.house_life import REPORTING
from storage.report import ReportState
from storage.summaries import Scope
from storage.tallies import Window
from tests import plain_week, weeks
from tests.exported import exported
from tests.plain_week import Record
from tests.weeks import CLOSE, COUNTY, W46, W47, County

WEEK = Week(2026, 47)
DAY = timedelta(days=1)
AHEAD = timedelta(hours=8)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, County]]:
    store = weeks.new_store(tmp_path_factory.mktemp("told") / "w.db")
    with store.writing() as session:
        county = weeks.settle(session)
        weeks.fill(
            session, county, Window(W47.start - timedelta(weeks=52), W47.end - timedelta(weeks=52)), seed=5
        )
        weeks.fill(session, county, W46, seed=6)
        figures.make(session, Scope(COUNTY), Closed(WEEK.plus(-1), W46), W46.end)
        team = next(iter(county.teams))
        weeks.add_report(
            session, county, team, W46.start, answered=True
        )  # a later count of last week differs
        weeks.fill(session, county, W47, seed=7)
        _paused(session, county, team)
        _house(session, county, team)
        _cards(session, county)
    yield store, county
    store.close()


def _paused(session: Session, county: County, team: int) -> None:
    """A step that leaves the state as it was, in the week after the one in which the work was done."""
    weeks.add_report(
        session, county, team, W46.start, kind="rectification", answered=True, due_at=W47.end, state="completed",
        steps=[("completed", W46.start + timedelta(days=1)), ("completed", W47.start + timedelta(days=1))],
    )  # fmt: skip


def _house(session: Session, county: County, team: int) -> None:
    """A dangerous house whose report to the town is overdue."""
    at, home = W47.start + timedelta(hours=5), county.households[county.teams[team]][0]
    report = weeks.add_report(
        session, county, team, at, kind="house", state=ReportState.FOUND, household_id=home, due_at=at + DAY
    )
    session.add(
        HouseCase(report_id=report.id, tonight="no", signs=["wall", "roof"], findings="东墙开裂", people=3)
    )
    session.add(ClockRun(report_id=report.id or 0, clock=REPORTING, since=at, due_at=at + DAY))
    session.flush()


def _cards(session: Session, county: County) -> None:
    """Every household has a card, accepted at another moment each, by one or the other of the team's two; some have
    ended, some categories are watched more closely."""
    words = ("监测户", "脱贫户", "突发困难户", None, "边缘户")
    homes = [(team, home) for team, village in county.teams.items() for home in county.households[village]]
    for number, (team, home) in enumerate(homes):
        session.get_one(Household, home).category = words[number % len(words)]
        who = (county.members if number % 5 else county.leaders)[team]
        begun = CLOSE - DAY * (16 + number * 3)
        card = ContactCard(
            household_id=home, person_id=who, offered_by=who, offered_at=begun, accepted_at=begun
        )
        card.ended_at = CLOSE - 2 * DAY if number % 17 == 5 else None
        session.add(card)
    session.flush()


@pytest.fixture(scope="module")
def told(filled: tuple[Store, County]) -> tuple[dict[str, Any], list[Record], Figures]:
    """The figures as a file, the export, and the figures."""
    with filled[0].reading() as session:
        found = figures.count(session, Scope(COUNTY), Closed(WEEK, W47), CLOSE)
        return json.loads(json.dumps(found.as_json())), exported(session, CLOSE), found


def counted(records: list[Record], window: Window) -> dict[str, int]:
    return plain_week.count(records, window.start, window.end, (window.start + AHEAD).date())


def ledger(store: Store, found: Figures) -> dict[str, list[list[Any]]]:
    out = io.BytesIO()
    with store.reading() as session:
        week_ledger.write(session, Scope(COUNTY), found, out)
    book = load_workbook(io.BytesIO(out.getvalue()))
    return {one.title: [list(row) for row in one.iter_rows(min_row=3, values_only=True)] for one in book}
