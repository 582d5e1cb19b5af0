"""The full county beside the new one: medians of the stretches, and both bots really asked, turn about."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.benchmarks import filled
from tests.benchmarks.filled import Stretch
from tests.benchmarks.installation import furnish

QUICK = Stretch(5, 20, 3000)


def test_late_answers_are_compared_by_their_medians(capsys: pytest.CaptureFixture[str]) -> None:
    late = [21.0, 19.0, 400.0]
    found = [(QUICK, replace(QUICK, p99=one)) for one in late]
    (goal,) = filled.compared(found, 1_000_000)
    assert str(goal) == "2.p99_among_1000k_reports_beside_none 1.05 1.1 ok"
    assert "with 1,000,000: p50 5.0 ms, p99 21.0 ms, 3,000 µs" in capsys.readouterr().err


def test_later_than_a_tenth_is_short() -> None:
    (goal,) = filled.compared([(QUICK, replace(QUICK, p99=23))], 1_000_000)
    assert not goal.met


def test_a_folder_is_filled_once(tmp_path: Path) -> None:
    new, full = filled.prepared(tmp_path, 300)
    before = (full / "zhucun.db").stat().st_mtime_ns, (new / "zhucun.db").stat().st_mtime_ns
    assert filled.prepared(tmp_path, 300) == (new, full)
    assert ((full / "zhucun.db").stat().st_mtime_ns, (new / "zhucun.db").stat().st_mtime_ns) == before


async def test_both_are_asked_turn_about(tmp_path: Path) -> None:
    """Two counties without a report: as many updates of each, and processor time of each."""
    furnish(tmp_path / "new", datetime.now(UTC))
    found = await filled.measured(tmp_path / "new", tmp_path / "new", rounds=2, seconds=0.2)
    assert len(found) == 2
    for one in (stretch for pair in found for stretch in pair):
        assert 0 < one.p50 <= one.p99
        assert one.cpu >= 0
