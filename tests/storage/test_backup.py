"""Backups: the database at one moment while others write, every byte with its hash, no key."""

import hashlib
import json
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import backup, installation, migrate, revisions, snapshot
from storage.backup import Backup
from storage.chats import Chat
from storage.db import Store
from storage.files import Files
from storage.manifest import DATABASE, MANIFEST, SUMS, Manifest, NoBackup
from storage.photo import Photo, PhotoState
from storage.sealing import CannotOpen, Keyring
from tests.storage.plain import NOW

BOT = 42


def quiet(_done: int, _all: int) -> None:
    return


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "data").mkdir()
    made = Store(f"sqlite:///{tmp_path / 'data' / 'zhucun.db'}", Keyring.new())
    migrate.upgrade(made.write)
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "data" / "files")


def begun(store: Store, files: Files, folder: Path, keys: Keyring | None = None) -> Backup:
    folder.mkdir()
    return Backup(store.url, files, folder, NOW, "0.0", keys or store.keyring)


def made(store: Store, files: Files, folder: Path) -> Manifest:
    backup_ = begun(store, files, folder)
    backup_.copy_database(quiet)
    backup_.copy_files(quiet)
    return backup_.finish()


def photo(store: Store, sha: str, message: int = 1) -> None:
    with store.writing() as session:
        chat = Chat(bot=BOT, telegram_id=7)
        session.add(chat)
        session.flush()
        session.add(
            Photo(
                bot=BOT, chat_id=chat.id or 0, message_id=message, file_id="f", unique_id="u", received_at=NOW,
                sha256=sha, state=PhotoState.KEPT,
            )
        )  # fmt: skip


def test_every_byte_is_there_and_has_its_hash(store: Store, files: Files, tmp_path: Path) -> None:
    shas = {files.keep(data) for data in (b"one", b"two")}
    folder = tmp_path / "copy"
    manifest = made(store, files, folder)
    assert (manifest.files, manifest.bytes, manifest.missing, manifest.damaged) == (2, 6, [], [])
    assert manifest.schema == revisions.head()
    assert {sha for sha, name in Manifest.sums(folder) if name != DATABASE} == shas
    checked = subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=folder, check=False)
    assert checked.returncode == 0, "any program can check it"
    assert list(backup.faults(folder, quiet)) == []
    assert Manifest.read(folder) == manifest


def test_only_its_owner_reads_it(store: Store, files: Files, tmp_path: Path) -> None:
    files.keep(b"one")
    made(store, files, tmp_path / "copy")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "copy").rglob("*") if path.is_file()} == {
        0o600
    }


def test_the_copy_is_of_one_moment_however_much_is_written(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two rows are always written together, by a connection of its own as another process has one."""
    monkeypatch.setattr(snapshot, "PAGES", 300)
    with store.write.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE pair (a INTEGER, padding BLOB)")
        for number in range(2000):
            connection.exec_driver_sql("INSERT INTO pair VALUES (?, zeroblob(4000))", (number // 2,))
    steps, stop, wrote = [], threading.Event(), threading.Event()

    def write() -> None:
        number = 10_000
        with closing(sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            while not stop.is_set():
                other.execute("BEGIN IMMEDIATE")
                other.execute("INSERT INTO pair VALUES (?, zeroblob(4000))", (number,))
                other.execute("INSERT INTO pair VALUES (?, zeroblob(4000))", (number,))
                other.execute("UPDATE pair SET a = a WHERE a % 7 = 0")
                other.execute("COMMIT")
                number += 1
                wrote.set()

    def told(done: int, all_: int) -> None:
        steps.append((done, all_))
        assert len(steps) < 100, "it begins anew with each change"
        wrote.clear()
        assert wrote.wait(60), "others write between two steps"

    writer = threading.Thread(target=write)
    writer.start()
    try:
        snapshot.take(store.url, tmp_path / "copy.db", told)
    finally:
        stop.set()
        writer.join()
    done, all_ = steps[-1]
    assert done == all_
    assert 5 < len(steps) <= all_ // 300 + 2, "it did not begin anew"
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        odd = copy.execute(
            "SELECT count(*) FROM (SELECT a FROM pair GROUP BY a HAVING count(*) <> 2)"
        ).fetchone()
        assert odd == (0,)
        assert copy.execute("SELECT count(*) FROM pair").fetchone() >= (2000,)
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"], "it stands alone"


def test_a_copied_database_is_nobodys(store: Store, files: Files, tmp_path: Path) -> None:
    with store.writing() as session:
        installation.be(session, "ours")
    manifest = made(store, files, tmp_path / "copy")
    assert manifest.name not in ("", "ours")
    with closing(sqlite3.connect(tmp_path / "copy" / DATABASE)) as copy:
        assert copy.execute("SELECT uid FROM installation").fetchall() == [(manifest.name,)]
    with store.reading() as session:
        assert installation.name(session) == "ours"


def test_one_of_an_installation_that_never_ran_is_nobodys_too(
    store: Store, files: Files, tmp_path: Path
) -> None:
    assert made(store, files, tmp_path / "copy").name


def test_a_database_of_an_older_version_is_copied_as_it_is(
    store: Store, files: Files, tmp_path: Path
) -> None:
    migrate.downgrade(store.write, "0001")
    manifest = made(store, files, tmp_path / "copy")
    assert (manifest.schema, manifest.name) == ("0001", "")
    assert backup.upgradable(manifest)


def test_no_key_is_in_it_and_it_tells_the_right_one(store: Store, files: Files, tmp_path: Path) -> None:
    manifest = made(store, files, tmp_path / "copy")
    assert manifest.keys == [1]
    assert backup.opens(manifest, store.keyring)
    with pytest.raises(CannotOpen):
        backup.opens(manifest, Keyring.new())
    at_rest = b"".join(path.read_bytes() for path in (tmp_path / "copy").rglob("*") if path.is_file())
    store.keyring.save(tmp_path / "key")
    secrets = [*store.keyring.keys.values(), store.keyring.blind]
    written = json.loads((tmp_path / "key").read_text())
    for secret in (*secrets, *(key.encode() for key in (*written["keys"].values(), written["blind"]))):
        assert secret not in at_rest


def test_without_keys_at_hand_it_is_made_all_the_same(store: Store, files: Files, tmp_path: Path) -> None:
    under_way = begun(store, files, tmp_path / "copy")
    under_way.keyring = None
    under_way.copy_database(quiet)
    under_way.copy_files(quiet)
    assert backup.opens(under_way.finish(), store.keyring) is None


def test_what_was_missing_or_damaged_before_is_named(store: Store, files: Files, tmp_path: Path) -> None:
    kept, gone = files.keep(b"picture"), hashlib.sha256(b"gone").hexdigest()
    photo(store, kept)
    (tmp_path / "data" / "files" / kept[:2] / kept[2:4] / kept).write_bytes(b"pictura")
    with store.writing() as session:
        row = session.get_one(Photo, 1)
        session.add(
            Photo(
                bot=BOT, chat_id=row.chat_id, message_id=2, file_id="g", unique_id="v", received_at=NOW,
                sha256=gone, state=PhotoState.KEPT,
            )
        )  # fmt: skip
    manifest = made(store, files, tmp_path / "copy")
    assert (manifest.missing, manifest.damaged) == ([gone], [kept])
    assert list(backup.faults(tmp_path / "copy", quiet)) == [], "it is a faithful copy"


def test_a_file_that_is_being_written_is_left_out(files: Files, tmp_path: Path) -> None:
    sha = files.keep(b"one")
    (tmp_path / "data" / "files" / sha[:2] / sha[2:4] / f"{sha}#1").write_bytes(b"o")
    (tmp_path / "data" / "files" / "note.txt").write_bytes(b"o")
    assert set(files.listing()) == {sha}


def test_the_room_is_told_before(store: Store, files: Files, tmp_path: Path) -> None:
    files.keep(bytes(5000))
    under_way = begun(store, files, tmp_path / "copy")
    needed = under_way.room()
    under_way.copy_database(quiet)
    under_way.copy_files(quiet)
    there = sum(path.stat().st_size for path in (tmp_path / "copy").rglob("*") if path.is_file())
    assert there <= needed


def test_changes_after_it_was_made_are_seen(store: Store, files: Files, tmp_path: Path) -> None:
    sha, folder = files.keep(b"one"), tmp_path / "copy"
    made(store, files, folder)
    name = f"files/{sha[:2]}/{sha[2:4]}/{sha}"
    (folder / name).write_bytes(b"two")
    assert list(backup.faults(folder, quiet)) == [name]
    (folder / name).unlink()
    assert list(backup.faults(folder, quiet)) == [name]
    with (folder / DATABASE).open("ab") as file:
        file.write(b"x")
    assert list(backup.faults(folder, quiet)) == [DATABASE, name]


@pytest.mark.parametrize("name", [MANIFEST, SUMS])
def test_one_without_manifest_or_hashes_is_none(
    store: Store, files: Files, tmp_path: Path, name: str
) -> None:
    made(store, files, tmp_path / "copy")
    (tmp_path / "copy" / name).unlink()
    with pytest.raises(NoBackup):
        Manifest.read(tmp_path / "copy")


@pytest.mark.parametrize("said", ["", "[]", '{"format": 2}', '{"format": 1, "sums": ""}'])
def test_a_manifest_that_was_changed_is_none(store: Store, files: Files, tmp_path: Path, said: str) -> None:
    made(store, files, tmp_path / "copy")
    (tmp_path / "copy" / MANIFEST).write_text(said)
    with pytest.raises(NoBackup):
        Manifest.read(tmp_path / "copy")


def test_the_list_of_hashes_names_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / SUMS).write_text(f"{'0' * 64}  files/../../etc/passwd\n")
    with pytest.raises(NoBackup):
        list(Manifest.sums(tmp_path))


def test_a_copy_that_is_not_whole_is_no_copy(tmp_path: Path) -> None:
    source = tmp_path / "broken.db"
    with closing(sqlite3.connect(source)) as database:
        database.execute("CREATE TABLE installation (id INTEGER PRIMARY KEY, uid TEXT)")
        database.execute("CREATE TABLE many (x TEXT)")
        database.executemany("INSERT INTO many VALUES (?)", [("y" * 500,)] * 200)
        database.commit()
    data = bytearray(source.read_bytes())
    data[3 * 4096 : 4 * 4096] = b"\xff" * 4096
    source.write_bytes(data)
    with pytest.raises(snapshot.Damaged):
        snapshot.take(f"sqlite:///{source}", tmp_path / "copy.db", quiet)


def test_a_server_out_of_reach_and_no_database_at_all(tmp_path: Path) -> None:
    with pytest.raises(snapshot.NoCopy):
        snapshot.size(f"postgresql+psycopg://nobody@/zhucun?host={tmp_path}")
    with pytest.raises(FileNotFoundError):
        snapshot.size(f"sqlite:///{tmp_path / 'none.db'}")
