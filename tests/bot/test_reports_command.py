"""`zhucun reports list` and `search`: exit code 0 with data, or 2 with one sentence on standard error."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.commands.reports import app
from bot.commands.search import app as search_app
from bot.settings import open_store
from storage import household_list, journal
from storage.report import ReportState
from tests.storage.asking import NOW, PLACES, County, add_full, settle

NUMBERS = ["ZF-20261120-0001", "ZP-20261119-0001"]


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    """An installation with two reports in the folder that the settings name."""
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    store = open_store()
    with store.writing() as session:
        found = settle(session)
        home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
        answers = {"village": PLACES[0], "household": home.id, "purposes": ["look"], "findings": "屋顶漏雨"}
        team = found.teams["一队"]
        add_full(session, "visit", found.people["王爱民"], answers, team=team, number=NUMBERS[0])
        add_full(
            session, "photo", found.people["赵建国"], {"village": PLACES[2], "findings": "路灯"},
            at=NOW.replace(day=19), number=NUMBERS[1], state=ReportState.WITHDRAWN,
        )  # fmt: skip
    store.close()
    return found


def listed(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["list", *arguments])


def numbers(*arguments: str) -> list[str]:
    done = listed("--format", "json", *arguments)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line)["number"] for line in done.stdout.splitlines()]


def test_json_is_one_object_a_line(county: County) -> None:
    done = listed("--format", "json")
    assert done.exit_code == 0
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert [first["number"], second["number"]] == NUMBERS
    assert {"number", "kind", "author", "team", "village", "state", "sent_at", "photos"} <= set(first)
    assert (first["author"], first["household"]) == ("王爱民", "李*山")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--kind", "visit"], NUMBERS[:1]),
        (["--kind", "照片"], NUMBERS[1:]),
        (["--village", PLACES[0]], NUMBERS[:1]),
        (["--village", "120114101000"], NUMBERS[1:]),
        (["--team", "一队"], NUMBERS[:1]),
        (["--person", "赵建国"], NUMBERS[1:]),
        (["--since", "2026-11-20"], NUMBERS[:1]),
        (["--until", "2026-11-19"], NUMBERS[1:]),
        (["--since", "2026-11-19", "--until", "2026-11-20"], NUMBERS),
        (["--state", "withdrawn"], NUMBERS[1:]),
        (["--state", "未办结"], []),
        (["--words", "漏雨"], NUMBERS[:1]),
        (["--words", "漏雨", "--kind", "photo"], []),
        (["--limit", "1"], NUMBERS[:1]),
    ],
)
def test_each_option_narrows(county: County, arguments: list[str], expected: list[str]) -> None:
    assert numbers(*arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--kind", "诗"], "没有“诗”这种报告"),
        (["--village", "999999"], "999999"),
        (["--team", "无名队"], "无名队"),
        (["--person", "无名"], "没有叫“无名”的人"),
        (["--since", "昨日"], "“昨日”不是日期"),
        (["--until", "2026-13-01"], "不是日期"),
        (["--state", "好"], "没有“好”这个状态"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence_and_exit_2(
    county: County, arguments: list[str], says: str
) -> None:
    done = listed("--format", "json", *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_csv_begins_with_the_mark_that_spreadsheets_look_for(county: County) -> None:
    done = listed("--format", "csv")
    assert done.stdout_bytes.startswith(b"\xef\xbb\xbfnumber,")
    rows = list(csv.DictReader(io.StringIO(done.stdout_bytes.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == NUMBERS


def test_the_table_is_for_reading(county: County) -> None:
    done = listed()
    assert done.exit_code == 0
    assert all(number in done.stdout for number in NUMBERS), "a narrow terminal folds other cells"
    assert "编号" in done.stdout
    assert "李大山" not in done.stdout


def test_every_list_is_journaled_and_a_reveal_with_its_reason(county: County) -> None:
    listed("--format", "csv", "--words", "李大山")
    done = listed("--format", "json", "--reveal", "审计抽查")
    assert json.loads(done.stdout.splitlines()[0])["household"] == "李大山"
    store = open_store()
    with store.reading() as session:
        lines = journal.history(session, "reports")
    store.close()
    assert [line["action"] for line in lines] == ["reports.list", "reports.list", "read"]
    assert lines[2]["reason"] == "审计抽查"
    assert "李大山" not in json.dumps(lines, ensure_ascii=False)


def test_the_life_of_a_report_is_added_when_asked_for(county: County) -> None:
    plain = json.loads(listed("--format", "json").stdout.splitlines()[0])
    whole = json.loads(listed("--format", "json", "--life").stdout.splitlines()[0])
    assert whole == plain | {"revisions": [], "steps": []}


def searched(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["search", *arguments])


SEARCHES: tuple[tuple[list[str], list[str]], ...] = (
    (["漏"], NUMBERS[:1]),
    (["屋顶"], NUMBERS[:1]),
    (["屋顶漏"], NUMBERS[:1]),
    (["屋顶漏雨"], NUMBERS[:1]),
    (["漏雨", "大桃园"], NUMBERS[:1]),
    (["大桃园漏雨 本周"], NUMBERS[:1]),
    (["漏雨", "上周"], []),
    (["李大山", "大桃园"], NUMBERS[:1]),
    (["已撤回"], NUMBERS[1:]),
    (["路灯"], []),
    (["0001"], NUMBERS),
    (["漏雨", "--village", PLACES[2]], []),
    (["漏雨", "--team", "一队", "--kind", "走访"], NUMBERS[:1]),
    (["漏雨", "--since", "2026-11-20", "--until", "2026-11-20"], NUMBERS[:1]),
    (["漏雨", "--until", "2026-11-19"], []),
    (["0001", "--limit", "1"], NUMBERS[:1]),
)


def test_search_gives_the_rows_of_the_chat(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.reports.system_now", lambda: NOW)
    same = [json.loads(line) for line in listed("--format", "json").stdout.splitlines()]
    for arguments, expected in SEARCHES:
        done = searched(*arguments, "--format", "json")
        assert done.exit_code == 0, done.stderr
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert [row["number"] for row in rows] == expected, arguments
        assert all(row in same for row in rows), "the same row as that of the list"


def test_search_says_what_it_cannot_look_up(county: County) -> None:
    for words, says in (("🏠 “”", "没有能查的字词"), (" ".join("词" * 21), "词太多了（21 个）")):
        done = searched(words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert says in done.stderr


def test_search_is_journaled_without_its_words(county: County) -> None:
    assert searched("李大山", "大桃园", "--format", "csv").exit_code == 0
    with open_store().reading() as session:
        lines = [line.body or "" for line in journal.lines(session)]
    assert any("reports.list" in line for line in lines)
    assert not any("李大山" in line for line in lines)


def test_the_index_is_rebuilt_beside_the_running_bot(county: County) -> None:
    with open_store().writing() as session:
        session.exec(text("DELETE FROM report_search"))  # type: ignore[call-overload] # plain SQL
    assert numbers("--words", "漏雨") == []
    done = CliRunner().invoke(search_app, ["rebuild"])
    assert done.exit_code == 0, done.stderr
    assert "2 份报告" in done.stdout
    assert numbers("--words", "漏雨") == NUMBERS[:1]


def exported(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments])


def test_what_search_finds_is_written_as_a_file(county: County, tmp_path: Path) -> None:
    book, table = tmp_path / "结果.xlsx", tmp_path / "结果.csv"
    done = exported("漏雨", "--out", str(book))
    assert (done.exit_code, done.stdout.strip()) == (0, f"已写入 {book}：1 份报告。")
    sheet = load_workbook(book).active
    assert sheet is not None
    assert [row[1:6] for row in sheet.iter_rows(min_row=3, values_only=True)] == [
        (NUMBERS[0], "走访", "杨村街道", "大桃园村", "李*山")
    ]
    assert exported("已撤回", "--out", str(table)).exit_code == 0
    rows = list(csv.reader(io.StringIO(table.read_text("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == NUMBERS[1:]
    for arguments, says in (
        ((str(book),), "已经有了"),
        ((str(tmp_path / "x.pdf"),), "结尾"),
        ((str(tmp_path / "x.zip"),), "没有照片可以导出"),
        ((str(tmp_path / "no" / "x.csv"),), "写不进"),
        ((str(tmp_path / "y.csv"), "--kind", "诗"), "没有“诗”这种报告"),
    ):
        done = exported("漏雨", "--out", *arguments)
        assert done.exit_code == 2
        assert says in done.stderr, arguments
    assert not list(tmp_path.glob(".*")), "nothing half done is left"


def test_an_export_is_journaled_and_revealed_for_a_reason_only(county: County, tmp_path: Path) -> None:
    out = tmp_path / "全部.csv"
    assert exported("--out", str(out), "--village", PLACES[0], "--reveal", "审计抽查").exit_code == 0
    assert "李大山" in out.read_text("utf-8-sig")
    with open_store().reading() as session:
        said = [(line.action, line.body or "") for line in journal.lines(session)]
    assert [action for action, _body in said if action in ("reports.export", "read")] == [
        "reports.export",
        "read",
    ]
    assert "审计抽查" in said[-1][1]
