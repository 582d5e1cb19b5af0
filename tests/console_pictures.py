"""`python -m tests.console_pictures [FOLDER]`: the pictures of the console's page of the docs, at 360 and 1,920 pixels.
Needs Chromium.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Page, async_playwright
from sqlmodel import select

from bot.errands import check_list, export, import_list
from storage import bots, errands, exports, household_list, uploads
from storage.chats import chat_of
from storage.errands import Errand, ErrandState
from storage.exports import ExportState
from storage.reading import LIVE, Filter
from tests.bot.errands.running import Here
from tests.bot.page_world import QUIET, chromium
from tests.bot.web.signed import Office, office
from tests.bot.web.test_in_a_browser import sign_in
from tests.lists import workbook
from tests.starter import PROJECT
from tests.storage.asking import NOW, PLACES, add_full

FOLDER = PROJECT / "docs" / "pictures"
SIZES = {"wide": (1920, 740), "phone": (360, 740)}
PAGES = {
    "exports": "/exports",
    "import": "/lists/1",
    "roster": "/lists/2",
    "duties": "/duties?place=120114",
    "policy": "/policy?place=120114",
}
WHO = "周正"
DO = {"export": export.run, "check_list": check_list.run, "import_list": import_list.run}
LIST = [
    ["村", "存在问题", "整改期限"],
    ["大桃园", "河边有垃圾", "2026-11-30"],
    ["大桃园", "路灯不亮", "尽快"],
    ["西河村", "水渠堵塞", "2026-12-15"],
]
ROSTER = [
    ["姓名", "电话", "角色", "工作队", "单位", "村"],
    ["韩梅", "13812345678", "队长", "刘庄工作队", "区水务局", "120114001002"],
    ["冯小军", "13812345679", "队员", "刘庄工作队", "", ""],
    ["许三多", "1381234", "队员", "刘庄工作队", "", ""],
]


async def main(folder: Path) -> None:
    path = chromium()
    if path is None:
        sys.exit("no Chromium here: install the package chromium")
    with tempfile.TemporaryDirectory() as name:
        async with office(Path(name)) as here, async_playwright() as playwright:
            await fill(here)
            browser = await playwright.chromium.launch(executable_path=path, args=list(QUIET))
            page = await (await browser.new_context(locale="zh-CN")).new_page()
            await sign_in(here, page, WHO)
            for called, address in PAGES.items():
                await shoot(page, here.url + address, folder, called)
            await browser.close()


async def shoot(page: Page, address: str, folder: Path, called: str) -> None:
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(address)
        await page.screenshot(path=folder / f"console-{called}-{size}.png", animations="disabled")


async def fill(here: Office) -> None:
    """Three visits exported, a list tried, a roster taken in, a policy switch turned on, a duty set."""
    setattr(export, "Processes", Here)  # noqa: B010 - as the tests do: a process takes seconds to start
    here.chats_with(WHO)
    with here.store.writing() as session:
        people, actor = here.county.people, here.county.actor(session, WHO)
        home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW).id
        for number in range(3):
            told = {"village": PLACES[0], "household": home, "purposes": ["look"], "findings": "屋顶漏雨"}
            at = NOW - timedelta(days=number)
            add_full(session, "visit", people["王爱民"], told, at=at, number=f"ZF-20261120-{number:04}")
        chat = chat_of(session, here.console.bot, 1000 + people[WHO])
        for form, reason in (("xlsx", ""), ("csv", "县审计局抽查")):
            made = exports.ask(session, actor, chat, Filter(kind="visit", states=LIVE), NOW, on_console=True)
            if reason:
                exports.give_reason(session, actor, reason, NOW)
            exports.start(session, actor, made, form, here.console.bot, NOW)
            made.state = ExportState.DONE  # so that another may begin
        for name, rows in (("问题清单.xlsx", LIST), ("花名册.xlsx", ROSTER)):
            uploads.ask(session, actor, here.console.bot, (name, workbook(rows)), "", "", NOW)
        bots.remember(session, here.console.bot, "zhucun_bot")
    browser = here.signed_in(WHO)
    switch = {"policy": "names", "why": "汛期值守，逐日点名", "approver": "李主任", "until": "2026-12-31"}
    duty = {"visits": "2", "asked_by": "区委组织部", "basis": "区〔2026〕3 号"}
    for path, fields in (("/policy/change", switch), ("/duties/change", duty)):
        await browser.post(path, mark=here.mark(browser), place="120114", **fields)
    with here.store.writing() as session:
        for one in exports.of_person(session, here.county.actor(session, WHO), 9):
            one.state = ExportState.RUNNING
    await work(here)
    await browser.post(
        "/lists/2/press", mark=here.mark(browser), press=f"il:import:{await looked(here)}:roster"
    )
    await work(here)


async def looked(here: Office) -> int:
    """The look that the roster's button belongs to."""
    with here.store.reading() as session:
        upload = uploads.find(session, here.county.actor(session, WHO), 2)
        (_text, rows), _busy = uploads.shown(session, upload) or (("", []), False)
    return int(rows[0][0][1].split(":")[2])


async def work(here: Office) -> None:
    with here.store.reading() as session:
        waits = select(Errand).where(Errand.state == ErrandState.WAITING)
        found = [(one.id, one.kind, errands.body_of(session, one)) for one in session.exec(waits)]
    for number, kind, body in found:
        if kind in DO:
            await DO[kind](here.context(number or 0), body)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
