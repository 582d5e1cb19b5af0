"""The instance file: the same installation starts again and again, a copy of its data does not."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from bot import instance
from storage import installation, journal, migrate
from storage.db import Store
from storage.sealing import Keyring
from tests.bot.spine import NOW
from tests.world import World


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Call it to be on a machine of that name; "" has none, as a container."""
    file = tmp_path / "machine-id"
    monkeypatch.setattr(instance, "MACHINE", file)
    monkeypatch.setattr(instance, "CONTAINERS", ())

    def on(name: str) -> None:
        file.write_text(name + "\n")

    on("here")
    return on


@pytest.fixture
def folder(tmp_path: Path, machine: Callable[[str], None]) -> Path:
    """The data of an installation that has run."""
    made = tmp_path / "data"
    made.mkdir()
    Keyring.new().save(made / "zhucun.key")
    with opened(made) as store:
        migrate.upgrade(store.write)
        instance.bind(store, made)
    return made


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{folder / 'zhucun.db'}", Keyring.load(folder / "zhucun.key"))
    yield store
    store.close()


def binds(folder: Path, adopt: bool = False) -> bool:
    """Whether the bot would run there."""
    with opened(folder) as store:
        try:
            instance.bind(store, folder, NOW if adopt else None)
        except typer.Exit:
            return False
        return True


def adoptions(folder: Path) -> int:
    with opened(folder) as store, store.reading() as session:
        return sum(line["action"] == "adopt" for line in journal.history(session, "installation"))


def written(folder: Path) -> tuple[int, int, int]:
    """Which file it is and when it was last written; not when it was last read."""
    told = (folder / instance.FILE).stat()
    return told.st_ino, told.st_mtime_ns, told.st_ctime_ns


def test_it_starts_again_and_nothing_is_written_anew(folder: Path) -> None:
    before = written(folder)
    assert binds(folder)
    assert written(folder) == before
    assert adoptions(folder) == 0


def test_moved_on_the_same_disk_it_is_the_same(folder: Path) -> None:
    assert binds(folder.rename(folder.with_name("moved")))


def test_a_copy_is_refused_until_it_is_adopted_once(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert not binds(copy)
    said = capsys.readouterr().err
    assert "zhucun run --adopt" in said
    assert str(copy) in said
    assert binds(folder), "the original goes on"
    assert binds(copy, adopt=True)
    assert binds(copy)
    assert adoptions(copy) == 1
    assert binds(folder)
    assert adoptions(folder) == 0


def test_adopting_what_is_no_copy_changes_nothing(folder: Path) -> None:
    assert binds(folder, adopt=True)
    assert adoptions(folder) == 0


def test_the_disk_in_another_machine_is_a_copy(folder: Path, machine: Callable[[str], None]) -> None:
    machine("elsewhere")
    assert not binds(folder)
    machine("here")
    assert binds(folder)


def test_a_container_made_anew_is_no_copy(folder: Path, machine: Callable[[str], None]) -> None:
    machine("")
    assert binds(folder)


def test_a_machine_is_told_apart_but_not_told(folder: Path, machine: Callable[[str], None]) -> None:
    assert "here" not in (folder / instance.FILE).read_text()
    assert instance.machine()
    machine("")
    assert instance.machine() == ""


def test_the_database_alone_is_a_copy(folder: Path) -> None:
    (folder / instance.FILE).unlink()
    assert not binds(folder)
    assert binds(folder, adopt=True)
    assert binds(folder)


def test_the_database_of_another_installation_is_a_copy(folder: Path) -> None:
    with opened(folder) as store, store.writing() as session:
        installation.be(session, "another")
    assert not binds(folder)
    assert binds(folder, adopt=True)
    assert json.loads((folder / instance.FILE).read_text())["installation"] == "another"


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"installation": "x", "file": "many", "machine": ""}'])
def test_an_instance_file_that_cannot_be_read_is_none(folder: Path, said: str) -> None:
    (folder / instance.FILE).write_text(said)
    assert instance.read(folder) is None
    assert not binds(folder)


def test_killed_between_file_and_database_it_is_bound_by_the_next_start(folder: Path) -> None:
    with opened(folder) as store, store.writing() as session:
        row = session.get_one(installation.Installation, installation.THE_ONE)
        name = row.uid
        session.delete(row)
    assert binds(folder)
    with opened(folder) as store, store.reading() as session:
        assert installation.name(session) == name


def test_of_two_that_start_at_once_one_binds(tmp_path: Path, machine: Callable[[str], None]) -> None:
    assert instance._first(tmp_path) == instance._first(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["machine-id", instance.FILE]


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], machine: Callable[[str], None]
) -> None:
    with pytest.raises(typer.Exit):
        instance._first(tmp_path / "nowhere")
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.sqlite_only(reason="copies the database with its folder")
@pytest.mark.fault("copy of the data started elsewhere")
def test_the_bot_does_not_run_on_a_copy_and_asks_telegram_nothing(fresh_world: World, tmp_path: Path) -> None:
    world = fresh_world
    world.start()
    world.ready()
    world.stop()
    copy = World(world.sandbox, Path(shutil.copytree(world.folder, tmp_path / "copy")))
    before = len(world.sandbox.calls())
    said = copy.zhucun("run", check=False)
    assert said.returncode == 2
    assert "zhucun run --adopt" in said.stderr
    assert "Traceback" not in said.stderr
    assert len(world.sandbox.calls()) == before
    assert copy.zhucun("reports", "list").returncode == 0, "it may be looked at"
    try:
        copy.start("--adopt")
        copy.ready()
        world.member.says("/mine")
        world.member.hears("您还没有报过")
        copy.kill()
        copy.start()
        copy.ready()
    finally:
        copy.kill()
