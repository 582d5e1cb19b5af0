"""Whom to visit: by the county's cadence of each category; a visit counts by itself."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import clock_rules, contact_due, letters
from storage.clock_rules import Set
from storage.clocks import Unit
from storage.contact_due import OTHER, OUT, WATCHED, Round
from storage.households import Household
from storage.kinds import hardship_life as life
from storage.letters import Letter
from tests.storage.asking import NOW, PLACES
from tests.storage.helping import recognised, step
from tests.storage.reporting_world import Desk
from tests.storage.test_contact_cards import offer, paired

MONDAY = datetime.fromisoformat("2026-11-23T10:00+08:00")


def rounds(desk: Desk, name: str = "王爱民") -> list[Round]:
    return contact_due.rounds(desk.session, desk.county.people[name])


def only(desk: Desk) -> Round:
    (found,) = rounds(desk)
    return found


def category(desk: Desk, words: str | None, home: int = 0) -> str:
    row = desk.session.get_one(Household, desk.households[home])
    row.category = words
    desk.session.flush()
    return contact_due.cadence(desk.session, row)


@pytest.mark.parametrize(
    ("words", "cadence"),
    [
        ("边缘易致贫户", WATCHED), ("监测对象", WATCHED), ("脱贫户", OUT), ("脱贫不稳定监测户", WATCHED),
        ("一般户", OTHER), (None, OTHER),
    ],
)  # fmt: skip
def test_each_category_has_its_cadence(desk: Desk, words: str | None, cadence: str) -> None:
    assert category(desk, words) == cadence


def test_a_recognised_household_is_seen_most_often(desk: Desk) -> None:
    recognised(desk)
    assert category(desk, None) == WATCHED


def test_the_first_visit_is_reckoned_from_the_day_it_was_accepted(desk: Desk) -> None:
    category(desk, "脱贫户")
    offer(desk, home=1)  # what is only offered is nobody's round
    paired(desk)
    found = only(desk)
    assert (found.cadence, found.last, found.due) == (OUT, None, date(2026, 12, 21))


def test_a_visit_counts_by_itself(desk: Desk) -> None:
    category(desk, "监测户")
    paired(desk)
    assert only(desk).due == date(2026, 12, 7)
    desk.later(days=5)
    desk.send(desk.visit())
    assert (only(desk).last, only(desk).due) == (date(2026, 11, 25), date(2026, 12, 10))


def test_the_day_of_the_visit_counts_not_that_of_sending_and_companions_were_there(desk: Desk) -> None:
    category(desk, "监测户")
    paired(desk)
    desk.later(days=10)
    mine = desk.county.people["王爱民"]
    desk.send(desk.visit("李明", companions=[mine], day="2026-11-28"), "李明")
    assert only(desk).last == date(2026, 11, 28)


def test_a_visit_by_somebody_else_or_one_withdrawn_does_not(desk: Desk) -> None:
    paired(desk)
    desk.later(days=3)
    desk.send(desk.visit("李明"), "李明")
    assert only(desk).last is None


def test_a_follow_up_of_a_case_counts_too(desk: Desk) -> None:
    report = recognised(desk)
    paired(desk)
    desk.later(days=2)
    step(desk, report, life.FOLLOW_UP)
    assert only(desk).last == date(2026, 11, 28)


@pytest.mark.fault("a county changes a cadence while rounds run")
def test_a_round_keeps_the_length_under_which_it_began(desk: Desk) -> None:
    category(desk, "监测户")
    paired(desk)
    today = NOW.date()
    later = today + timedelta(days=1)
    clock_rules.put(desk.session, PLACES[0][:6], Set(WATCHED, 7, Unit.DAY), later, today, desk.at)
    assert only(desk).due == date(2026, 12, 7)
    desk.later(days=3)
    desk.send(desk.visit())
    assert only(desk).due == date(2026, 11, 30)


def test_the_most_urgent_come_first(desk: Desk) -> None:
    for home, words in enumerate(("一般户", "监测户", "脱贫户")):
        category(desk, words, home)
        paired(desk, home=home)
    assert [one.cadence for one in rounds(desk)] == [WATCHED, OUT, OTHER]
    first = rounds(desk)[0]
    assert (first.late(date(2026, 12, 7)), first.late(date(2026, 12, 8))) == (False, True)
    assert [first.this_week(date(2026, 12, day)) for day in (5, 7)] == [False, True]


def test_once_a_week_each_hears_how_many_and_those_with_nothing_due_do_not(desk: Desk) -> None:
    for home in (0, 1):
        category(desk, "监测户", home)
        paired(desk, home=home)
    paired(desk, "李明", home=2)
    assert contact_due.tell(desk.session, MONDAY) == 0, "nothing is due in this week"
    later = MONDAY + timedelta(days=14)
    assert contact_due.tell(desk.session, later - timedelta(hours=3)) == 0, "not at seven in the morning"
    assert contact_due.tell(desk.session, later) == 1
    assert contact_due.tell(desk.session, later + timedelta(days=1)) == 0
    after = MONDAY + timedelta(days=21)
    assert contact_due.tell(desk.session, after) == 1
    assert contact_due.tell(desk.session, after + timedelta(seconds=20)) == 0


def test_what_is_said_holds_no_name(desk: Desk) -> None:
    category(desk, "监测户")
    paired(desk)
    contact_due.tell(desk.session, MONDAY + timedelta(days=21))
    last = desk.session.exec(select(Letter).order_by(col(Letter.id).desc())).first()
    assert last is not None
    told = letters.payload_of(desk.session, last)
    assert told["text"] == "本周该走访的联系户：1 户，其中 1 户已过期"
    assert told["reply_markup"]["inline_keyboard"] == [[{"text": "看名单", "callback_data": "c:list:0"}]]
