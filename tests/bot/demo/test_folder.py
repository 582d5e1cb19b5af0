"""The demo's folder, its port and its processes: nobody else's things are touched, trouble is said in a sentence."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo import folder as place
from bot.demo.control import Control, button
from bot.demo.processes import Bot, DiedError, end, environment, sandbox
from storage.refusals import Refusal
from tests.demo_world import command
from tests.starter import PROJECT


def test_a_folder_is_made_and_held_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    with place.held(folder):
        assert folder.is_dir()
        with pytest.raises(Refusal, match="Refusal") as refused, place.held(folder):
            pass
        assert "正在被另一个演示使用" in refused.value.sentence
    with place.held(folder):
        pass


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(Refusal) as refused, place.held(tmp_path):
        pass
    assert "thesis.doc" in refused.value.sentence
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("")
    with pytest.raises(Refusal) as refused, place.held(tmp_path / "demo"):
        pass
    assert "--data" in refused.value.sentence


def test_clearing_removes_the_demos_parts_only(tmp_path: Path) -> None:
    (tmp_path / "bot" / "files").mkdir(parents=True)
    (tmp_path / "bot.log").write_text("old")
    (tmp_path / place.MADE).write_text("")
    (tmp_path / "lock").write_text("")
    place.clear(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bot", "lock", "sandbox"]
    assert not list((tmp_path / "bot").iterdir())
    place.clear(tmp_path)


def test_the_bot_is_told_its_settings_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    monkeypatch.setenv("ZHUCUN_DATABASE_URL", "sqlite:///elsewhere.db")
    told = environment(tmp_path, "http://127.0.0.1:1/")
    named = {"DATA", "TOKEN", "API_URL", "CLOCK_URL", "CONSOLE_URL", "LISTEN"}
    assert set(told) == {"PATH", *(f"ZHUCUN_{name}" for name in named)}
    assert told["ZHUCUN_CONSOLE_URL"] == f"http://{told['ZHUCUN_LISTEN']}/console"
    assert told["ZHUCUN_API_URL"] == "http://127.0.0.1:1"
    assert told["ZHUCUN_DATA"] == str(tmp_path / "bot")


def test_a_bot_that_cannot_start_is_told_by_its_log(tmp_path: Path) -> None:
    (tmp_path / "bot").write_text("a file where the data folder should be")
    bot = Bot(tmp_path, "http://127.0.0.1:9/")
    with pytest.raises(DiedError) as died:
        bot.start()
    assert died.value.log == tmp_path / "bot.log"
    assert died.value.log.read_text("utf-8")
    assert bot.ended(0)
    bot.stop()


def test_a_bot_that_was_never_started_has_ended(tmp_path: Path) -> None:
    bot = Bot(tmp_path, "http://127.0.0.1:9/")
    assert bot.ended(0)
    bot.stop()


def test_a_sandbox_that_cannot_listen_is_told_by_its_log(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DiedError) as died, sandbox(tmp_path, port, "2026-11-13T15:50:00+08:00"):
            pass
    assert str(port) in died.value.log.read_text("utf-8")


def test_a_sandbox_is_ended_with_its_world_kept(tmp_path: Path) -> None:
    (tmp_path / "sandbox").mkdir()
    with sandbox(tmp_path, 0, "2026-11-13T15:50:00+08:00") as (process, url):
        assert url.startswith("http://127.0.0.1:")
        assert Control(url).get("clock")["now"].startswith("2026-11-13T15:5")
    assert process.poll() == 0
    assert (tmp_path / "sandbox" / "world.json").exists()


def test_what_does_not_listen_to_the_request_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.demo.processes.GRACE", 0.2)
    deaf = "import signal as s; s.signal(s.SIGTERM, s.SIG_IGN); print('deaf', flush=True); s.pause()"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "deaf\n"
    end(process)
    assert process.returncode == -9


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        asked = [word if word != "0" else port for word in command(tmp_path / "demo")]
        done = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert port in done.stderr
    assert not (tmp_path / "demo").exists()


def test_a_button_is_found_by_its_label_or_by_how_it_begins() -> None:
    message = {"keyboard": [[{"text": "武清区下面的…", "data": "d"}], [{"text": "武清区", "data": "b"}]]}
    assert button(message, "武清区") == {"text": "武清区", "data": "b"}
    assert button(message, "武清区下面的") == {"text": "武清区下面的…", "data": "d"}
    assert button(message, "河西务镇") is None
    assert button({"text": "no keyboard"}, "武清区") is None
