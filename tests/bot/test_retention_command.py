"""`zhucun retention`, and what `zhucun erase --by-rule` does with it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot import settings
from bot.cli import app
from storage.report import Report
from storage.retention import RetentionRule
from tests.storage.asking import PLACES, add_full, settle

DAY = timedelta(days=1)
NOW = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report of two years ago and one of now."""
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    store = settings.open_store()
    with store.writing() as session:
        county = settle(session)
        for age in (800 * DAY, 0 * DAY):
            answers = {"village": PLACES[0], "purposes": ["look"], "findings": "屋檐塌了"}
            add_full(session, "visit", county.people["王爱民"], answers, at=NOW - age)
    store.close()
    return tmp_path


def zhucun(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def erased() -> int:
    store = settings.open_store()
    with store.reading() as session:
        count = sum(one.erased_at is not None for one in session.exec(select(Report)))
    store.close()
    return count


def test_a_rule_is_set_listed_tried_and_followed(folder: Path) -> None:
    made = zhucun("retention", "set", "reports", "--length", "12", "--basis", "津农9号", "--region", "120114")
    assert made.exit_code == 0, made.output
    assert "共会删除 1 项" in made.output
    (row,) = map(json.loads, zhucun("retention", "list", "--format", "json").stdout.splitlines())
    assert (row["region"], row["what"], row["length"], row["holds"]) == ("120114", "reports", 12, False)
    assert "报告 0 份" in zhucun("erase", "--by-rule", "--dry-run").output
    store = settings.open_store()
    with store.writing() as session:
        session.exec(select(RetentionRule)).one().since -= 30 * DAY
    store.close()
    tried = zhucun("erase", "--by-rule", "--dry-run").output
    assert "120114，个人信息：" in tried
    assert "报告 1 份，文字 1 处" in tried
    assert erased() == 0
    assert "已删除：报告 1 份" in zhucun("erase", "--by-rule").output
    assert erased() == 1
    assert "报告 0 份" in zhucun("erase", "--by-rule").output
    assert zhucun("verify").exit_code == 0
    assert folder.exists()


REFUSED = [
    "retention set reports --length 3 --basis x",
    "retention set reports --length 12",
    "retention set reports --length 12 --basis x --since 去年",
    "retention set reports --length 12 --basis x --since 2020-01-01",
    "retention set reports --length 12 --basis x --region 99",
    "erase --by-rule --before 2020-01-01",
    "erase --before 2020-01-01",
]


def test_what_cannot_be_is_refused_and_without_rules_everything_is_kept(folder: Path) -> None:
    for words in REFUSED:
        assert zhucun(*words.split()).exit_code == 2, words
    assert "报告 0 份" in zhucun("erase", "--by-rule").output
    assert erased() == 0
    assert folder.exists()
