"""What is promised of finding copies, measured on the shared photos; `measured.py` prints the whole table."""

from pathlib import Path

import pytest

from tests.storage.looks.changes import KINDS
from tests.storage.looks.measured import Tally, copies, lookalikes, originals, precision, table

EASY = {"compressed anew", "sent through Telegram", "made small", "made large"}

Measured = tuple[dict[str, Tally], Tally]


@pytest.fixture(scope="module")
def measured(shared_data: Path) -> Measured:
    photos = originals(shared_data, 800)
    return copies(photos), lookalikes(photos)


@pytest.mark.parametrize("kind", KINDS)
def test_copies_of_each_kind_are_found(kind: str, measured: Measured) -> None:
    tally = measured[0][kind]
    assert tally.asked >= 12
    assert tally.recall >= (0.98 if kind in EASY else 0.9)


def test_what_is_found_is_a_copy(measured: Measured) -> None:
    tallies, alike = measured
    assert alike.asked > 50
    assert precision(tallies, alike) >= 0.99, table(tallies, alike)


def test_there_are_twelve_kinds_of_change() -> None:
    assert len(KINDS) == 12


def test_a_wrong_find_is_counted() -> None:
    assert precision({"a": Tally(10, 9, 1)}, Tally(5, 0, 2)) == 9 / 12
    assert "| a | 10 | 0.900 | 1 |" in table({"a": Tally(10, 9, 1)}, Tally(5, 0, 2))
