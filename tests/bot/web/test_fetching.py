"""Exports of the console: a counter on the page, a link for their person and for a day, cancelled half-way."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import unquote

import pytest
from sqlmodel import select

from bot.errands import export, export_gone
from bot.workers import ErrandContext
from storage import errands, household_list, journal
from storage.errands import Errand, ErrandState
from storage.exports import Export, ExportState
from tests.bot.errands.running import Here
from tests.bot.web.signed import BASE, Browser, Office, office
from tests.storage.asking import NOW, PLACES, add_full, add_photo

FILE = re.compile(rf'href="{BASE}(/files/[^"]+)"')


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr(export, "Processes", Here)
    monkeypatch.setattr(export, "LOOK", 0.01)
    async with office(tmp_path) as made:
        made.chats_with("孙丽")
        with made.store.writing() as session:
            home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW).id
            for number, village in enumerate((PLACES[0], PLACES[2])):
                told = {"village": village, "household": None if number else home, "findings": "屋顶漏雨"}
                add_full(
                    session, "visit", made.county.people["赵建国"], told | {"purposes": ["look"]}, at=NOW,
                    number=f"ZF-20261120-000{number}",
                )  # fmt: skip
        yield made


def context(here: Office, kind: str) -> ErrandContext:
    """Of the errand of that kind that waits."""
    with here.store.reading() as session:
        waits = select(Errand.id).where(Errand.kind == kind, Errand.state == ErrandState.WAITING)
        number = session.exec(waits).one() or 0
    return here.context(number)


def body(here: Office, made: ErrandContext) -> dict[str, Any]:
    with here.store.reading() as session:
        told: dict[str, Any] = errands.body_of(session, session.get_one(Errand, made.errand_id))
        return told


async def exported(here: Office, browser: Browser, **fields: str) -> str:
    """Asked for on the page and made; the path of its file."""
    given = {"ledger": "visit", "form": "csv"} | fields
    assert (await browser.post("/export", mark=here.mark(browser), **given))[0] == 303
    made = context(here, "export")
    await export.run(made, body(here, made))
    return str(FILE.findall((await browser.get("/exports"))[1])[0])


async def test_a_list_is_fetched_where_it_was_asked_for(here: Office) -> None:
    """What the screen shows of the own territory, masked; each fetching is a line of the journal."""
    browser = here.signed_in("孙丽")
    path = await exported(here, browser)
    async with here.http.get(here.url + path, cookies=browser.cookies) as answer:
        assert (answer.status, answer.content_type) == (200, "text/csv")
        assert unquote(answer.headers["content-disposition"]).endswith("查询结果 2026-11-20.csv")
        assert answer.headers["cache-control"] == "no-store"
        told = (await answer.read()).decode("utf-8-sig")
    assert "ZF-20261120-0000" in told
    assert ("ZF-20261120-0001" in told, "李大山" in told, "李*山" in told) == (False, False, True)
    with here.store.reading() as session:
        assert [
            (one.action, one.actor_id)
            for one in journal.lines(session)
            if one.action in ("reports.export", "reports.fetch")
        ] == [(f"reports.{what}", here.county.people["孙丽"]) for what in ("export", "fetch")]
        made = session.exec(select(Export)).one()
        assert (made.state, made.done, made.total, made.card_id) == (ExportState.DONE, 1, 1, None)


async def test_names_are_in_full_only_for_a_reason(here: Office) -> None:
    browser = here.signed_in("孙丽")
    told = (await browser.get(await exported(here, browser, reason="县审计局抽查")))[1]
    assert "李大山" in told
    assert "（不打码）" in (await browser.get("/exports"))[1]
    with here.store.reading() as session:
        reads = [one.body or "" for one in journal.lines(session) if one.action == "read"]
    assert any("县审计局抽查" in one for one in reads)


@pytest.mark.fault("page link of somebody else")
@pytest.mark.fault("link to a file of yesterday")
async def test_a_link_is_for_its_person_and_for_a_day(here: Office) -> None:
    browser = here.signed_in("孙丽")
    path = await exported(here, browser)
    assert (await here.signed_in("周正").get(path))[0] == 403
    assert (await here.anybody.get(path))[0] == 401
    forged = path[:-1] + ("0" if path[-1] != "0" else "1")
    for other in (forged, path.replace("/0/", "/1/")):
        assert (await browser.get(other))[0] == 403
    here.clock.pass_(days=1)
    later = here.signed_in("孙丽")
    status, page = await later.get(path)
    assert (status, "已经删除了" in page) == (410, True)
    assert "已删除" in (await later.get("/exports"))[1]
    gone = context(here, "export_gone")
    await export_gone.run(gone, body(here, gone))
    assert here.console.files.listing() == {}


async def test_a_file_that_is_gone_is_said_as_one_of_yesterday(here: Office) -> None:
    browser = here.signed_in("孙丽")
    path = await exported(here, browser)
    (sha,) = here.console.files.listing()
    here.console.files.delete(sha)
    assert (await browser.get(path))[0] == 410


@pytest.mark.fault("export cancelled half-way")
async def test_half_way_it_is_counted_and_cancelled_on_the_page(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, begun = here.signed_in("孙丽"), Event()

    def half(wish: export.Wish) -> None:
        (wish.folder / export.COUNTER).write_text("3 10")
        begun.set()
        for _each in range(6000):
            if (wish.folder / export.STOP).exists():
                return
            Event().wait(0.01)

    monkeypatch.setattr(export, "make", half)
    status, to = await browser.post("/export", mark=here.mark(browser), ledger="visit", form="csv")
    assert (status, to) == (303, f"{BASE}/exports?watch=1")
    made = context(here, "export")
    under_way = asyncio.create_task(export.run(made, body(here, made)))
    page = await seen(partial(browser.get, "/exports?watch=1"), "3 / 10")
    assert '<progress value="3" max="10"' in page
    async with here.http.get(f"{here.url}/exports?watch=1", cookies=browser.cookies) as answer:
        assert answer.headers["refresh"] == "3"
    async with here.http.get(f"{here.url}/exports", cookies=browser.cookies) as answer:
        assert "refresh" not in answer.headers, "never unasked"
    number = re.findall(r"/exports/(\d+)/cancel", page)[0]
    assert (await browser.post(f"/exports/{number}/cancel", mark=here.mark(browser)))[0] == 303
    await asyncio.wait_for(under_way, 60)
    page = (await browser.get("/exports?watch=1"))[1]
    assert ("已取消" in page, FILE.findall(page)) == (True, [])
    assert here.console.files.listing() == {}


async def seen(page: Callable[[], Any], words: str) -> str:
    """The page, once it says that."""
    for _each in range(6000):
        text = str((await page())[1])
        if words in text:
            return text
    raise AssertionError(words)


@pytest.mark.fault("export cancelled half-way")
async def test_cancelled_while_its_files_are_put_away_it_leaves_none(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = here.signed_in("孙丽")
    await browser.post("/export", mark=here.mark(browser), ledger="visit", form="csv")
    made, kept = context(here, "export"), export._kept

    def slow(*given: Any) -> Any:
        with here.store.writing() as session:
            session.exec(select(Export)).one().state = ExportState.CANCELLED
        return kept(*given)

    monkeypatch.setattr(export, "_kept", slow)
    await export.run(made, body(here, made))
    assert len(here.console.files.listing()) == 1
    gone = context(here, "export_gone")
    await export_gone.run(gone, body(here, gone))
    assert here.console.files.listing() == {}


async def test_photos_are_one_zip_however_many(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.export_card.MOST", 10)
    told = {"village": PLACES[0], "purposes": ["look"], "findings": "好"}
    with here.store.writing() as session:
        report = add_full(
            session, "visit", here.county.people["孙丽"], told,
            number="ZF-20261120-0009",
        )  # fmt: skip
        for number in range(2):
            add_photo(session, report).sha256 = here.console.files.keep(bytes(20) + bytes([number]))
    browser = here.signed_in("孙丽")
    await exported(here, browser, form="photos")
    assert len(FILE.findall((await browser.get("/exports"))[1])) == 1
