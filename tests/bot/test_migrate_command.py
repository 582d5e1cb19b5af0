"""`zhucun migrate` as an operator uses and misuses it."""

from pathlib import Path

import pytest

from bot import lock
from tests import postgres
from tests.starter import zhucun

pytestmark = pytest.mark.sqlite_only(reason="the way leads from SQLite to PostgreSQL")


def address(of: object) -> str:
    return postgres.server().database(of, empty=True).replace("+psycopg", "")


def test_an_installation_moves_and_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    zhucun(folder, "person", "add", "--name", "李爱民", "--role", "admin")
    done = zhucun(folder, "migrate", "--to", address(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "逐行核对无误" in done.stdout
    assert (folder / "zhucun.env").stat().st_mode & 0o777 == 0o600
    (folder / "zhucun.db").rename(folder / "old.db")
    assert "李*民" in zhucun(folder, "person", "list").stdout
    assert not (folder / "zhucun.db").exists()
    again = zhucun(folder, "migrate", "--to", address(folder))
    assert (again.returncode, "SQLite" in again.stderr) == (2, True)


def test_a_target_in_use_a_wrong_address_and_a_running_bot_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    zhucun(one, "person", "add", "--name", "李爱民", "--role", "admin")
    zhucun(
        other, "person", "add", "--name", "王秀英", "--role", "admin", ZHUCUN_DATABASE_URL=address(tmp_path)
    )
    done = zhucun(one, "migrate", "--to", address(tmp_path))
    assert (done.returncode, "不是空的" in done.stderr) == (2, True)
    wrong = zhucun(one, "migrate", "--to", "mysql://x/y")
    assert (wrong.returncode, "--to" in wrong.stderr) == (2, True)
    assert zhucun(one, "migrate", "--to", f"sqlite:///{tmp_path}/x.db").returncode == 2
    with lock.take(one):
        busy = zhucun(one, "migrate", "--to", address(one))
    assert (busy.returncode, "已经有一个机器人在运行" in busy.stderr) == (2, True)
    assert not (one / "zhucun.env").exists()
    assert "李*民" in zhucun(one, "person", "list").stdout
