"""The simulated county-year in small: the same checks, and that they can fail."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import sweeping
from tests.county_year import Check, Year


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    made = Year(
        tmp_path_factory.mktemp("year"), seed=3, cases=60, towns=2, villages=2,
        end=datetime(2026, 4, 15, tzinfo=UTC),
    )  # fmt: skip
    made.run()
    return made


def test_every_check_holds_over_spring_festival_and_restarts(year: Year) -> None:
    assert [str(check) for check in year.checks()] == [
        "3.cases 60 60 ok",
        "3.rungs_said_twice 0 0 ok",
        "3.said_at_night_or_on_a_day_off 0 0 ok",
        "3.overdue_without_its_escalation 0 0 ok",
        "3.clocks_that_never_spoke 0 0 ok",
    ]
    assert year.steps > 60
    assert year.restarts
    assert {rung for _key, rung in year.said} >= {"start", "half", "before", "leader", "supervisor", "office"}


def test_a_silent_clock_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks would be worth nothing if they passed while nothing was said."""
    monkeypatch.setattr(sweeping, "sweep", lambda _session, _now: [])
    made = Year(tmp_path, seed=3, cases=8, towns=1, villages=2, end=datetime(2026, 3, 10, tzinfo=UTC))
    made.run()
    found = {check.name: check for check in made.checks()}
    assert not found["clocks_that_never_spoke"].ok
    assert not found["overdue_without_its_escalation"].ok


def test_a_line_says_what_was_measured_and_wanted() -> None:
    assert str(Check("cases", 3, 3)) == "3.cases 3 3 ok"
    assert str(Check("cases", 2, 3)) == "3.cases 2 3 short"
    assert str(Check("seconds", 1.5, 2, most=True)) == "3.seconds 1.5 2 ok"
    assert str(Check("seconds", 2.5, 2, most=True)) == "3.seconds 2.5 2 short"
