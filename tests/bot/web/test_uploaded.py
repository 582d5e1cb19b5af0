"""Lists brought to the console: tried first, each fault with its cell; taken in once; never another person's."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from bot.errands import check_list, import_list
from storage import bots, errands, invitations, journal, uploads
from storage.errands import Errand, ErrandState
from storage.lists import CHECK, IMPORT, LARGEST
from storage.report import Report
from storage.uploads import ListUpload
from tests.bot.web.signed import BASE, Browser, Office, office
from tests.lists import workbook
from tests.storage.asking import NOW

HEADINGS = ["村", "存在问题", "整改期限"]
ROWS = [HEADINGS, ["大桃园", "<b>河边</b>有垃圾", "2026-11-30"], ["大桃园", "路灯不亮", "尽快"]]
ROSTER = [["姓名", "角色", "工作队", "村"], ["韩梅", "队长", "五队", "新村"], ["冯小军", "", "五队", ""]]
REGIONS = [["代码", "名称"], ["120114001003", "新村村委会"]]
DO = {CHECK: check_list, IMPORT: import_list}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        yield made


async def work(here: Office) -> int:
    """Do the errands of lists that wait; how many."""
    with here.store.reading() as session:
        waits = select(Errand).where(Errand.state == ErrandState.WAITING)
        found = [(one.id, one.kind, errands.body_of(session, one)) for one in session.exec(waits)]
    made: list[tuple[Any, ...]] = [one for one in found if one[1] in DO]
    for number, kind, body in made:
        await DO[kind].run(here.context(number), body)
    return len(made)


async def brought(here: Office, browser: Browser, rows: list[list[str]], **fields: str) -> str:
    """The path of a list that was looked at."""
    file = ("C:\\表\\问题.xlsx", workbook(rows))
    status, to = await browser.bring("/lists/look", file, mark=here.mark(browser), **fields)
    assert status == 303
    assert await work(here) == 1
    return to.removeprefix(BASE).partition("?")[0]


async def press(here: Office, browser: Browser, path: str, verb: str, mark: str = "") -> str:
    """Press the first button of that verb; what the page says then."""
    page = (await browser.get(path))[1]
    data = page.partition(f'name="press" value="il:{verb}:')[2].partition('"')[0]
    assert data, page
    fields = {"mark": mark or here.mark(browser), "press": f"il:{verb}:{data}"}
    await browser.post(f"{path}/press", **fields)
    return (await browser.get(path))[1]


def reports(here: Office) -> list[Report]:
    with here.store.reading() as session:
        return list(session.exec(select(Report)))


@pytest.mark.fault("form posted twice")
@pytest.mark.fault("names with HTML")
async def test_a_list_is_tried_then_taken_in_once(here: Office) -> None:
    browser = here.signed_in("孙丽")
    path = await brought(here, browser, ROWS)
    page = (await browser.get(path))[1]
    assert "<h1>问题.xlsx</h1>" in page
    assert "试运行，还没有写入：交办 1 件，有误 1 处" in page
    assert "<b>C3</b> 期限看不懂" in page
    assert reports(here) == []
    again = here.mark(browser)
    assert "正在导入" in await press(here, browser, path, "import", again)
    async with here.http.get(f"{here.url}{path}?watch=1", cookies=browser.cookies) as answer:
        assert answer.headers["refresh"] == "3"
    assert "已经提交过" in (await browser.post(f"{path}/press", mark=again, press="il:import:1:problems"))[1]
    await browser.post(f"{path}/press", mark=here.mark(browser), press="il:import:1:problems")
    assert await work(here) == 1
    page = (await browser.get(path))[1]
    assert ("✓ 已导入：交办 1 件" in page, 'name="press"' in page) == (True, False)
    (made,) = reports(here)
    assert "<b>河边" not in (await browser.get(f"/cases/{made.id}"))[1]
    assert "已在办" in (await browser.get(await brought(here, browser, ROWS)))[1]
    with here.store.reading() as session:
        (line,) = [one for one in journal.lines(session) if one.action == "list.import"]
        assert (line.actor_id, line.record) == (here.county.people["孙丽"], "upload:1")


async def test_a_list_is_left_or_taken_for_another_kind(here: Office) -> None:
    browser = here.signed_in("孙丽")
    both = [["户主", "村", "联系人", "备注"], ["李大山", "大桃园", "王爱民", "漏雨"]]
    path = await brought(here, browser, both)
    assert "有几种可能" in (await browser.get(path))[1]
    assert "正在核对" in await press(here, browser, path, "as")
    assert await work(here) == 1
    page = (await browser.get(path))[1]
    assert "部门比对名单" in page
    assert "没有导入" in await press(here, browser, path, "leave")
    assert await work(here) == 0


@pytest.mark.fault("page link of somebody else")
async def test_a_list_is_its_persons_alone_and_for_a_day(here: Office) -> None:
    browser = here.signed_in("孙丽")
    path = await brought(here, browser, ROWS)
    other = here.signed_in("周正")
    assert (await other.get(path))[0] == 403
    assert (await other.post(f"{path}/press", mark=here.mark(other), press="il:import:1:problems"))[0] == 403
    assert path not in (await other.get("/lists"))[1]
    assert path in (await browser.get("/lists"))[1]
    with here.store.writing() as session:
        (kept,) = session.exec(select(ListUpload))
        assert "大桃园".encode() not in kept.data
        assert uploads.prune(session, NOW + timedelta(hours=23)) == 0
        assert uploads.prune(session, NOW + timedelta(days=1)) == 1
    assert (await browser.get(path))[0] == 404


async def test_what_is_no_list_is_refused_in_words(here: Office) -> None:
    browser = here.signed_in("孙丽")
    for file, says in (
        (("清单.docx", b"x"), "请选一个 xlsx 或 csv 文件"),
        (("清单.csv", b""), "请选一个 xlsx 或 csv 文件"),
        (("清单.csv", b"x" * (LARGEST + 1)), "太大了"),
        (("清单.csv", b"x" * (LARGEST + (1 << 20))), "分成几份"),
    ):
        status, page = await browser.bring("/lists/look", file, mark=here.mark(browser))
        assert (status, says in page) == (400, True)
    status, _page = await browser.post("/lists/look", mark=here.mark(browser))
    assert status == 400
    status, to = await browser.bring("/lists/look", ("清单.xlsx", b"nothing"), mark=here.mark(browser))
    assert await work(here) == 1
    assert "另存为 xlsx" in (await browser.get(to.removeprefix(BASE)))[1]
    status, _page = await browser.bring("/lists/look", ("清.csv", b"x"), mark=here.mark(browser), kind="none")
    assert status == 404


async def test_leaders_bring_none_and_managers_get_an_empty_one(here: Office) -> None:
    assert (await here.signed_in("李明").get("/lists"))[0] == 403
    browser = here.signed_in("孙丽")
    async with here.http.get(f"{here.url}/lists/template?kind=problems", cookies=browser.cookies) as answer:
        assert answer.status == 200
        book = load_workbook(io.BytesIO(await answer.read()))
    assert "存在问题*" in [cell.value for cell in book.worksheets[0][2]]
    assert (await browser.get("/lists/template?kind=x"))[0] == 404


async def test_a_roster_and_regions_are_taken_in_by_administrators_alone(here: Office) -> None:
    """Newcomers' links stand on the page of whoever brought them, sealed as they are kept."""
    with here.store.writing() as session:
        bots.remember(session, here.console.bot, "zhucun_bot")
    chief, other = here.signed_in("周正"), here.signed_in("孙丽")
    for word in ("花名册", "区划表"):
        assert word in (await chief.get("/lists"))[1]
        assert word not in (await other.get("/lists"))[1]
    assert (await other.get("/lists/template?kind=roster"))[0] == 403
    await press(here, chief, await brought(here, chief, REGIONS), "import")
    assert await work(here) == 1
    path = await brought(here, chief, ROSTER)
    page = await press(here, chief, path, "import")
    assert "加入的链接" not in page
    assert await work(here) == 1
    page = (await chief.get(path))[1]
    assert "✓ 已导入：任职 2 人次" in page
    assert page.count("https://t.me/zhucun_bot?start=") == 2
    assert 'href="https://t.me' not in page
    status, file = await chief.get(f"{path}/links")
    assert (status, file.count("https://t.me/zhucun_bot?start="), file[0]) == (200, 2, "\ufeff")
    assert (await other.get(f"{path}/links"))[0] == 403
    assert (await chief.get(path.replace("2", "1") + "/links"))[0] == 404, "regions bring nobody"
    with here.store.reading() as session:
        (one,) = session.exec(select(ListUpload).where(ListUpload.id == 2))
        assert b"t.me" not in (one.shown or b"")
        token = uploads.links(session, one)[0][2].rpartition("=")[2]
        assert invitations.opened(session, token, NOW).person_id
    assert (await other.get(path))[0] == 403


async def test_a_roster_of_somebody_who_may_not_bring_one_is_refused_in_words(here: Office) -> None:
    browser = here.signed_in("孙丽")
    fields = {"mark": here.mark(browser), "kind": "roster"}
    status, to = await browser.bring("/lists/look", ("名册.xlsx", workbook(ROSTER)), **fields)
    assert status == 303
    assert await work(here) == 1
    page = (await browser.get(to.removeprefix(BASE).partition("?")[0]))[1]
    assert "不在您负责的范围内" in page
    assert 'value="il:import' not in page
