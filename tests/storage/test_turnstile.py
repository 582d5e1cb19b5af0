"""A process that writes without a pause keeps no other one waiting."""

import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.pen import Pen
from storage import tables
from storage.chats import Chat
from storage.db import Store
from storage.sealing import Keyring
from storage.turnstile import Turnstile

pytestmark = pytest.mark.sqlite_only(reason="there turns are the server's (tests/storage/test_turns.py)")


def add(number: int, session: Session) -> None:
    for one in range(20):
        session.add(Chat(bot=1, telegram_id=number * 100 + one))
    session.flush()


def write_on(url: str, begun: Event, enough: Event) -> None:
    """The busy one: there is always more on its queue, until it is told that it is enough."""
    pen = Pen(Store(url, Keyring.new()))
    pen.start()
    number = 1000
    while not enough.is_set():
        jobs = [pen.submit(lambda session, n=number + one: add(n, session)) for one in range(100)]  # type: ignore[misc] # a default binds the number
        number += 100
        jobs[50].result()
        begun.set()
    pen.stop()


def test_whoever_comes_gets_the_next_turn(tmp_path: Path) -> None:
    """Without the turnstile the first write waited as long as the other process went on."""
    url = f"sqlite:///{tmp_path / 'zhucun.db'}"
    store = Store(url, Keyring.new())
    tables.metadata.create_all(store.write)
    spawn = multiprocessing.get_context("spawn")
    begun, enough = spawn.Event(), spawn.Event()
    busy = spawn.Process(target=write_on, args=(url, begun, enough))
    busy.start()
    try:
        assert begun.wait(60)
        pen = Pen(store)
        pen.start()
        for number in range(20):
            pen.submit(lambda session, n=number: add(n, session)).result(timeout=60)  # type: ignore[misc] # as above
            with store.writing() as session:
                add(500 + number, session)
        assert busy.is_alive(), "it was busy all the time"
        pen.stop()
    finally:
        enough.set()
        busy.join(60)
        store.close()


def test_it_is_held_by_one_and_left_by_a_process_that_ends(tmp_path: Path) -> None:
    one, other = (Turnstile(f"sqlite:///{tmp_path / 'zhucun.db'}") for _ in range(2))
    for each in (one, other, one, one):
        with each:
            pass
    one.__enter__()
    one.close()
    with other:
        pass
    other.close()


def test_where_there_is_no_file_or_none_can_be_made_it_stands_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for url in ("sqlite://", f"sqlite:///{tmp_path / 'nowhere' / 'zhucun.db'}", "postgresql+psycopg://x/y"):
        turnstile = Turnstile(url)
        with turnstile:
            pass
        turnstile.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
