"""The operator's commands beside a real installation: init, status, parked arrivals and letters."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot import lock
from storage import arrivals, cards, errands, journal, letters, roster
from storage.chats import Chat
from storage.db import Store
from storage.letters import Lane, Letter, LetterState
from storage.sealing import Keyring
from tests import starter
from tests.bot.spine import BOT, NOW, arrive, text_update
from tests.phone import Sandbox
from tests.starter import PROJECT

TOKEN = "42:DEMOTOKEN"


def zhucun(
    folder: Path, *arguments: str, api_url: str = "http://127.0.0.1:9"
) -> subprocess.CompletedProcess[str]:
    return starter.zhucun(folder, *arguments, ZHUCUN_API_URL=api_url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new installation."""
    assert zhucun(tmp_path / "data", "status").returncode == 0
    return tmp_path / "data"


def store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'zhucun.db'}", Keyring.load(folder / "zhucun.key"))


def test_init_makes_an_installation_and_a_link_for_the_first_administrator(tmp_path: Path) -> None:
    with Sandbox.start(token=TOKEN) as sandbox:
        done = zhucun(tmp_path, "init", "--token", TOKEN, api_url=sandbox.api_url)
        assert done.returncode == 0, done.stderr
        assert "https://t.me/zhucun_demo_bot?start=" in done.stdout
        assert "key 1:" in done.stdout, "the recovery sheet is shown once"
    settings = tmp_path / "zhucun.env"
    assert settings.stat().st_mode & 0o777 == 0o600
    assert f"ZHUCUN_TOKEN={TOKEN}" in settings.read_text()


def test_init_with_a_token_telegram_does_not_know_says_so(tmp_path: Path) -> None:
    with Sandbox.start(token=TOKEN) as sandbox:
        sandbox.revoke(TOKEN)
        done = zhucun(tmp_path, "init", "--token", TOKEN, api_url=sandbox.api_url)
    assert done.returncode == 2
    assert "BotFather" in done.stderr
    assert TOKEN not in done.stderr


def test_init_without_a_way_to_telegram_names_the_settings(tmp_path: Path) -> None:
    done = zhucun(tmp_path, "init", "--token", TOKEN)
    assert done.returncode == 2
    assert "ZHUCUN_PROXY" in done.stderr


def test_parked_arrivals_are_listed_and_retried(folder: Path) -> None:
    database = store(folder)
    with database.writing() as session:
        arrive(session, text_update(1, 7, "一"), text_update(2, 7, "二"))
        arrivals.park(session, 1, "ValueError somewhere:12")
        arrivals.park(session, 2, "KeyError elsewhere:3")
    listed = zhucun(folder, "arrivals", "list").stdout
    assert "A1" in listed
    assert "ValueError" in listed
    assert zhucun(folder, "status").returncode == 1, "something needs a person"
    assert zhucun(folder, "arrivals", "retry", "A1").returncode == 0
    assert zhucun(folder, "arrivals", "retry", "A1").returncode == 2
    assert zhucun(folder, "arrivals", "retry", "all").returncode == 0
    with database.reading() as session:
        assert arrivals.count(session, arrivals.ArrivalState.WAITING) == 2
    database.close()


def test_parked_letters_are_listed_and_retried(folder: Path) -> None:
    database = store(folder)
    with database.writing() as session:
        chat = Chat(bot=BOT, telegram_id=7)
        session.add(chat)
        session.flush()
        number = letters.say(session, chat, "sendMessage", {"text": "身份证"}, now=NOW)
        letter = session.get_one(Letter, number)
        letter.state, letter.error = LetterState.PARKED, "Bad Request: message is too long"
    done = zhucun(folder, "letters", "list")
    assert done.returncode == 0, done.stderr
    listed = done.stdout
    assert "too long" in " ".join(listed.split())
    assert "身份证" not in listed
    assert zhucun(folder, "letters", "retry", f"L{number}").returncode == 0
    assert zhucun(folder, "letters", "retry", "nonsense").returncode == 2
    with database.reading() as session:
        assert letters.count(session, LetterState.WAITING) == 1
    database.close()


def test_parked_errands_are_listed_and_retried(folder: Path) -> None:
    database = store(folder)
    with database.writing() as session:
        errand = errands.send_on(session, BOT, "fetch_photo", {"file": "身份证"}, due_at=NOW)
        assert errand is not None
        errands.park(session, errand.id or 0, "ValueError")
    done = zhucun(folder, "errands", "list")
    assert "fetch_photo" in done.stdout, done.stderr
    assert "身份证" not in done.stdout
    assert zhucun(folder, "status").returncode == 1
    assert zhucun(folder, "errands", "retry", "all").returncode == 0
    assert zhucun(folder, "errands", "retry", "E1").returncode == 2
    database.close()


def test_a_second_bot_on_the_same_data_is_refused(folder: Path) -> None:
    held = lock.take(folder)
    upgrade = zhucun(folder, "upgrade")
    assert (upgrade.returncode, str(folder) in upgrade.stderr) == (2, True)
    environment = {"PATH": os.environ["PATH"], "ZHUCUN_DATA": str(folder), "ZHUCUN_TOKEN": TOKEN}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    held.close()
    assert (done.returncode, str(folder) in done.stderr) == (2, True)
    lock.take(folder).close()


def test_a_database_of_no_known_version_is_refused_with_what_to_do(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "zhucun.db")) as database:
        database.execute("delete from alembic_version")
        database.commit()
    done = zhucun(folder, "status")
    assert done.returncode == 2
    assert "zhucun upgrade" in done.stderr


def test_a_newer_database_is_refused(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "zhucun.db")) as database:
        database.execute("update alembic_version set version_num = '9999'")
        database.commit()
    assert zhucun(folder, "status").returncode == 2
    refused = zhucun(folder, "upgrade")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_the_command_line_starts_without_aiogram_or_telegram() -> None:
    code = (
        "import sys, bot.cli; print([m for m in ('aiogram', 'telegram', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_all_letters_are_listed_for_other_programs_without_their_words(folder: Path) -> None:
    database = store(folder)
    with database.writing() as session:
        chat = Chat(bot=BOT, telegram_id=7)
        session.add(chat)
        session.flush()
        letters.say(session, chat, "sendMessage", {"text": "机密"}, now=NOW, lane=Lane.NOTICE, key="once")
        cards.show(session, chat, {"text": "机密"}, now=NOW)
    database.close()
    done = zhucun(folder, "letters", "list", "--format", "json").stdout
    said, card = map(json.loads, done.splitlines())
    assert (said["number"], said["key"], said["state"], said["lane"]) == ("L1", "once", "waiting", "notice")
    assert (card["method"], card["card"], card["up_to_date"]) == ("card", 1, False)
    assert "机密" not in done


def test_the_journal_is_listed_for_people_and_programs(folder: Path) -> None:
    database = store(folder)
    with database.writing() as session:
        somebody = roster.add_person(session, "王磊", telegram_id=1, by=None, now=NOW)
        journal.write(session, somebody.id, "visit.send", "report:ZF-20261117-0001", NOW, photos=2)
        journal.seal(session)
    database.close()
    shown = zhucun(folder, "journal", "list", "--record", "report:ZF-20261117-0001").stdout
    assert "王磊" in shown
    assert "visit.send" in shown
    lines = [
        json.loads(one) for one in zhucun(folder, "journal", "list", "--format", "json").stdout.splitlines()
    ]
    assert lines[-1]["record"] == "report:ZF-20261117-0001"
    assert json.loads(lines[-1]["body"])["photos"] == 2
