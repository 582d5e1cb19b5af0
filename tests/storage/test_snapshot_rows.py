"""A PostgreSQL database in a backup: of one moment while others write, every row, and back again."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage import chats, letters, moving, reading, restoring, snapshot
from storage.backup import Backup
from storage.db import Store
from storage.engines import write_engine
from storage.files import Files
from storage.letters import Letter, LetterState
from storage.manifest import DATABASE
from storage.reading import Filter
from storage.sealing import Keyring
from tests import databases, postgres
from tests.storage.asking import NOW, add_report, settle

pytestmark = pytest.mark.postgresql_only
WORDS = (
    "屋顶漏雨，已报镇里",
    "修路 LED 灯 20 盏",
    "it's \\ 'quoted'",
    "好" * 3000,
    "x" * 2500,
    "一二一二三一二",
)
ASKED = ("屋顶", "漏雨", "led", "20", "quoted", "好好好", "一二三", "二一二二三一", "三一二", "0003", "无")


def quiet(_done: int, _all: int) -> None:
    """Nobody looks."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, database: databases.Kind) -> Iterator[Store]:
    assert database == "postgresql"
    folder = tmp_path_factory.mktemp("store")
    made = Store(databases.url(folder / "zhucun.db"), Keyring.new())
    with made.writing() as session:
        county = settle(session)
        for number, words in enumerate(WORDS):
            add_report(session, county.people["王爱民"], text=words, number=f"ZF-20261120-{number:04d}")
        chat = chats.chat_of(session, 8_000_000_001, 7_000_000_001)
        letters.say(session, chat, "sendMessage", {"text": "身份证"}, now=NOW)
    yield made
    made.close()


def found(session: Session, words: str) -> list[str]:
    return [one.number for one in reading.page(session, None, Filter(words=words), everything=True).rows]


def backed_up(store: Store, folder: Path) -> Backup:
    folder.mkdir()
    made = Backup(store.url, Files(folder.parent / "files"), folder, NOW, "0.0", store.keyring)
    assert made.room() > 100_000
    made.copy_database(quiet)
    made.copy_files(quiet)
    return made


def test_it_comes_back_with_every_row_and_every_word(store: Store, tmp_path: Path) -> None:
    """Into a data folder, and from there into another server's database."""
    manifest = backed_up(store, tmp_path / "copy").finish()
    (tmp_path / "data").mkdir()
    assert (
        restoring.place_database(tmp_path / "copy", tmp_path / "data", manifest, NOW + timedelta(hours=1))
        == 1
    )
    small = Store(f"sqlite:///{tmp_path / 'data' / DATABASE}", store.keyring)
    engine = write_engine(postgres.server().database(tmp_path, empty=True))
    assert moving.move(small.read, engine, quiet)["report"] == len(WORDS)
    large = Store(engine.url.render_as_string(hide_password=False), store.keyring)
    for copy in (small, large):
        with store.reading() as before, copy.reading() as after:
            for words in ASKED:
                assert found(after, words) == found(before, words), words
            letter = after.exec(select(Letter).where(Letter.bot == 8_000_000_001)).one()
            assert letters.payload_of(after, letter) == {"text": "身份证"}
            assert letter.state == LetterState.RESTORED
        copy.close()
    engine.dispose()


def test_it_is_of_one_moment_however_much_is_written(store: Store, tmp_path: Path) -> None:
    """Two rows are always written together, by another process."""
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        number = 10_000
        with closing(Store(store.url, store.keyring)) as other:
            while not stop.is_set():
                with other.writing() as session:
                    for bot in (1, 2):
                        chats.chat_of(session, bot, number)
                number += 1
                wrote.set()

    steps = []

    def told(done: int, all_: int) -> None:
        steps.append((done, all_))
        if len(steps) < 10:
            wrote.clear()
            assert wrote.wait(60), "others write between two steps"

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert wrote.wait(60)
        snapshot.take(store.url, tmp_path / "copy.db", told)
    finally:
        stop.set()
        writer.join()
    assert steps[-1][0] == steps[-1][1]
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        pairs = "SELECT count(*) FROM (SELECT telegram_id FROM chat WHERE bot < 3 GROUP BY 1 HAVING count(*) "
        assert copy.execute(pairs + "<> 2)").fetchone() == (0,)
        assert copy.execute(pairs + "= 2)").fetchone() >= (1,)
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"], "it stands alone"


def test_a_server_that_goes_away_is_an_error_of_writing(store: Store, tmp_path: Path) -> None:
    """The command says so in a sentence; a folder without a manifest is no backup."""

    def end(_done: int, _all: int) -> None:
        with postgres.server().connect() as operator:
            operator.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                             "where datname like 'z%' and state = 'idle in transaction'")  # fmt: skip

    with pytest.raises(OSError, match="AdminShutdown"):
        snapshot.take(store.url, tmp_path / "copy.db", end)


def test_one_that_is_empty_has_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        snapshot.size(postgres.server().database(tmp_path, empty=True))
