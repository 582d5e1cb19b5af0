"""Every part is a process on PostgreSQL, and they die one by one beside others that go on."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests import databases
from tests.crash import count
from tests.crash.deaths import RANDOM, Death
from tests.crash.lives import PARTS
from tests.crash.modes import Mode
from tests.crash.run import installation, next_moment, whole
from tests.starter import Starter

POINTS = (
    "intake.kept", "desk.handled", "delivery.sent", RANDOM, "pen.committed", "photo.noted", "delivery.claimed",
    "desk.committed", "job.seal_journal.done", RANDOM,
)  # fmt: skip


@pytest.mark.postgresql_only
@pytest.mark.fault("killed part")
def test_the_parts_die_one_by_one_and_nothing_is_lost_or_twice(
    tmp_path: Path, starter: Starter, database: databases.Kind
) -> None:
    assert database == "postgresql"
    with installation(tmp_path / "run", starter, 1, Mode(apart=True)) as run:
        whole(run, [Death(point) for point in POINTS])
    found = count.count(run.folder, run.data)
    assert found.faults == [], "\n".join(count.shown(found))
    everybody = {f"{part} 42" for part in PARTS}
    gone = [one["parts"] for one in count.read(run.folder, "lives")]
    assert any(len(some) == 1 for some in gone), "one alone"
    assert any(set(some) == everybody for some in gone), "all at once"
    assert everybody <= {part for some in gone for part in some}


@pytest.mark.parametrize("why", ["hour", "stuck", "minute", "week", "close", "digest", "morning", "old"])
def test_the_clock_is_moved_on(why: str) -> None:
    dice = random.Random(why)
    start = datetime.fromisoformat("2026-11-17T10:00+08:00")
    for _ in range(50):
        now = start + timedelta(seconds=dice.randrange(10**6))
        to = next_moment(now, why)
        assert now < to <= now + timedelta(days=8)
        if (now.weekday(), now.hour, now.minute) != (4, 15, 59):
            close = next_moment(now, "close")
            assert to < next_moment(close, "close"), (
                "of two weeks that close at once only the latter is announced"
            )
        if why == "stuck":
            assert to.hour != now.hour, "it is told once an hour"
