"""The simulated county-year in small: the same checks, and that they can fail."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import contact_due, handovers, referral_clocks, ringing, sweeping
from tests.county_checks import Check
from tests.county_year import Year


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    made = Year(
        tmp_path_factory.mktemp("year"), seed=3, cases=36, towns=2, villages=2, share=0.04,
        end=datetime(2026, 4, 3, tzinfo=UTC),
    )  # fmt: skip
    made.run()
    return made


def test_every_check_holds_over_spring_festival_and_restarts(year: Year) -> None:
    assert [str(check) for check in year.checks()] == [
        "3.cases 36 36 ok",
        "3.rungs_said_twice 0 0 ok",
        "3.said_at_night_or_on_a_day_off 0 0 ok",
        "3.overdue_without_its_escalation 0 0 ok",
        "3.clocks_that_never_spoke 0 0 ok",
        "3.alarms_silent 0 0 ok",
        "3.alarms_not_heard_by_all_at_once 0 0 ok",
        "3.referral_rungs_said_twice 0 0 ok",
        "3.referrals_said_at_night_or_on_a_day_off 0 0 ok",
        "3.referrals_overdue_without_escalation 0 0 ok",
        "3.referrals_without_their_one_reply 0 0 ok",
        "3.weeks_of_contact_cards_told_wrong 0 0 ok",
        "3.handovers_moved_before_they_were_accepted 0 0 ok",
        "3.handovers_left_to_nobody 0 0 ok",
    ]
    assert year.steps > 40
    assert year.restarts
    assert {rung for _key, rung in year.said} >= {"start", "half", "before", "leader", "supervisor", "office"}


def test_there_was_something_to_judge(year: Year) -> None:
    with year.store.reading() as session:
        told = [int(number) for number in re.findall(r"\d+", year.lives.counts(session))]
    houses, alarms, rings, referrals, cards, left, packs = told
    assert houses == 4
    assert min(alarms, referrals, cards, left, packs) >= 1
    assert rings > 20
    assert any(year.lives.due.values())
    assert {rung for _key, rung in year.lives.said} >= {"start", "before", "supervisor"}


def test_silence_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks would be worth nothing if they passed while nothing was said."""
    for module, name in ((sweeping, "sweep"), (referral_clocks, "sweep")):
        monkeypatch.setattr(module, name, lambda _session, _now: [])
    for module, name in ((ringing, "sweep"), (contact_due, "tell"), (handovers, "sweep")):
        monkeypatch.setattr(module, name, lambda _session, _now: 0)
    made = Year(
        tmp_path, seed=5, cases=14, towns=1, villages=2, share=0.1, end=datetime(2026, 3, 12, tzinfo=UTC)
    )
    made.run()
    assert {check.name for check in made.checks() if not check.ok} == {
        "clocks_that_never_spoke", "overdue_without_its_escalation", "alarms_silent",
        "referrals_overdue_without_escalation", "weeks_of_contact_cards_told_wrong", "handovers_left_to_nobody",
    }  # fmt: skip


def test_a_line_says_what_was_measured_and_wanted() -> None:
    assert str(Check("cases", 3, 3)) == "3.cases 3 3 ok"
    assert str(Check("cases", 2, 3)) == "3.cases 2 3 short"
    assert str(Check("seconds", 1.5, 2, most=True)) == "3.seconds 1.5 2 ok"
    assert str(Check("seconds", 2.5, 2, most=True)) == "3.seconds 2.5 2 short"
