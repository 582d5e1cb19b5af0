"""The digest: once a day and group, only if there is something to say."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.jobs import digest
from reports import digest as views
from storage import cards, county
from storage.cards import Card
from storage.report import ReportState
from storage.tallies import Window
from tests import weeks
from tests.bot.jobs_world import Place, place
from tests.weeks import COUNTY

EVENING = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""18:00 in the county."""
DAY = Window(EVENING - timedelta(days=1), EVENING)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path, towns=2, villages=2)
    yield made
    made.store.close()


def shown(session: Session) -> list[dict[str, object]]:
    """What the cards of the group show."""
    found = (session.get(Card, number) for number in range(1, 20))
    return [wanted for card in found if card and (wanted := cards.wanted_of(session, card))]


def test_silence_when_nothing_happened(here: Place, session: Session) -> None:
    assert digest.step(session, EVENING) == {}
    assert shown(session) == []


def test_counts_are_the_clerks(here: Place, session: Session) -> None:
    weeks.fill(session, here.county, DAY, seed=5, records=60)
    assert digest.step(session, EVENING) == {"digests": 1}
    by_hand = weeks.plain(here.county, DAY)
    (message,) = shown(session)
    text = str(message["text"])
    assert f"走访 {by_hand.visits} 次，{by_hand.households} 户" in text
    assert f"新增困难 {by_hand.cases} 件，其中紧急 {by_hand.urgent} 件" in text
    assert text.startswith("<b>武清区 11月18日 简报</b>")


def test_once_a_day_whatever_restarts(here: Place, session: Session) -> None:
    weeks.add_report(session, here.county, 1, DAY.start)
    assert digest.step(session, EVENING - timedelta(seconds=1)) == {}
    assert digest.step(session, EVENING) == {"digests": 1}
    assert digest.step(session, EVENING + timedelta(minutes=1)) == {}
    assert digest.step(session, EVENING + timedelta(minutes=119)) == {}


def test_a_digest_missed_by_two_hours_is_dropped(here: Place, session: Session) -> None:
    weeks.add_report(session, here.county, 1, DAY.start)
    assert digest.step(session, EVENING + timedelta(hours=2)) == {}


def test_what_comes_after_it_belongs_to_the_next_day(here: Place, session: Session) -> None:
    weeks.add_report(session, here.county, 1, EVENING)
    assert digest.step(session, EVENING) == {}
    assert digest.step(session, EVENING + timedelta(days=1)) == {"digests": 1}


def test_old_overdue_ones_alone_are_no_news_but_a_new_one_is(here: Place, session: Session) -> None:
    due = EVENING - timedelta(hours=3)
    weeks.add_report(session, here.county, 1, DAY.start - timedelta(days=3), kind="rectification", due_at=due)
    assert digest.step(session, EVENING) == {"digests": 1}
    assert "整改逾期 1 件，其中今天新逾期 1 件" in str(shown(session)[0]["text"])
    assert digest.step(session, EVENING + timedelta(days=1)) == {}


def test_each_group_hears_of_its_own_region(here: Place, session: Session) -> None:
    town = weeks.add_group(session, "120114002", topic=3)
    weeks.add_report(session, here.county, 1, DAY.start)
    assert digest.step(session, EVENING) == {"digests": 1}, "the first town's team is not of the second town"
    assert town.id not in {letter["chat"] for letter in here.said(session)}


def test_no_sound_on_a_day_off(here: Place, session: Session) -> None:
    saturday = EVENING + timedelta(days=3)
    weeks.add_report(session, here.county, 1, saturday - timedelta(hours=1))
    digest.step(session, saturday)
    assert shown(session)[0]["disable_notification"] is True


def test_a_regions_own_hour(here: Place, session: Session) -> None:
    county.change(session, COUNTY, {"digest_time": "20:30"}, [], [], EVENING)
    weeks.add_report(session, here.county, 1, DAY.start + timedelta(hours=5))
    assert digest.step(session, EVENING) == {}
    assert digest.step(session, EVENING + timedelta(hours=2, minutes=30)) == {"digests": 1}


def test_views_name_places_and_numbers_never_people(here: Place, session: Session) -> None:
    weeks.add_report(session, here.county, 1, DAY.start, kind="hardship", urgency="urgent")
    weeks.add_report(session, here.county, 3, DAY.start, state=ReportState.SENT)
    weeks.add_report(
        session, here.county, 3, DAY.start - timedelta(days=9), kind="rectification", due_at=DAY.start
    )
    found = views.of_day(session, COUNTY, date(2026, 11, 18), EVENING)
    assert "第1镇　困难 1" in views.text(found, views.PARTS)
    assert "HA-0001　1-1村　低保" in views.text(found, views.CASES)
    assert "RE-0003　2-1村　应于 11-17 完成" in views.text(found, views.OVERDUE)
    assert [label for label, _data in views.choices(found)] == ["各镇街", "新增困难", "逾期整改"]
    assert [label for label, _data in views.choices(found, views.CASES)] == ["各镇街", "逾期整改", "回到简报"]
    assert all(len(data.encode()) <= 56 for _label, data in views.choices(found))
    assert views.links(found, views.MAIN, "bot") == []
    assert views.links(found, views.CASES, "bot") == [("HA-0001", "https://t.me/bot?start=o_1")]


def test_a_day_that_runs_says_until_when(here: Place, session: Session) -> None:
    found = views.of_day(session, COUNTY, date(2026, 11, 18), EVENING - timedelta(hours=4))
    assert "（截至 14:00）" in views.text(found)
    assert "还没有新的报告" in views.text(found)


@pytest.mark.parametrize("text", ["2026", "20261399", "abcdefgh", ""])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):
        views.day_from(text)
