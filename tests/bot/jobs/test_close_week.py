"""The weekly close: an errand for each scope and week, once, whatever restarts and jumps."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.jobs import close_week
from reports import figures
from reports.week import Closed, parse
from storage import county, groups, summaries
from storage.chats import Chat
from storage.tallies import Window
from tests import weeks
from tests.bot.jobs_world import Place, place
from tests.weeks import CLOSE, COUNTY

MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)


def asked(here: Place, session: Session) -> list[tuple[str, str]]:
    return [(body["scope"], body["week"]) for body in here.sent_on(session)]


def make(session: Session, body: dict[str, str]) -> None:
    """What the errand does first: keep the figures."""
    scope = summaries.scope_of(session, body["scope"])
    assert scope is not None
    start, end = (datetime.fromisoformat(body[edge]) for edge in ("start", "end"))
    figures.make(session, scope, Closed(parse(body["week"]), Window(start, end)), end)


def test_at_the_close_and_not_before(here: Place, session: Session) -> None:
    for body in _made(here, session, CLOSE - MINUTE):
        make(session, body)
    before = asked(here, session)
    assert close_week.step(session, CLOSE - timedelta(microseconds=1)) == {}
    assert close_week.step(session, CLOSE) == {"weeks": 2}
    assert asked(here, session)[len(before) :] == [(COUNTY, "2026-W47"), ("team:1", "2026-W47")]


def _made(here: Place, session: Session, now: datetime) -> list[dict[str, str]]:
    close_week.step(session, now)
    return here.sent_on(session)


def test_asked_for_once_while_it_is_being_made_and_after(here: Place, session: Session) -> None:
    close_week.step(session, CLOSE)
    assert close_week.step(session, CLOSE + MINUTE) == {}
    for body in here.sent_on(session):
        make(session, body)
    assert close_week.step(session, CLOSE + 2 * MINUTE) == {}
    assert close_week.step(session, CLOSE + WEEK - MINUTE) == {}


def test_three_weeks_of_silence_are_made_up_for(here: Place, session: Session) -> None:
    for body in _made(here, session, CLOSE):
        make(session, body)
    assert close_week.step(session, CLOSE + 3 * WEEK) == {"weeks": 6}
    found = [body for body in here.sent_on(session) if body["scope"] == COUNTY]
    assert [body["week"] for body in found] == ["2026-W47", "2026-W48", "2026-W49", "2026-W50"]
    assert [body["start"] for body in found[1:]] == [body["end"] for body in found[:-1]]


def test_a_group_bound_after_the_close_waits_for_the_next(here: Place, session: Session) -> None:
    chat = session.get_one(Chat, here.group)
    groups.unbind(session, chat, None, CLOSE + MINUTE)
    groups.bind(session, chat, COUNTY, None, CLOSE + 2 * MINUTE)
    close_week.step(session, CLOSE + 3 * MINUTE)
    assert asked(here, session) == [("team:1", "2026-W47")]
    close_week.step(session, CLOSE + WEEK)
    assert (COUNTY, "2026-W48") in asked(here, session)


def test_a_town_and_the_county_each_have_their_own(here: Place, session: Session) -> None:
    weeks.add_group(session, "120114001", topic=7)
    close_week.step(session, CLOSE)
    assert set(asked(here, session)) == {
        (COUNTY, "2026-W47"),
        ("120114001", "2026-W47"),
        ("team:1", "2026-W47"),
    }


def test_a_town_may_close_on_another_day(here: Place, session: Session) -> None:
    weeks.add_group(session, "120114001", topic=7)
    county.change(session, "120114001", {"summary_weekday": 3, "summary_time": "12:00"}, [], [], CLOSE)
    thursday = CLOSE - timedelta(days=1)
    close_week.step(session, thursday)
    assert ("120114001", "2026-W47") in asked(here, session)
    assert (COUNTY, "2026-W47") not in asked(here, session)


def test_many_teams_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(close_week, "TEAMS_AT_ONCE", 15)
    made = place(tmp_path, towns=1, villages=20)
    with made.writing() as session:
        assert close_week.step(session, CLOSE) == {"weeks": 1 + 15}
        assert close_week.step(session, CLOSE) == {"weeks": 20 - 15}
        assert close_week.step(session, CLOSE) == {}
    made.store.close()
