"""The command line for places and people: what it does, what it says, how it ends."""

import shutil
from pathlib import Path

import pytest
import typer
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from bot.commands import households, invites, people, regions, teams, template, units
from bot.settings import open_store
from storage import bots, regions_import
from storage.places import Level

VILLAGE, OTHER = "120114004202", "120114004203"


app = typer.Typer()
for noun, module in {
    "regions": regions, "households": households, "unit": units, "team": teams, "person": people, "invite": invites,
}.items():  # fmt: skip
    app.add_typer(module.app, name=noun)
app.command("template")(template.template)


class Line:
    """The command line of one installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), catch_exceptions=False)

    def does(self, *words: str) -> str:
        """Standard output of a command that must succeed."""
        result = self.run(*words)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def refuses(self, *words: str) -> str:
        """The last line on standard error of a command that must end with 2."""
        result = self.run(*words)
        assert result.exit_code == 2, result.output
        return result.stderr.strip().splitlines()[-1]

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ZHUCUN_TOKEN", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return Line(tmp_path)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped county and a team, to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHUCUN_DATA", str(folder / "data"))
        line = Line(folder)
        line.does("regions", "import", *_lists())
        team = ("team", "add", "--name", "黄庄一队", "--unit", "区水务局")
        line.does(*team, "--village", VILLAGE, "--village", OTHER)
    return folder / "data"


@pytest.fixture
def county(line: Line, furnished: Path) -> Line:
    """With the shipped county and a team."""
    shutil.copytree(furnished, line.folder / "data")
    return line


def _lists() -> list[str]:
    files = regions_import.shipped("120114")
    words = {Level.COUNTY: "--county", Level.TOWN: "--towns", Level.VILLAGE: "--villages"}
    return [part for level, path in files.items() for part in (words[level], str(path))]


def _named(line: Line, name: str = "zhucun_test_bot") -> None:
    store = open_store()
    with store.writing() as session:
        bots.remember(session, 42, name)
    store.close()


def test_regions_are_imported_dry_then_once(line: Line) -> None:
    assert "新增 783" in line.does("regions", "import", *_lists(), "--dry-run")
    assert "武清区" not in line.does("regions", "list")
    assert "新增 783" in line.does("regions", "import", *_lists())
    assert "新增 0，改名 0，不变 783" in line.does("regions", "import", *_lists())
    listed = line.does("regions", "list", "--inside", "120114")
    assert "武清区" in listed
    assert "745" in listed


def test_a_bad_row_of_regions_ends_with_2_and_imports_the_rest(line: Line) -> None:
    towns = line.file("towns.csv", "code,name,areaCode\n620321100,城关镇,620321\n6203,坏,620321\n")
    county = line.file("county.csv", "code,name,cityCode\n620321,永昌县,6203\n")
    result = line.run("regions", "import", "--county", county, "--towns", towns)
    assert result.exit_code == 2
    assert "A3" in result.stderr
    assert "1 行有误" in result.stderr.splitlines()[-1]
    assert "城关镇" in line.does("regions", "list")


def test_regions_without_a_file_or_with_a_wrong_one(line: Line) -> None:
    assert "--county" in line.refuses("regions", "import")
    assert "nothing.csv" in line.refuses("regions", "import", "--towns", "nothing.csv")


def test_units_and_teams_are_added_and_listed(county: Line) -> None:
    assert "区水务局" in county.does("unit", "list")
    county.does("unit", "add", "--name", "区民政局")
    assert county.does("unit", "list").count("局") == 2
    listed = county.does("team", "list", "--region", "120114004")
    assert "黄庄一队" in listed
    assert "区水务局" in listed
    assert "黄庄一队" not in county.does("team", "list", "--region", "120114001")


def test_a_team_needs_a_village_that_is_here(county: Line) -> None:
    assert "999999999999" in county.refuses("team", "add", "--name", "甲", "--village", "999999999999")


def test_a_person_is_added_listed_masked_renamed_and_ended(county: Line) -> None:
    county.does(
        "person", "add", "--telegram-id", "77", "--name", "冯小军", "--role", "member", "--team", "黄庄一队",
        "--phone", "13812345678",
    )  # fmt: skip
    listed = county.does("person", "list")
    assert "冯*军" in listed
    assert "138****5678" in listed
    assert "冯小军" not in listed
    county.does("person", "rename", "1", "--name", "冯大军")
    county.does("person", "end", "1")
    assert "冯*军" not in county.does("person", "list")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "member"), "工作队"),
        (("--role", "member", "--team", "九队"), "九队"),
        (("--role", "supervisor"), "区域"),
        (("--role", "supervisor", "--region", "999999"), "999999"),
        (("--role", "member", "--team", "黄庄一队", "--phone", "12"), "电话"),
    ],
)
def test_a_person_that_cannot_be_posted_is_not_added(county: Line, words: tuple[str, ...], said: str) -> None:
    assert said in county.refuses("person", "add", "--name", "冯小军", "--telegram-id", "77", *words)
    assert "冯" not in county.does("person", "list")
    county.does("person", "add", "--name", "蒋大为", "--telegram-id", "77", "--role", "admin")


def test_an_account_gets_a_further_posting_but_no_other_name(county: Line) -> None:
    for role in ("supervisor", "admin"):
        county.does(
            "person", "add", "--name", "章一", "--telegram-id", "7", "--role", role, "--region", "120114"
        )
    assert county.does("person", "list").count("章*") == 2
    words = ("person", "add", "--name", "章二", "--telegram-id", "7", "--role", "admin")
    assert "登记给别人" in county.refuses(*words)


def test_households_are_imported_dry_then_once_and_listed_masked(county: Line) -> None:
    file = county.file("农户.csv", "户主,卡号,电话\n李大山,WQ-00123,13812345678\n王秀英,WQ-00124,\n")
    words = ("households", "import", file, "--village", VILLAGE)
    assert "新增 2 户" in county.does(*words, "--dry-run")
    assert "新增 2 户" in county.does(*words)
    assert "新增 0 户，更新 0 户，不变 2 户" in county.does(*words)
    listed = county.does("households", "list", "--village", VILLAGE)
    assert "李*山" in listed
    assert "李大山" not in listed
    assert "WQ-00123" not in listed


def test_faults_of_households_are_told_with_their_cells(county: Line) -> None:
    file = county.file("农户.csv", "户主,电话\n李大山,12\n王秀英,\n")
    result = county.run("households", "import", file, "--village", VILLAGE)
    assert result.exit_code == 2
    assert "B2" in result.stderr
    assert "新增 1 户" in result.stdout
    assert "没有代码为" in county.refuses("households", "import", file, "--village", "1")


def test_a_roster_is_imported_and_prints_links(county: Line) -> None:
    file = county.file("名册.csv", "姓名,角色,工作队,电话\n冯小军,队长,黄庄一队,13812345678\n")
    assert "zhucun run" in county.refuses("person", "import", file)
    assert "新人 1" in county.does("person", "import", file, "--dry-run")
    _named(county)
    assert "https://t.me/zhucun_test_bot?start=" in county.does("person", "import", file)
    again = county.does("person", "import", file)
    assert "https://" not in again
    assert "zhucun invite make --person" in again
    assert "https://t.me/" in county.does("invite", "make", "--person", "1")


def test_an_invitation_is_made_drawn_listed_and_revoked(county: Line, tmp_path: Path) -> None:
    words = ("invite", "make", "--role", "member", "--team", "黄庄一队", "--uses", "3", "--days", "2")
    assert "zhucun run" in county.refuses(*words)
    _named(county)
    picture = tmp_path / "qr.png"
    link = county.does(*words, "--qr", str(picture)).strip()
    assert link.startswith("https://t.me/zhucun_test_bot?start=")
    assert picture.read_bytes().startswith(b"\x89PNG")
    listed = county.does("invite", "list")
    assert "0/3" in listed
    assert link.split("=")[1] not in listed
    county.does("invite", "revoke", "1")
    assert "0/3" not in county.does("invite", "list")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--role"),
        (("--role", "member", "--person", "1"), "--role"),
        (("--role", "member"), "工作队"),
        (("--role", "officer"), "区域"),
        (("--person", "99"), "99"),
        (("--role", "admin", "--uses", "0"), "1 到 100"),
        (("--role", "admin", "--days", "400"), "1 到 90"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    county: Line, words: tuple[str, ...], said: str
) -> None:
    _named(county)
    assert said in county.refuses("invite", "make", *words)
    assert "0/" not in county.does("invite", "list")


def test_a_picture_that_cannot_be_written_leaves_the_link(county: Line, tmp_path: Path) -> None:
    _named(county)
    result = county.run("invite", "make", "--role", "admin", "--qr", str(tmp_path / "no" / "qr.png"))
    assert result.exit_code == 2
    assert "https://t.me/" in result.stdout
    assert "链接仍然有效" in result.stderr


def test_numbers_of_nobody_are_refused(county: Line) -> None:
    assert "99" in county.refuses("person", "end", "99")
    assert "99" in county.refuses("person", "rename", "99", "--name", "冯小军")
    assert "99" in county.refuses("invite", "revoke", "99")


def test_a_template_is_filled_in_and_imported(county: Line, tmp_path: Path) -> None:
    """Written by the command line, understood by it; never over a file."""
    path = tmp_path / "区划表.xlsx"
    assert "已写入" in county.does("template", "regions", "--out", str(path))
    assert "已经有了" in county.refuses("template", "roster", "--out", str(path))
    assert "写不进" in county.refuses("template", "roster", "--out", str(tmp_path / "no" / "a.xlsx"))
    book = load_workbook(path)
    for row in (["120114004299", "新村村委会"], ["120114", "武清新区"]):
        book.worksheets[0].append(row)
    book.save(path)
    assert "新增 1，改名 1，不变 0" in county.does("regions", "import", str(path), "--dry-run")
    assert "新增 1，改名 1，不变 0" in county.does("regions", "import", str(path))
    assert "新增 0，改名 0，不变 2" in county.does("regions", "import", str(path))
    assert "一张表" in county.refuses("regions", "import", str(path), "--towns", str(path))
    assert "一张表" in county.refuses("regions", "import")


def test_classes_of_towns_are_tried_brought_and_listed(county: Line) -> None:
    good = county.file("classes.csv", "代码,类别\n120114001000,示范\n120114002,攻坚\n")
    assert "试运行，没有写入：新增或改正 2，不变 0" in county.does("regions", "classes", good, "--dry-run")
    assert "已导入：新增或改正 2，不变 0" in county.does("regions", "classes", good)
    assert "已导入：新增或改正 0，不变 2" in county.does("regions", "classes", good)
    rows = county.does("regions", "list").splitlines()
    assert [row.count("示范") for row in rows if "120114001" in row] == [1]
    mixed = county.file("mixed.csv", "代码,类别\n120114001,正常\n120114002,优秀\n")
    result = county.run("regions", "classes", mixed)
    assert (result.exit_code, "B3" in result.output) == (2, True), result.output
    assert [
        row.count("正常") for row in county.does("regions", "list").splitlines() if "120114001" in row
    ] == [1]
