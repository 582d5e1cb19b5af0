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
    with closing(Checkpoints(store.url)) as made:
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
    assert moving.move() == 0
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


def test_nobody_writes_while_a_long_log_is_finished(
    store: Store, moving: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LONG", 100)
    write(store, 150)
    found: list[int] = []
    with Turnstile(store.url):
        thread = threading.Thread(target=lambda: found.append(moving.move()))
        thread.start()
        thread.join(0.2)
        assert found == [], "it waits for its turn"
    thread.join(WAIT)
    assert found == [0]


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
    moving.move()
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
