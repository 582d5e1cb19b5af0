"""Whoever decides has looked at what is still so: writers of one bot follow each other on both databases."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from storage import numbers, turns
from storage.db import Store
from storage.report import Counter
from storage.sealing import Keyring
from tests import databases
from tests.storage.plain import NOW

pytestmark = pytest.mark.both_databases

COUNTED = "ZF-20261117"
Turn = Callable[[Session], None]


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[Store]]:
    """Four processes, as the database sees them."""
    made = [Store(databases.url(tmp_path / "zhucun.db"), Keyring.new()) for _ in range(4)]
    if databases.kind() == "sqlite":
        from storage import tables

        tables.metadata.create_all(made[0].write)
    yield made
    for store in made:
        store.close()


def count_on(store: Store, turn: Turn, times: int) -> None:
    """Read a number, then write the next one: whoever does it beside another writes the same."""
    for _ in range(times):
        with store.pen_session() as session:
            turn(session)
            last = session.exec(select(Counter.last).where(Counter.name == COUNTED)).one()
            session.connection().execute(update(Counter).values(last=last + 1))
            session.commit()


def test_no_number_is_given_out_twice(stores: list[Store]) -> None:
    """Two of a bot's processes and two command lines."""
    with stores[0].writing() as session:
        session.add(Counter(name=COUNTED, last=0))
    ours: list[Turn] = [partial(turns.of_bot, bot=42)] * 2 + [turns.alone] * 2
    with ThreadPoolExecutor() as pool:
        list(pool.map(count_on, stores, ours, [25] * 4))
    with stores[0].reading() as session:
        assert session.get_one(Counter, COUNTED).last == 100


@pytest.mark.postgresql_only
def test_the_first_numbers_of_a_day_are_given_out_by_two_bots_at_once(stores: list[Store]) -> None:
    """In opposite order of kinds, too: neither waits for what the other has."""
    together = threading.Barrier(2)

    def number(store: Store, bot: int, kinds: str) -> list[str]:
        with store.pen_session() as session:
            turns.of_bot(session, bot)
            together.wait(60)
            given = [numbers.next_number(session, kind, NOW.date()) for kind in kinds.split()]
            session.commit()
            return given

    with ThreadPoolExecutor() as pool:
        one = pool.submit(number, stores[0], 42, "ZF KN ZF")
        other = pool.submit(number, stores[1], 43, "KN ZF ZF")
        given = one.result(60) + other.result(60)
    day = f"{NOW:%Y%m%d}"
    assert sorted(given) == [f"KN-{day}-0001", f"KN-{day}-0002", *(f"ZF-{day}-{n:04d}" for n in range(1, 5))]


@pytest.mark.postgresql_only
def test_who_had_to_wait_for_a_number_knows_that_others_want_them(stores: list[Store]) -> None:
    """For a while: the next transactions that give one out are to be short, those without one need not be."""
    first, second = stores[:2]
    waits = threading.Event()

    def number(store: Store, bot: int) -> bool:
        with store.pen_session() as session:
            turns.of_bot(session, bot)
            assert not turns.crowded(session), "it has no number yet"
            waits.set()
            numbers.next_number(session, "ZF", NOW.date())
            session.commit()
            return turns.crowded(session)

    assert not number(first, 42), "nobody else is there"
    with ThreadPoolExecutor() as pool, first.pen_session() as holding:
        turns.numbering(holding)
        waits.clear()
        other = pool.submit(number, second, 43)
        assert waits.wait(60)
        with pytest.raises(TimeoutError):
            other.result(0.3)
        holding.rollback()
        assert other.result(60), "it had to wait"
    assert number(second, 43), "it was not long ago"
    assert not number(first, 42), "the one that was waited for does not know it"
    assert [number(second, 43) for _ in range(turns.CROWDED)][-1] is False, "by now it is long ago"


@pytest.mark.postgresql_only
def test_two_bots_need_not_wait_for_each_other(stores: list[Store]) -> None:
    with stores[0].pen_session() as one, stores[1].pen_session() as two:
        turns.of_bot(one, 42)
        turns.of_bot(two, 43)
        turns.none(two)


@pytest.mark.postgresql_only
def test_the_command_line_waits_for_all_and_all_for_it(stores: list[Store]) -> None:
    done = threading.Event()

    def command() -> None:
        with stores[1].writing():
            done.set()

    with stores[0].pen_session() as one:
        turns.of_bot(one, 42)
        waiting = threading.Thread(target=command)
        waiting.start()
        assert not done.wait(0.2)
        one.rollback()
    assert done.wait(60)
    waiting.join()
