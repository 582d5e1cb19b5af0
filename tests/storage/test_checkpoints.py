"""The write-ahead log is moved into the database beside those who write, and begins anew when it is long."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import checkpoints, engines
from storage.checkpoints import Checkpoints
from storage.db import Store
from storage.sealing import Keyring
from storage.turnstile import Turnstile

PAGE = 4096
MOVE = "PRAGMA wal_checkpoint(PASSIVE)"
WAIT = 60.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'z.db'}", Keyring.new())
    with made.write.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, body BLOB)")
    yield made
    made.close()


@pytest.fixture
def moving(store: Store) -> Iterator[Checkpoints]:
    """One that knows what is left."""
    with closing(Checkpoints(store.url)) as made:
        made.move()
        yield made


def write(store: Store, pages: int) -> None:
    """So many pages and a few more, each commit ten of them."""
    for _ in range(pages // 10):
        with store.write.begin() as connection:
            connection.exec_driver_sql("INSERT INTO thing (body) VALUES (zeroblob(?))", (10 * PAGE,))


def log_of(store: Store) -> Path:
    return Path(f"{store.write.url.database}-wal")


def things(database: Path, folder: Path) -> int:
    """What the file of the database has without its log."""
    alone = folder / "alone.db"
    alone.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(alone)) as connection:
        return int(connection.execute("SELECT count(*) FROM thing").fetchone()[0])


def test_what_was_committed_moves_into_the_database(
    store: Store, moving: Checkpoints, tmp_path: Path
) -> None:
    write(store, 100)
    assert things(tmp_path / "z.db", tmp_path) == 0
    assert moving.move() == 0
    assert things(tmp_path / "z.db", tmp_path) == 10


def test_a_long_log_begins_anew_and_grows_no_further(
    store: Store, moving: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LONG", 100)
    write(store, 150)
    assert moving.move() == 0
    size = log_of(store).stat().st_size
    for _ in range(5):
        write(store, 100)
        assert moving.move() == 0
    assert log_of(store).stat().st_size == size


def test_a_short_log_is_nobody_elses_business(store: Store, moving: Checkpoints) -> None:
    """Whoever writes is not kept waiting for it."""
    write(store, 100)
    with Turnstile(store.url):
        assert done_in_a_thread(moving) == [0]


def test_nothing_is_moved_where_a_writer_may_go_back_to_the_front(store: Store, moving: Checkpoints) -> None:
    """SQLite before 3.51.3 may lose commits when both happen at once."""
    asked = statements(moving)
    write(store, 10)
    moving.move()
    assert asked.count(MOVE) == 1
    moving.move()
    assert asked.count(MOVE) == 1, "nothing is left"
    write(store, 10)
    moving.move()
    assert asked.count(MOVE) == 2, "what was written since is left, and keeps writers from the front"


def test_who_does_not_know_what_is_left_lets_nobody_write_meanwhile(store: Store) -> None:
    write(store, 10)
    with closing(Checkpoints(store.url)) as newcomer:
        moves_when_nobody_writes(store, newcomer)
        write(store, 10)
        with Turnstile(store.url):
            assert done_in_a_thread(newcomer) == [0], "now it knows"


def test_nor_where_a_commit_may_have_moved_some(
    store: Store, moving: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LOG", 50)
    write(store, 100)
    assert moving.move() == 0
    write(store, 10)
    moves_when_nobody_writes(store, moving)


def statements(moving: Checkpoints) -> list[str]:
    asked: list[str] = []
    moving._open().set_trace_callback(asked.append)
    return asked


def moves_when_nobody_writes(store: Store, moving: Checkpoints) -> None:
    """It waits for those who write, and then it is done."""
    thread = threading.Thread(target=moving.move)
    with Turnstile(store.url):
        thread.start()
        thread.join(0.2)
        assert thread.is_alive(), "it waits for its turn"
    thread.join(WAIT)
    assert not thread.is_alive()


def test_nobody_writes_while_a_long_log_is_finished(
    store: Store, moving: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LONG", 100)
    write(store, 150)
    with store.read.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM thing")
        write(store, 10)
        moves_when_nobody_writes(store, moving)


def done_in_a_thread(moving: Checkpoints) -> list[int]:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(moving.move()))
    thread.start()
    thread.join(WAIT)
    return found


def test_a_reader_keeps_what_it_may_still_read(
    store: Store, moving: Checkpoints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LONG", 100)
    with store.read.connect() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM thing").scalar_one() == 0
        write(store, 200)
        assert moving.move() > 0
        assert things(tmp_path / "z.db", tmp_path) == 0
        assert reader.exec_driver_sql("SELECT count(*) FROM thing").scalar_one() == 0
    assert moving.move() == 0
    assert things(tmp_path / "z.db", tmp_path) == 20


def test_a_commit_does_it_where_nobody_does_it_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOG", 100)
    store = Store(f"sqlite:///{tmp_path / 'z.db'}", Keyring.new())
    with store.write.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, body BLOB)")
    write(store, 2000)
    assert log_of(store).stat().st_size < 200 * PAGE
    store.close()


def test_the_log_of_the_program_is_short_beside_its_bound() -> None:
    """A commit must not do what is done beside a moment later."""
    assert checkpoints.LONG * 2 <= engines.LOG


def test_trouble_of_the_disk_is_not_told_twice(
    store: Store, moving: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, 10)

    def full(_self: Checkpoints) -> tuple[int, int]:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Checkpoints, "_pass", full)
    assert moving.move() == 0


def test_after_the_end_nothing_is_opened_again(store: Store, tmp_path: Path) -> None:
    moving = Checkpoints(store.url)
    write(store, 100)
    size = (tmp_path / "z.db").stat().st_size
    moving.close()
    assert moving.move() == 0
    assert size == (tmp_path / "z.db").stat().st_size
