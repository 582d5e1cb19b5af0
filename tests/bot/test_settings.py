"""Settings: from environment and file; anything wrong is one sentence with the setting's name."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.sealing import Keyring
from storage.texts import _, speaking
from tests import postgres
from tests.starter import PROJECT, zhucun


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ZHUCUN_TOKEN", "nonsense"),
        ("ZHUCUN_API_URL", "api.telegram.org"),
        ("ZHUCUN_DATABASE_URL", "mysql://nobody@127.0.0.1/zhucun"),
        ("ZHUCUN_DATABASE_URL", "zhucun.db"),
        ("ZHUCUN_PROXY", "127.0.0.1:1080"),
        ("ZHUCUN_TIMEZONE", "Asia/Beijing2"),
        ("ZHUCUN_CLOCK_URL", "noon"),
        ("ZHUCUN_LANGUAGE", "klingon"),
        ("ZHUCUN_SETTINGS", "nowhere.env"),
        ("ZHUCUN_API", "http://bot.example.gov.cn/api"),
        ("ZHUCUN_API_RATE", "0"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(tmp_path: Path, setting: str, value: str) -> None:
    done = zhucun(tmp_path, "status", **{setting: value})
    assert done.returncode == 2
    assert setting in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_running_without_a_token_says_what_to_do(tmp_path: Path) -> None:
    done = zhucun(tmp_path, "run")
    assert done.returncode == 2
    assert "ZHUCUN_TOKEN" in done.stderr


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = zhucun(tmp_path / "file" / "data", "status")
    assert done.returncode == 2
    assert "ZHUCUN_DATA" in done.stderr


def test_a_new_data_folder_is_made_ready_with_a_key_only_its_owner_reads(tmp_path: Path) -> None:
    assert zhucun(tmp_path / "data", "status").returncode == 0
    assert (tmp_path / "data" / "zhucun.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data" / "zhucun.db").exists()


def test_a_lost_key_is_said_plainly_and_not_replaced(tmp_path: Path) -> None:
    zhucun(tmp_path, "status")
    (tmp_path / "zhucun.key").unlink()
    done = zhucun(tmp_path, "status")
    assert done.returncode == 2
    assert "zhucun.key" in done.stderr
    assert not (tmp_path / "zhucun.key").exists()


def test_a_database_of_ones_own_is_made_ready_and_a_lost_key_not_replaced(tmp_path: Path) -> None:
    """With the address as an operator writes it, without the driver's name."""
    url = postgres.server().database(tmp_path, empty=True).replace("+psycopg", "")
    done = zhucun(tmp_path / "one", "status", ZHUCUN_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "one" / "zhucun.db").exists()
    done = zhucun(tmp_path / "two", "status", ZHUCUN_DATABASE_URL=url)
    assert (done.returncode, "zhucun.key" in done.stderr) == (2, True)
    assert not (tmp_path / "two" / "zhucun.key").exists()


def test_processes_that_find_an_empty_database_together_make_one(tmp_path: Path) -> None:
    """They share the key, as processes of one installation must."""
    Keyring.new().save(tmp_path / "zhucun.key")
    url = postgres.server().database(tmp_path, empty=True)
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda _: zhucun(tmp_path, "status", ZHUCUN_DATABASE_URL=url), range(3)))
    assert [one.stderr for one in done if one.returncode] == []


def test_a_server_that_is_away_is_said(tmp_path: Path) -> None:
    done = zhucun(tmp_path, "status", ZHUCUN_DATABASE_URL="postgresql://nobody@127.0.0.1:1/zhucun")
    assert done.returncode == 2
    assert "ZHUCUN_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_installations_key_opens_nothing_and_is_said(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    zhucun(here, "person", "add", "--name", "李爱民", "--role", "admin")
    zhucun(there, "status")
    done = zhucun(here, "person", "list", ZHUCUN_KEY_FILE=str(there / "zhucun.key"))
    assert done.returncode == 2
    assert "ZHUCUN_KEY_FILE" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_settings_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "zhucun.env").write_text("ZHUCUN_TIMEZONE=Mars/Olympus\n")
    assert "ZHUCUN_TIMEZONE" in zhucun(tmp_path, "status").stderr
    assert zhucun(tmp_path, "status", ZHUCUN_TIMEZONE="Asia/Shanghai").returncode == 0


def test_another_settings_file_is_read_instead(tmp_path: Path) -> None:
    other = tmp_path / "other.env"
    other.write_text("ZHUCUN_TIMEZONE=Mars/Olympus\n")
    assert "ZHUCUN_TIMEZONE" in zhucun(tmp_path / "data", "status", ZHUCUN_SETTINGS=str(other)).stderr


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_is_said_in_the_language_of_the_command_line(tmp_path: Path, language: str) -> None:
    """Chosen while the program is loaded, so this one is started from nothing."""
    with speaking(language):
        wanted = _("村的代码。")
    command = [sys.executable, "-m", "bot", "households", "list", "--help"]
    environment = {"PATH": os.environ["PATH"], "ZHUCUN_DATA": str(tmp_path), "ZHUCUN_LANGUAGE": language}
    assert (
        wanted in subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True).stdout
    )


def test_the_zone_is_taken_by_every_command(tmp_path: Path) -> None:
    assert "Asia/Shanghai" in zhucun(tmp_path, "settings", "show").stdout
    shown = zhucun(tmp_path, "settings", "show", ZHUCUN_TIMEZONE="Asia/Urumqi").stdout
    assert "Asia/Urumqi" in shown
