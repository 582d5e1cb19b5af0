"""The benchmark of the console's lists, small: pages are made of what is there, first ones and deep ones."""

from tests.benchmarks import console


def test_lists_are_made_and_timed() -> None:
    (goal,) = console.goals(most=400, lists=12)
    assert goal.name == "6.console_list_p95_ms"
    assert 0 < goal.measured < 150_000
