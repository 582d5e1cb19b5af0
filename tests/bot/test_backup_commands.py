"""`zhucun backup` and `zhucun restore` as an operator uses and misuses them."""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot import instance
from bot.cli import app
from storage import chats, journal, letters, migrate, restored
from storage.engines import write_engine
from storage.files import Files
from storage.letters import LetterState
from storage.manifest import DATABASE, MANIFEST, SUMS
from tests.bot.spine import BOT, NOW
from tests.bot.test_operator import store

pytestmark = pytest.mark.sqlite_only(reason="PostgreSQL has its own ways to be copied")


def zhucun(folder: Path, *arguments: str, **more: str) -> Result:
    """The command line on that data folder, without the second that a process of its own takes to start."""
    told = {"ZHUCUN_DATA": str(folder), "ZHUCUN_API_URL": "http://127.0.0.1:9", **more}
    return CliRunner().invoke(app, arguments, env=told)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two photos and a letter that waits; its backup lies beside it, in `copy`."""
    folder = tmp_path_factory.mktemp("made") / "data"
    assert zhucun(folder, "status").exit_code == 0
    files = Files(folder / "files")
    files.keep(b"one"), files.keep(b"two")
    database = store(folder)
    with database.writing() as session:
        letters.say(session, chats.chat_of(session, BOT, 7), "sendMessage", {"text": "身份证"}, now=NOW)
    instance.bind(database, folder)
    database.close()
    done = zhucun(folder, "backup", str(folder.parent / "copy"))
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A backup that a test may spoil."""
    return Path(shutil.copytree(made.parent / "copy", tmp_path / "copy"))


def restore(copy: Path, data: Path, *more: str) -> Result:
    return zhucun(data.parent / "nowhere", "restore", str(copy), "--data", str(data), *more)


def refused(done: Result, words: str) -> None:
    """One sentence, and nothing was made."""
    assert done.exit_code == 2, done.stdout
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_backup_is_whole_and_holds_neither_key_nor_token(made: Path) -> None:
    copy = made.parent / "copy"
    assert sorted(path.name for path in copy.iterdir()) == [SUMS, "files", MANIFEST, "readme.txt", DATABASE]
    assert len([path for path in (copy / "files").rglob("*") if path.is_file()]) == 2
    with closing(sqlite3.connect(copy / DATABASE)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    key = json.loads((made / "zhucun.key").read_text())
    at_rest = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    assert key["blind"].encode() not in at_rest
    assert key["keys"]["1"].encode() not in at_rest
    said = (copy / "readme.txt").read_text()
    assert "zhucun restore" in said
    assert "zhucun.key" in said


def test_who_copies_the_data_is_journaled_in_both(made: Path) -> None:
    for folder in (made, made.parent / "copy"):
        with closing(sqlite3.connect(folder / DATABASE)) as database:
            found = database.execute("select count(*) from journalentry where action = 'backup'").fetchone()
        assert found == (1,)


@pytest.mark.fault("backup over something that is there")
def test_never_over_something_that_is_there(made: Path, tmp_path: Path) -> None:
    refused(zhucun(made, "backup", str(made.parent / "copy")), "请换一个新的目录")
    (tmp_path / "file").write_text("x")
    refused(zhucun(made, "backup", str(tmp_path / "file")), "请换一个新的目录")
    assert (tmp_path / "file").read_text() == "x"


def test_not_into_the_data_itself(made: Path) -> None:
    refused(zhucun(made, "backup", str(made / "files" / "copy")), "不要放在数据目录里")
    refused(zhucun(made, "backup", str(made)), "不是空目录")


def test_of_no_data_and_of_another_kind_of_database(tmp_path: Path) -> None:
    copy = str(tmp_path / "copy")
    refused(zhucun(tmp_path / "none", "backup", copy), "还没有数据")
    another = {"ZHUCUN_DATABASE_URL": "postgresql://localhost/zhucun"}
    refused(zhucun(tmp_path / "none", "backup", copy, **another), "ZHUCUN_DATABASE_URL")
    assert not (tmp_path / "copy").exists()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = Path(tempfile.mkdtemp())
    mounted = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounted, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


@pytest.mark.fault("no room for a backup")
def test_no_room_is_said_before_anything_is_written(made: Path, small: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(made, tmp_path / "data"))
    Files(data / "files").keep(bytes(2**20))
    refused(zhucun(data, "backup", str(small / "copy")), "放不下")
    assert not (small / "copy").exists()
    whole = tmp_path / "whole"
    assert zhucun(data, "backup", str(whole)).exit_code == 0
    refused(restore(whole, small / "data"), "放不下")
    assert not (small / "data").exists()


def test_what_was_missing_before_is_said_with_exit_code_1(made: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(made, tmp_path / "data"))
    sha = Files(data / "files").keep(b"three")
    (data / "files" / sha[:2] / sha[2:4] / sha).write_bytes(b"thr")
    done = zhucun(data, "backup", str(tmp_path / "copy"))
    assert done.exit_code == 1
    assert "1 个原来就已损坏" in done.stderr
    assert json.loads((tmp_path / "copy" / MANIFEST).read_text())["damaged"] == [sha]
    assert restore(tmp_path / "copy", tmp_path / "new").exit_code == 0, "the rest is not given up for it"


def test_a_backup_of_an_older_version_is_made_and_restored(made: Path, tmp_path: Path) -> None:
    """Before an upgrade, by the new program."""
    data = Path(shutil.copytree(made, tmp_path / "data"))
    engine = write_engine(f"sqlite:///{data / DATABASE}")
    migrate.downgrade(engine, "0001")
    engine.dispose()
    refused(zhucun(data, "status"), "zhucun upgrade")
    assert zhucun(data, "backup", str(tmp_path / "copy")).exit_code == 0
    done = restore(tmp_path / "copy", tmp_path / "new", "--key", str(data / "zhucun.key"))
    assert done.exit_code == 0, done.stderr
    assert zhucun(tmp_path / "new", "status").exit_code == 1, "a letter wants a decision"


def test_a_restored_installation_is_whole_and_nobodys_yet(made: Path, copy: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = restore(copy, data, "--key", str(made / "zhucun.key"))
    assert done.exit_code == 0, done.stderr
    assert "zhucun letters restored" in done.stdout
    assert "zhucun run --adopt" in done.stdout
    assert Files(data / "files").listing() == Files(made / "files").listing()
    assert (data / "zhucun.key").stat().st_mode & 0o777 == 0o600
    assert (data / DATABASE).stat().st_mode & 0o777 == 0o600
    assert not list(data.glob("*.part*"))
    database = store(data)
    with database.reading() as session:
        assert letters.count(session, LetterState.RESTORED) == 1
        assert [one["action"] for one in journal.history(session, "installation")] == ["backup", "restore"]
    database.close()
    database = store(data)
    with pytest.raises(typer.Exit):
        instance.bind(database, data)
    database.close()


def test_adopted_while_it_is_restored_it_is_this_installations(
    made: Path, copy: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    done = restore(copy, data, "--key", str(made / "zhucun.key"), "--adopt")
    assert "zhucun run --adopt" not in done.stdout
    database = store(data)
    instance.bind(database, data)
    database.close()


def test_the_database_of_a_backup_put_in_place_by_hand_is_a_copy(
    copy: Path, made: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(made, tmp_path / "data"))
    database = store(data)
    instance.adopt(database, data, NOW)
    database.close()
    shutil.copyfile(copy / DATABASE, data / DATABASE)
    for name in ("-wal", "-shm"):
        (data / f"{DATABASE}{name}").unlink(missing_ok=True)
    database = store(data)
    with pytest.raises(typer.Exit):
        instance.bind(database, data)
    database.close()


@pytest.mark.fault("restore over data")
def test_nothing_is_restored_over_data(made: Path, copy: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(made, tmp_path / "data"))
    before = (data / DATABASE).read_bytes()
    refused(restore(copy, data), "恢复不会覆盖它")
    assert (data / DATABASE).read_bytes() == before
    refused(restore(copy, copy / "data"), "备份目录里面")


@pytest.mark.fault("damaged backup")
def test_a_damaged_backup_is_refused_before_anything_is_put_in_place(copy: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    photo = next(path for path in (copy / "files").rglob("*") if path.is_file())
    photo.write_bytes(b"zero")
    refused(restore(copy, data), photo.name)
    assert not data.exists()
    assert restore(copy, data, "--without-damaged").exit_code == 0
    assert len(Files(data / "files").listing()) == 1
    with (copy / DATABASE).open("r+b") as file:
        file.write(b"x")
    refused(restore(copy, tmp_path / "other", "--without-damaged"), "数据库已损坏")
    assert not (tmp_path / "other").exists()


def test_an_unfinished_backup_is_none(copy: Path, tmp_path: Path) -> None:
    (copy / MANIFEST).unlink()
    refused(restore(copy, tmp_path / "data"), "不是完整的备份")
    refused(restore(tmp_path / "nothing", tmp_path / "data"), "不是完整的备份")
    assert not (tmp_path / "data").exists()


def test_a_backup_of_a_newer_version_is_refused(copy: Path, tmp_path: Path) -> None:
    said = json.loads((copy / MANIFEST).read_text())
    (copy / MANIFEST).write_text(json.dumps(said | {"schema": "9999", "version": "9.9"}))
    refused(restore(copy, tmp_path / "data"), "9.9")


@pytest.mark.fault("wrong key for a backup")
def test_a_wrong_key_is_refused_before_anything_is_put_in_place(copy: Path, tmp_path: Path) -> None:
    assert zhucun(tmp_path / "strangers", "status").exit_code == 0
    key = tmp_path / "strangers" / "zhucun.key"
    refused(restore(copy, tmp_path / "data", "--key", str(key)), "打不开这份备份")
    (tmp_path / "scrap").write_text("{}")
    refused(restore(copy, tmp_path / "data", "--key", str(tmp_path / "scrap")), "打不开这份备份")
    refused(restore(copy, tmp_path / "data", "--key", str(tmp_path / "none")), "没有密钥文件")
    assert not (tmp_path / "data").exists()


def test_without_a_key_at_hand_it_is_restored_and_wants_one(copy: Path, made: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = restore(copy, data)
    assert done.exit_code == 0, done.stderr
    assert str(data / "zhucun.key") in done.stdout
    assert zhucun(data, "status").exit_code == 2
    shutil.copy(made / "zhucun.key", data / "zhucun.key")
    assert zhucun(data, "status").exit_code == 1


def test_a_restore_that_was_broken_off_is_begun_again(copy: Path, made: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    one = next(path for path in (copy / "files").rglob("*") if path.is_file())
    Files(data / "files").put_back(one.name, one.read_bytes())
    (data / "zhucun.db.part").write_bytes(b"half")
    (data / "zhucun.db.part-wal").write_bytes(b"half")
    done = restore(copy, data, "--key", str(made / "zhucun.key"))
    assert done.exit_code == 0, done.stderr
    assert len(Files(data / "files").listing()) == 2
    assert not list(data.glob("*.part*"))


def test_restored_letters_are_listed_released_and_dropped(copy: Path, made: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    restore(copy, data, "--key", str(made / "zhucun.key"))
    listed = zhucun(data, "letters", "restored")
    assert listed.exit_code == 0, listed.stderr
    assert "L1" in listed.stdout
    assert "身份证" not in listed.stdout
    refused(zhucun(data, "letters", "release", "L9"), "zhucun letters restored")
    assert zhucun(data, "letters", "release", "l1").exit_code == 0
    database = store(data)
    with database.writing() as session:
        assert letters.count(session, LetterState.WAITING) == 1
        restored.bring_back(session, NOW, NOW)
    assert zhucun(data, "letters", "drop", "all").exit_code == 0
    with database.reading() as session:
        assert letters.count(session, LetterState.EXPIRED) == 1
    database.close()
    assert zhucun(data, "status").exit_code == 0
