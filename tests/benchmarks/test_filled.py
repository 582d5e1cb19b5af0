"""The full county beside the new one: medians of each, the late answers of the full one above."""

from dataclasses import replace

import pytest

from tests.benchmarks import filled
from tests.benchmarks.measuring import Run

QUICK = Run("Zhucun", 300, 3000, 300, 500, 5, 20, 150, 3, 2)


def test_late_answers_are_compared_by_their_medians(capsys: pytest.CaptureFixture[str]) -> None:
    late = [21.0, 19.0, 400.0]
    found = [(QUICK, replace(QUICK, paced_p99_ms=one)) for one in late]
    (goal,) = filled.compared(found, 1_000_000)
    assert str(goal) == "2.p99_among_1000k_reports_beside_none 1.05 1.1 ok"
    assert "with 1,000,000: p50 5.0 ms, p99 21.0 ms, 3,000 µs" in capsys.readouterr().err


def test_later_than_a_tenth_is_short() -> None:
    (goal,) = filled.compared([(QUICK, replace(QUICK, paced_p99_ms=23))], 1_000_000)
    assert not goal.met
