"""`python -m tests.pictures`: the pictures of the README, made from the running program.

A demo is started in a folder of its own and a member reports a visit with photos; the managing group has last
Friday's summary. Needs Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bot.clock import system_now
from bot.demo.cast import COUNTY
from bot.demo.plan import days_of
from reports.week import week_of
from tests.bot.page_world import QUIET, chromium
from tests.demo_world import Demo, Desk, drawn, reports_a_visit, started
from tests.starter import PROJECT

FOLDER = PROJECT / "docs" / "pictures"
WIDE, NARROW = (1600, 1000), (390, 844)
MEMBER, LEADER, WATCHER = "王磊", "赵敏", "孙涛"


def main() -> None:
    path = chromium()
    if path is None:
        sys.exit("no Chromium here: install the package chromium")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, started(Path(folder) / "demo") as demo:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
            page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
            phones(page, demo, drawn(Path(folder)))
            browser.close()
        chart(demo, Path(folder))
    sys.stdout.write(f"{', '.join(sorted(one.name for one in FOLDER.glob('*.png')))}\n")


def phones(page: Page, demo: Demo, photos: list[Path]) -> None:
    """Three phones side by side, and one of them as on a phone."""
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.goto(demo.url)
    desk = Desk(page)
    reports_a_visit(desk, MEMBER, photos)
    desk.sees(MEMBER, "已全部保存")
    desk.sees(LEADER, f"{MEMBER}报了走访")
    desk.sees(WATCHER, "存证链")
    summary = desk.phone(WATCHER).locator(".theirs .bubble").filter(has=page.locator("img")).last
    summary.evaluate("bubble => bubble.scrollIntoView({block: 'start'})")
    page.screenshot(path=FOLDER / "phones.png", animations="disabled")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.reload()
    expect(desk.phone(MEMBER).get_by_role("button", name="再报一户")).to_be_in_viewport()
    page.screenshot(path=FOLDER / "phone.png", animations="disabled")


def chart(demo: Demo, folder: Path) -> None:
    """The county's last week, as its managing group got it."""
    week = str(week_of(days_of(system_now()).friday))
    demo.zhucun("weekly", "--region", COUNTY, "--week", week, "--out", str(folder / "weekly"))
    (FOLDER / "weekly-chart.png").write_bytes((folder / "weekly" / "chart.png").read_bytes())


if __name__ == "__main__":
    main()
