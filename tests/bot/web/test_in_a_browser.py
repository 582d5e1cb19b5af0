"""The console in a real browser: no script, nothing from elsewhere, no page wider than the screen, every role."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from sqlmodel import select

from bot.web.routes import PAGES
from storage import bots, fetching, household_list, uploads
from storage.exports import Export, ExportState
from storage.fetching import Kept
from storage.people import Role
from storage.places import Region
from storage.report import ReportState
from tests.bot.page_world import QUIET, chromium
from tests.bot.web.signed import Office, office
from tests.drawn import drawn
from tests.storage.asking import NOW, PLACES, add_full, add_photo, add_report

pytestmark = pytest.mark.browser
PATIENCE = 120_000
"""Milliseconds that anything may take. Playwright's own 30 s are less than a busy machine may need for a page."""
PHONE, DESK = (360, 740), (1920, 1080)
SIZES = {"周正": (PHONE, DESK), "孙丽": (PHONE,), "李明": (PHONE,)}
ROLES = {"周正": Role.ADMIN, "孙丽": Role.SUPERVISOR, "李明": Role.LEADER}
UPLOADS = {"周正": "1", "孙丽": "2", "李明": ""}
"""Lists that they have brought; a leader brings none."""
SCOPES = {"周正": "120114", "孙丽": PLACES[0][:9], "李明": "team:1"}
IDS = {"kind": "visit", "report": "1", "person": "1", "figure": "visits"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        with made.store.writing() as session:
            bots.remember(session, made.console.bot, "zhucun_bot")
            for name in filter(UPLOADS.get, UPLOADS):
                brought = ("清单.csv", "村,存在问题".encode())
                uploads.ask(session, made.county.actor(session, name), made.console.bot, brought, "", "", NOW)
            home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
            answers = {
                "village": PLACES[0],
                "household": home.id,
                "purposes": ["safety"],
                "findings": "屋顶漏雨三处，" * 20,
            }
            people, teams = made.county.people, made.county.teams
            visit = add_full(
                session, "visit", people["王爱民"], answers, team=teams["一队"], number="ZF-20261120-0001"
            )
            add_photo(session, visit).sha256 = made.console.files.keep(drawn(size=(640, 480)))
            add_report(session, people["王爱民"], kind="rectification", state=ReportState.ISSUED, due_at=NOW)
            for code, place in zip(
                PLACES, ((39_400_000, 117_000_000), (39_500_000, 117_100_000)), strict=False
            ):
                region = session.get_one(Region, code)
                region.latitude, region.longitude = place
        yield made


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install the package chromium to try the pages")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=list(QUIET), timeout=PATIENCE)
        yield started
        await started.close()


async def window(browser: Browser, **options: Any) -> Page:
    """A page in a context of its own, to be closed with that."""
    context = await browser.new_context(locale="zh-CN", **options)
    context.set_default_timeout(PATIENCE)
    return await context.new_page()


def watched(page: Page, base: str) -> list[str]:
    """What the browser complains of, and what it asks of others."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text))
    page.on("request", lambda ask: None if ask.url.startswith(base) else wrong.append(ask.url))
    return wrong


async def sign_in(here: Office, page: Page, name: str) -> None:
    await page.goto(f"{here.url}/enter/{here.link(name)}")
    await page.get_by_role("button", name="进入").press("Enter")
    await expect(page.get_by_role("heading", name="总览")).to_be_visible()


async def test_from_the_link_to_the_way_out_without_scripts(here: Office, browser: Browser) -> None:
    page = await window(browser, java_script_enabled=False)
    wrong = watched(page, here.url)
    await sign_in(here, page, "孙丽")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    await page.get_by_role("link", name="台账").click()
    await page.get_by_label("找什么").fill("屋顶 大桃园")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("共 1 份")).to_be_visible()
    await page.get_by_role("link", name="ZF-20261120-0001").click()
    await expect(page.get_by_text("李*山")).to_be_visible()
    await page.get_by_label("打开姓名和号码，理由").select_option("核对身份")
    await page.get_by_role("button", name="打开").click()
    await expect(page.get_by_text("李大山")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_text("李*山")).to_be_visible()
    await page.get_by_role("button", name="退出").click()
    await expect(page.get_by_role("heading", name="已退出")).to_be_visible()
    await page.go_back()
    await page.reload()
    await expect(page.get_by_text("登录已经结束")).to_be_visible()
    assert [line for line in wrong if "401" not in line] == []
    await page.context.close()


async def test_a_file_is_fetched_by_a_click_without_scripts(here: Office, browser: Browser) -> None:
    here.chats_with("孙丽")
    page = await window(browser, java_script_enabled=False)
    await sign_in(here, page, "孙丽")
    await page.goto(f"{here.url}/ledgers/visit")
    await page.get_by_role("button", name="导出").click()
    await expect(page.get_by_text("正在准备")).to_be_visible()
    with here.store.writing() as session:
        made, told = session.exec(select(Export)).one(), b"number,village"
        made.state, made.total = ExportState.DONE, 1
        kept = Kept("查询结果.csv", here.console.files.keep(told), len(told))
        fetching.keep(session, made, [kept], here.console.bot, NOW)
    await page.goto(f"{here.url}/exports")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="查询结果.csv").click()
    file = await waiting.value
    assert (file.suggested_filename, await asyncio.to_thread(Path(await file.path()).read_bytes)) == (
        "查询结果.csv",
        told,
    )
    await page.context.close()


async def test_every_page_fits_a_phone_and_a_desk(here: Office, browser: Browser) -> None:
    """As each role; nothing is wider than the screen, nothing complains, nothing asks another host."""
    seen = 0
    for name, sizes in SIZES.items():
        page = await window(browser)
        await sign_in(here, page, name)
        await page.goto(f"{here.url}/ledgers/all")
        await page.get_by_label("找什么").fill("屋顶")
        await page.keyboard.press("Enter")
        await page.wait_for_url(re.compile(r"/found/\d+"))
        wrong, query = watched(page, here.url), page.url.rpartition("/")[2]
        for path in _paths(name, query):
            answer = await page.goto(here.url + path)
            assert answer is not None
            assert answer.status == 200, path
            for width, height in sizes:
                await page.set_viewport_size({"width": width, "height": height})
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, (
                    f"{path} at {width}"
                )
                seen += 1
        assert wrong == []
        await page.context.close()
    assert seen >= 40


def _paths(name: str, query: str) -> list[str]:
    """The pages that somebody may read, each with an id of something that is there; files are no pages."""
    mine = {"query": query, "upload": UPLOADS[name], "scope": SCOPES[name]}
    ids, role = IDS | mine, ROLES[name]
    return [
        re.sub(r"{(\w+)}", lambda found: ids[found[1]], page.path)
        for page in PAGES
        if not page.act
        and role in page.roles
        and not {"{photo}", "{seal}", "template", "links"} & set(page.path.split("/"))
    ]
