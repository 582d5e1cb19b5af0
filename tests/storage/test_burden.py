"""Who asks for what: nothing is asked without an asker and a reason, and minutes are reckoned from what was sent."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from reports import burdened
from storage import burden, duties
from storage.clock_rules import DEFAULTS
from storage.duty_rules import DutyRule, put
from storage.kinds import KINDS
from storage.report import ReportState
from tests import weeks
from tests.weeks import CLOSE, COUNTY, W47, County


@pytest.fixture
def county(session: Session) -> County:
    return weeks.settle(session, towns=1, villages=1)


def test_every_question_and_reminder_has_an_asker_and_a_reason() -> None:
    for kind in KINDS.values():
        for name, ask in kind.asks.items():
            asked = burden.asked_for(kind.name, name)
            assert asked.by
            assert asked.why
            assert burden.seconds(ask) > 0
    assert set(burden.FORMS) == set(KINDS)
    assert all(name in KINDS[kind].asks for kind, name in burden.FIELDS)
    assert set(burden.REMINDERS) == {duties.VISIT, duties.CORRECT, "clock"}
    assert not set(DEFAULTS) & {duties.VISIT, duties.CORRECT}, "clocks are told apart from duties"


def test_minutes_of_a_month_by_asker(session: Session, county: County) -> None:
    team = next(iter(county.teams))
    member = county.members[team]
    plain = weeks.add_report(session, county, team, W47.start, answered=True)
    weeks.add_report(session, county, team, W47.start, day=date(2026, 11, 12))
    weeks.add_report(session, county, team, W47.start, answered=True, state=ReportState.WITHDRAWN)
    weeks.add_report(session, county, team, W47.start - timedelta(days=40), answered=True)
    duties.note(session, member, "visit:7:2026-11-20", "half", CLOSE)
    duties.note(session, member, "mend:ZG-1:1", "half", CLOSE)
    session.flush()
    assert plain.id
    found = {(one.asked.by, one.what): one for one in burden.of_month(session, member, date(2026, 11, 20))}
    visit = found["县驻村办", "走访"]
    # Village, household, purposes and words, twice; nobody sent a photo or a place.
    assert (visit.times, visit.seconds) == (2, 2 * (2 * burden.OTHER + burden.CHOICE + burden.TEXT))
    late = found["本程序", "走访"]
    assert (late.times, late.seconds) == (1, burden.OTHER)
    assert found["县驻村办", "提醒"].times == found["乡镇", "提醒"].times == 1
    text = burdened.text("2026-11", list(found.values()), [])
    assert "<b>县驻村办</b>：" in text
    assert "· 走访 2 次，" in text


def test_what_the_county_asks_is_told_with_its_paper(session: Session, county: County) -> None:
    team = next(iter(county.teams))
    rule = DutyRule(
        region=COUNTY,
        since=date(2026, 11, 1),
        visits=2,
        daily=True,
        asked_by="县<驻村办",
        basis="〔2026〕1号",
        at=CLOSE,
    )
    put(session, rule, date(2026, 11, 1))
    wishes = burden.wishes(session, county.members[team], CLOSE)
    text = burdened.text("2026-11", [], wishes)
    assert "县&lt;驻村办 要求1-1村工作队：每周走访 2 次、每个工作日一条记录（〔2026〕1号）" in text
    assert "一共要了您约 0 分钟" in text


def test_a_form_tells_of_each_question() -> None:
    lines = burdened.form(burdened.called()["走访"]).splitlines()
    assert len(lines) == 1 + len(KINDS["visit"].asks)
    assert "· 位置（可不填）：本程序，自愿，不要求定位" in lines
