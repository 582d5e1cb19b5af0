"""`zhucun keys rotate`, and what is said when the keys are not those of the data."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot import settings
from bot.app import App
from bot.cli import app
from storage import household_list
from storage.households import Household
from storage.sealing import Keyring
from tests.storage.asking import NOW, PLACES, settle


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "data"
    monkeypatch.setenv("ZHUCUN_DATA", str(made))
    monkeypatch.setenv("ZHUCUN_TOKEN", "42:DEMOTOKEN")
    store = settings.open_store()
    with store.writing() as session:
        settle(session)
        household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
    store.close()
    return made


def zhucun(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_the_keys_are_changed_and_the_new_sheet_printed(folder: Path) -> None:
    before = Keyring.load(folder / "zhucun.key")
    done = zhucun("keys", "rotate", "--old", str(folder.parent / "old.key"))
    assert done.exit_code == 0, done.output
    assert "密钥已换" in done.output
    after = Keyring.load(folder / "zhucun.key")
    assert list(after.keys) == [2]
    assert "key 2:" in done.output
    assert Keyring.load(folder.parent / "old.key").keys == before.keys
    assert (folder / "zhucun.key").stat().st_mode & 0o777 == 0o600
    store = settings.open_store()
    with store.reading() as session:
        assert household_list.name_of(session, session.exec(select(Household)).one().id or 0) == "李大山"
    store.close()


def test_it_is_changed_as_often_as_one_likes(folder: Path) -> None:
    for number in (2, 3):
        assert zhucun("keys", "rotate").exit_code == 0
        assert list(Keyring.load(folder / "zhucun.key").keys) == [number]


def test_the_old_keys_are_written_over_nothing(folder: Path) -> None:
    there = folder.parent / "there"
    there.write_text("mine")
    done = zhucun("keys", "rotate", "--old", str(there))
    assert done.exit_code == 2
    assert there.read_text() == "mine"
    assert list(Keyring.load(folder / "zhucun.key").keys) == [1]


def test_a_change_that_was_begun_is_told(folder: Path) -> None:
    path = folder / "zhucun.key"
    Keyring.load(path).changed().replace(path)
    done = zhucun("keys", "rotate")
    assert done.exit_code == 0
    assert "接着做" in done.output
    assert list(Keyring.load(path).keys) == [2]


@pytest.mark.fault("lost key")
def test_a_lost_key_is_said_plainly_at_start(folder: Path) -> None:
    path, said = folder / "zhucun.key", []
    kept = path.read_text()
    for spoilt in (None, "{", '{"keys": {}}'):
        path.unlink()
        if spoilt is not None:
            path.write_text(spoilt)
        done = zhucun("status")
        assert done.exit_code == 2
        said.append(done.output)
        path.write_text(kept)
    assert "找不到密钥文件" in said[0]
    assert "已损坏" in said[1]
    assert "已损坏" in said[2]


@pytest.mark.fault("lost key")
def test_the_bot_does_not_start_with_keys_of_other_data(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "zhucun.key").unlink()
    Keyring.new().save(folder / "zhucun.key")
    with pytest.raises(BaseException) as ended:
        App(settings.load())
    assert getattr(ended.value, "exit_code", None) == 2
    assert "不是这份数据的密钥" in capsys.readouterr().err
