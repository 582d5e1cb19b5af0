"""`zhucun doctor`: each trouble is a line that says what to do; exit code 1 when something is wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.commands import doctor
from bot.settings import open_store
from storage import arrivals, confining
from storage.sealing import Keyring
from tests.phone import Sandbox
from tests.storage.asking import new_store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that nothing is wrong with."""
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZHUCUN_TOKEN", "42:TOKEN")
    open_store().close()
    return tmp_path / "data"


def told(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *(arguments or ("--no-network",))])


def test_nothing_is_wrong_and_nothing_is_left_behind(folder: Path) -> None:
    done = told()
    assert done.exit_code == 0, done.stdout
    assert "✗" not in done.stdout
    for name in ("数据目录", "磁盘", "数据库", "密钥", "照片存放处", "字体", "令牌"):
        assert f"✓ {name}" in done.stdout or f"! {name}" in done.stdout, name
    assert not [one for one in (folder / "files").rglob("*") if one.is_file()]


def test_an_empty_folder_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "none"))
    monkeypatch.delenv("ZHUCUN_TOKEN", raising=False)
    done = told()
    assert done.exit_code == 1
    assert done.stdout.count("zhucun init") >= 3
    assert not (tmp_path / "none").exists(), "a doctor makes nothing"


def test_keys_of_other_data_and_no_keys(folder: Path) -> None:
    (folder / "zhucun.key").unlink()
    done = told()
    assert (done.exit_code, "✗ 密钥文件" in done.stdout) == (1, True)
    Keyring.new().save(folder / "zhucun.key")
    assert told().exit_code == 0, "nothing is sealed yet, so nothing is lost"


def test_an_older_and_a_newer_schema(folder: Path) -> None:
    for version, says in (("0001", "zhucun upgrade"), ("9999", "新版本的程序")):
        store = open_store() if version == "0001" else None
        if store is not None:
            with store.write.begin() as connection:
                connection.execute(text(f"update alembic_version set version_num = '{version}'"))
            store.close()
        else:
            _number(folder, version)
        done = told()
        assert done.exit_code == 1
        assert says in done.stdout


def _number(folder: Path, version: str) -> None:
    import sqlite3

    with sqlite3.connect(folder / "zhucun.db") as made:
        made.execute("update alembic_version set version_num = ?", (version,))
    made.close()


def test_what_waits_unanswered_is_wrong(folder: Path) -> None:
    with open_store().writing() as session:
        arrivals.keep(session, 42, [(1, b"{}")], datetime.now(UTC) - timedelta(hours=1))
    done = told()
    assert done.exit_code == 1
    assert "✗ 等待处理: 消息 1" in done.stdout


def test_telegram_is_asked_for_token_and_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox.start() as sandbox:
        monkeypatch.setenv("ZHUCUN_API_URL", sandbox.api_url)
        monkeypatch.setenv("ZHUCUN_TOKEN", sandbox.token)
        done = told("--network")
        assert "✓ 令牌: @" in done.stdout
        assert "时钟: 和 Telegram 相差" in done.stdout
        sandbox.faults("401")
        assert "Telegram 不认识" in told("--network").stdout
    done = told("--network")
    assert (done.exit_code, "连不上" in done.stdout) == (1, True)


def test_a_clock_that_is_wrong_is_said() -> None:
    off = doctor._clock(datetime.now(UTC) - timedelta(minutes=10))
    assert (off.level, "校准" in off.do) == (2, True)
    assert doctor._clock(datetime.now(UTC)).level == 0


@pytest.mark.postgresql_only
def test_whether_the_database_refuses_too(tmp_path: Path) -> None:
    store = new_store(str(tmp_path / "z.db"))
    assert [one.level for one in doctor._refusing(store)] == [0]
    with store.write.begin() as connection:
        connection.execute(text(f"REVOKE SELECT ON report FROM {confining.ROLE}"))
    (finding,) = doctor._refusing(store)
    assert (finding.level, confining.ROLE in finding.do) == (1, True)
    store.close()
