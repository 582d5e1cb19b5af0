"""The simulated half-year in small: the same checks, and that they can fail."""

import pytest
from sqlmodel import select

from storage.summaries import WeeklySummary
from storage.tallies import Window
from tests.half_year import START, WEEK, HalfYear


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> HalfYear:
    made = HalfYear(
        tmp_path_factory.mktemp("half"), seed=3, towns=1, villages=2, reports=15, down=0.5, weeks=2
    )
    made.run()
    return made


def test_every_check_holds_over_two_clocks_and_a_close_that_was_missed(half: HalfYear) -> None:
    found = [str(check) for check in half.checks()]
    assert found[:-1] == [
        "5.summaries 12 12 ok",
        "5.summaries_made_twice 0 0 ok",
        "5.summaries_not_told 0 0 ok",
        "5.summaries_told_twice 0 0 ok",
        "5.figures_that_differ 0 0 ok",
        "5.figures_compared 8 8 ok",
    ]
    assert found[-1].startswith("5.reminders_a_person_and_week_most ")
    assert found[-1].endswith(" ok")


def test_a_figure_that_differs_is_seen(half: HalfYear) -> None:
    """The checks would be worth nothing if they passed whatever was kept."""
    window = Window(START, START + WEEK)
    with half.store.writing() as session:
        kept = session.exec(select(WeeklySummary).where(WeeklySummary.window_end == window.end)).first()
        assert kept is not None
        total = kept.figures["total"]
        kept.figures = kept.figures | {"total": total | {"visits": total["visits"] + 1}}
    half.compare(window)
    assert half.wrong == [f"{kept.scope} {kept.week}"]
