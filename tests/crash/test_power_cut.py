"""Wherever the power goes: what Telegram or a person had heard of is on the disk, the rest is handled again."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db import Store
from storage.sealing import Keyring
from tests import databases
from tests.crash import power
from tests.crash.power import Recorded
from tests.crash.run import installation
from tests.starter import Starter

RESTARTS = 2
TORN = 12

pytestmark = pytest.mark.skipif(databases.kind() != "sqlite", reason="cuts SQLite's own log")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, starter: Starter) -> Iterator[Recorded]:
    with installation(tmp_path_factory.mktemp("power") / "run", starter, 1) as run:
        yield power.record(run)


def cuts(recorded: Recorded) -> list[int]:
    """How many frames there were whenever something was heard outside: nothing later helps it."""
    return sorted({recorded.whole(one["wal"]) for one in recorded.moments})


@pytest.mark.fault("power cut")
def test_what_was_confirmed_or_told_before_the_cut_is_there(recorded: Recorded, tmp_path: Path) -> None:
    assert recorded.frames > 500
    assert {key for one in recorded.moments for key in one} == {"wal", "confirmed", "told"}
    missing = {one: found for one in cuts(recorded) if (found := recorded.missing(one, tmp_path))}
    assert missing == {}


@pytest.mark.fault("power cut")
def test_a_frame_torn_in_the_middle_costs_nothing_before_it(recorded: Recorded, tmp_path: Path) -> None:
    dice = random.Random(1)
    for one in dice.sample(cuts(recorded)[:-1], TORN):
        following = recorded.log[len(recorded.cut(one)) :][: recorded.frame]
        half = following[: dice.randrange(1, recorded.frame)]
        for torn in (half, half + os.urandom(recorded.frame - len(half)), bytes(recorded.frame)):
            assert recorded.missing(one, tmp_path, torn) == []


def test_a_bot_that_confirmed_too_early_would_be_seen(recorded: Recorded, tmp_path: Path) -> None:
    """The same record, as if each thing had been heard before it was written."""
    early = [one | {"wal": one["wal"] - 40 * recorded.frame} for one in recorded.moments]
    hasty = Recorded(recorded.run, recorded.base, recorded.log, early, recorded.updates, recorded.ledger)
    found = [words for one in cuts(hasty) for words in hasty.missing(one, tmp_path)]
    assert any(words.startswith("update") for words in found)
    assert any(not words.startswith("update") for words in found), "numbers, too"


@pytest.mark.fault("power cut")
def test_after_a_cut_the_rest_is_handled_again(recorded: Recorded) -> None:
    assert len(recorded.ledger) >= 4
    for frames in random.Random(2).sample(cuts(recorded), RESTARTS):
        assert power.again(recorded, frames) == recorded.ledger


def test_every_commit_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'zhucun.db'}", Keyring.new())
    with store.write.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2, "FULL"
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    store.close()
