"""Absences: what is typed, who is asked, who may decide, and who is away when."""

from datetime import date, timedelta

import pytest

from storage import absences, journal
from storage.absences import Absence, AbsenceKind, AbsenceState, Wish
from storage.refusals import Gone, NotYours, Refusal
from storage.sealing import open_text
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]
TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
LEAVE, TRIP, SILENT = (one.value for one in AbsenceKind)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("明天", Wish(date(2026, 11, 21), date(2026, 11, 21))),
        ("明天 2天 家里有事", Wish(date(2026, 11, 21), date(2026, 11, 22), "家里有事")),
        ("明天，两天，家里 有事", Wish(date(2026, 11, 21), date(2026, 11, 22), "家里 有事")),
        ("11-23到11-25 去县里开会", Wish(MONDAY, date(2026, 11, 25), "去县里开会")),
        ("11月23日 至11月25日 开会", Wish(MONDAY, date(2026, 11, 25), "开会")),
        ("周一 三天", Wish(MONDAY, date(2026, 11, 25))),
        ("12-30到1-2", Wish(date(2026, 12, 30), date(2027, 1, 2))),
        ("11-18", Wish(date(2026, 11, 18), date(2026, 11, 18))),
        ("１１－２３ 看病", Wish(MONDAY, MONDAY, "看病")),
    ],
)
def test_what_is_typed(text: str, wish: Wish) -> None:
    assert absences.wished(text, TODAY) == wish


@pytest.mark.parametrize("text", ["", "家里有事", "🌧", "11-31", "到", "99天"])
def test_what_is_no_day(text: str) -> None:
    assert absences.wished(text, TODAY) is None


def ask(desk: Desk, name: str = "王爱民", kind: str = LEAVE, days: int = 2, first: date = MONDAY) -> Absence:
    wish = Wish(first, first + timedelta(days=days - 1), "做手术，问 13812345678")
    return absences.ask(desk.session, desk.actor(name), kind, wish, desk.at)


def leader(desk: Desk) -> str:
    """The leader of 王爱民's team."""
    people = {number: name for name, number in desk.county.people.items()}
    one = ask(desk, first=date(2026, 12, 20))
    (who,) = absences.approvers(desk.session, one, desk.at)
    return people[who]


def test_the_reason_is_sealed_and_without_numbers(desk: Desk) -> None:
    one = ask(desk)
    assert one.reason is not None
    assert "手术".encode() not in one.reason
    assert absences.reason_of(desk.session, one).startswith("做手术")
    assert "138" not in open_text(desk.session, "absence.reason", one.uid, one.reason)


def test_few_days_the_leader_more_the_supervisor(desk: Desk) -> None:
    people = desk.county.people
    few, many = ask(desk, days=3), ask(desk, days=4, first=date(2026, 12, 1))
    assert absences.approvers(desk.session, few, desk.at) == [people[leader(desk)]]
    assert people["孙丽"] in absences.approvers(desk.session, many, desk.at)


def test_a_leader_asks_the_supervisor_and_never_themselves(desk: Desk) -> None:
    name = leader(desk)
    one = ask(desk, name)
    asked = absences.approvers(desk.session, one, desk.at)
    assert desk.county.people["孙丽"] in asked
    assert one.person_id not in asked
    with pytest.raises(NotYours):
        absences.decide(desk.session, desk.actor(name), one.id or 0, True, desk.at)


def test_approved_they_are_away_on_these_days(desk: Desk) -> None:
    one = ask(desk)
    who = one.person_id
    assert absences.away(desk.session, [who], MONDAY) == {}
    absences.decide(desk.session, desk.actor(leader(desk)), one.id or 0, True, desk.at)
    days = [MONDAY + timedelta(days=day) for day in (-1, 0, 1, 2)]
    found = [absences.away(desk.session, [who], day).get(who) for day in days]
    assert found == [None, AbsenceKind.LEAVE, AbsenceKind.LEAVE, None]
    assert [line["action"] for line in journal.history(desk.session, f"absence:{one.id}")] == [
        "absence.ask",
        "absence.approved",
    ]


@pytest.mark.fault("leave that somebody else has decided, or that was taken back")
def test_decided_once_and_only_by_those_who_may(desk: Desk) -> None:
    one = ask(desk)
    absences.decide(desk.session, desk.actor("孙丽"), one.id or 0, False, desk.at)
    assert one.state == AbsenceState.REFUSED
    with pytest.raises(Gone) as gone:
        absences.decide(desk.session, desk.actor(leader(desk)), one.id or 0, True, desk.at)
    assert "未同意" in gone.value.sentence
    with pytest.raises(Gone):
        absences.decide(desk.session, desk.actor("孙丽"), 999, True, desk.at)


def test_without_a_signal_is_declared_for_a_week_at_most(desk: Desk) -> None:
    assert ask(desk, kind=SILENT, days=7).state == AbsenceState.APPROVED
    with pytest.raises(Refusal) as refused:
        ask(desk, kind=SILENT, days=8, first=date(2026, 12, 1))
    assert "最多 7 天" in refused.value.sentence


def test_the_same_days_twice_and_days_long_ago_are_refused(desk: Desk) -> None:
    ask(desk)
    for first, sentence in (
        (MONDAY + timedelta(days=1), "已经有请假（11-23—11-24）"),
        (TODAY - timedelta(days=8), "不能再补"),
    ):
        with pytest.raises(Refusal) as refused:
            ask(desk, kind=TRIP, first=first)
        assert sentence in refused.value.sentence


def test_taken_back_or_ended_when_it_has_begun(desk: Desk) -> None:
    one = ask(desk)
    absences.withdraw(desk.session, desk.actor(), one.id or 0, desk.at)
    assert one.state == AbsenceState.WITHDRAWN
    begun = ask(desk, days=5, first=TODAY - timedelta(days=2))
    absences.decide(desk.session, desk.actor("孙丽"), begun.id or 0, True, desk.at)
    absences.withdraw(desk.session, desk.actor(), begun.id or 0, desk.at)
    assert (begun.state, begun.last) == (AbsenceState.APPROVED, TODAY - timedelta(days=1))
    with pytest.raises(Gone):
        absences.withdraw(desk.session, desk.actor(), begun.id or 0, desk.at)


def test_nobody_takes_back_what_is_somebody_elses(desk: Desk) -> None:
    one = ask(desk)
    with pytest.raises(NotYours):
        absences.withdraw(desk.session, desk.actor("孙丽"), one.id or 0, desk.at)
    with pytest.raises(NotYours):
        ask(desk, "孙丽")
