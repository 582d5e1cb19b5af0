"""The first page, the photo wall and the map of the console: their figures, their pages, their pictures."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from storage import summaries
from storage.clock_runs import ClockRun
from storage.peers import Peers
from storage.photo import Photo
from storage.places import Level, Region, TownClass
from storage.proofs import AFTER, BEFORE
from storage.report import Report, ReportState
from storage.summaries import Scope
from tests.bot.web.signed import Office, office
from tests.reports.sample import sample
from tests.storage.asking import NOW, PLACES, add_full, add_photo, add_report


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        yield made


def late(here: Office, session: Session, number: str, village: str = PLACES[0], team: str = "") -> Report:
    return add_report(
        session, here.county.people["郑强"], village, kind="rectification", state=ReportState.ISSUED, number=number,
        due_at=NOW - timedelta(days=2), team=here.county.teams.get(team),
    )  # fmt: skip


async def test_the_week_is_counted_and_what_is_overdue_stands_there(here: Office) -> None:
    with here.store.writing() as session:
        for day in (1, 1, 2):
            answers = {"village": PLACES[0], "purposes": ["look"], "findings": "平安"}
            add_full(session, "visit", here.county.people["王爱民"], answers, team=here.county.teams["一队"],
                     at=NOW - timedelta(days=day))  # fmt: skip
        late(here, session, "ZG-20261101-0001", team="一队")
        late(here, session, "ZG-20261101-0002", PLACES[2])
    page = (await here.signed_in("孙丽").get("/"))[1]
    assert "杨村街道，2026-W47" in page
    tiles = dict(re.findall(r"<dt>([^<]+)</dt><dd><strong>(?:<a[^>]*>)?(\d+)", page))
    assert (tiles["走访（次）"], tiles["动态清零：超期"]) == ("3", "0")
    assert re.findall(r"ZG-20261101-\d+", page) == ["ZG-20261101-0001"]
    assert 'class="chart" role="img" aria-label="每天走访：' in page
    assert "11-19 2" in page
    whole = (await here.signed_in("周正").get("/?scope=120114"))[1]
    assert set(re.findall(r"ZG-20261101-\d+", whole)) == {"ZG-20261101-0001", "ZG-20261101-0002"}
    town = (await here.signed_in("周正").get(f"/?scope={PLACES[2][:9]}"))[1]
    assert set(re.findall(r"ZG-20261101-\d+", town)) == {"ZG-20261101-0002"}, "another town's stand there"
    assert f'/ledgers/late?place={PLACES[2][:9]}">' in town
    team = (await here.signed_in("周正").get("/?scope=team:1"))[1]
    assert re.findall(r"ZG-20261101-\d+", team) == ["ZG-20261101-0001"]
    shown = (await here.signed_in("孙丽").get("/ledgers/late"))[1]
    assert "ZG-20261101-0001" in shown
    assert "11-18 超期" in shown


async def test_a_figure_opens_as_many_records_as_it_says(here: Office) -> None:
    with here.store.writing() as session:
        for place, team, count in ((PLACES[0], "一队", 3), (PLACES[2], "二队", 2)):
            for _each in range(count):
                answers = {"village": place, "purposes": ["look"], "findings": "平安"}
                add_full(session, "visit", here.county.people["王爱民"], answers, team=here.county.teams[team],
                         at=NOW - timedelta(days=1))  # fmt: skip
    for who, scope, count in (("周正", "120114", 5), ("孙丽", PLACES[0][:9], 3), ("李明", "team:1", 3)):
        browser = here.signed_in(who)
        page = (await browser.get(f"/?scope={scope}"))[1]
        ((link, said),) = re.findall(rf'<strong><a href="/office(/weeks/{scope}/visits)">(\d+)</a>', page)
        status, records = await browser.get(link)
        assert (status, said, f"共 {count} 份" in records) == (200, str(count), True), who
        assert "2026-W47 走访次数" in records
        given = {"scope": scope, "figure": "visits", "week": "2026-W47"}
        status, place = await browser.post("/ask", mark=here.mark(browser), **given, kind="photo")
        narrowed = (await browser.get(place.removeprefix("/office")))[1]
        assert (status, "没有找到" in narrowed) == (303, True), "a form there stands on the same records"
    assert (await here.signed_in("孙丽").get("/weeks/120114/visits"))[0] == 403
    assert (await here.signed_in("周正").get("/weeks/120114/secrets"))[0] == 404
    assert (await here.signed_in("周正").get("/weeks/120114/visits?week=2026-W99"))[0] == 404


def tile(page: str, label: str) -> tuple[str, str]:
    """Where the number of a tile leads ("" for nowhere), and the number."""
    found = re.search(rf'<dt>{label}</dt><dd><strong>(?:<a href="([^"]+)">)?(\d+)', page)
    assert found, label
    return (found[1] or "").removeprefix("/office"), found[2]


async def test_what_is_past_its_clock_opens_as_many_cases(here: Office) -> None:
    with here.store.writing() as session:
        for number, days in (("ZG-20261101-0001", 2), ("ZG-20261101-0002", -2)):
            since, due = NOW - timedelta(days=9), NOW - timedelta(days=days)
            report = late(here, session, number)
            report.sent_at = since
            session.add(ClockRun(report_id=report.id or 0, clock="mend", since=since, due_at=due))
    page = (await here.signed_in("孙丽").get("/"))[1]
    link, count = tile(page, "动态清零：超期")
    records = (await here.signed_in("孙丽").get(link))[1]
    assert (count, re.findall(r">(ZG-20261101-\d+)<", records)) == ("1", ["ZG-20261101-0001"])
    assert (await here.signed_in("李明").get(link))[0] == 403, "the town is not the team's"


async def test_what_waits_for_me_opens_as_many_cases(here: Office) -> None:
    with here.store.writing() as session:
        for number in range(1, 34):
            late(here, session, f"ZG-20261101-{number:04}").team_id = here.county.teams["一队"]
    leader = here.signed_in("李明")
    link, count = tile((await leader.get("/"))[1], "等我办理")
    first, second = (await leader.get(link))[1], (await leader.get(link + "?page=1"))[1]
    numbers = [re.findall(r">(ZG-20261101-\d+)<", page) for page in (first, second)]
    assert (link, count, [len(some) for some in numbers]) == ("/todo", "33", [30, 3])
    assert len({*numbers[0], *numbers[1]}) == 33
    assert ("下一页" in first, "上一页" in first, "下一页" in second, "上一页" in second) == (
        True,
        False,
        False,
        True,
    )
    assert (await leader.get("/todo?page=x"))[0] == 404
    assert "没有等您办理的事" in (await here.signed_in("周正").get("/todo"))[1]


async def test_the_silent_teams_are_named_where_their_number_leads(here: Office) -> None:
    with here.store.writing() as session:
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": "平安"}
        add_full(session, "visit", here.county.people["王爱民"], answers, team=here.county.teams["一队"],
                 at=NOW - timedelta(days=1))  # fmt: skip
    page = (await here.signed_in("周正").get("/?scope=120114"))[1]
    link, count = tile(page, "没有报告的队")
    named = page[page.index('id="silent"') :]
    assert (link, count) == ("#silent", str(named.count("<li>")))
    assert ("<li>二队</li>" in named, "<li>一队</li>" in named) == (True, False)


async def test_a_leader_has_the_week_of_the_team(here: Office) -> None:
    status, page = await here.signed_in("李明").get("/")
    assert (status, "一队，2026-W47" in page, "没有超期的" in page) == (200, True, True)


def _photo(session: Session, report: Report, question: str) -> Photo:
    photo = add_photo(session, report)
    photo.question = question
    return photo


async def test_the_wall_turns_its_pages_and_pairs_stand_side_by_side(here: Office) -> None:
    with here.store.writing() as session:
        mended = late(here, session, "ZG-20261101-0001")
        session.flush()
        before, after = _photo(session, mended, BEFORE).id, _photo(session, mended, AFTER).id
        for number in range(24):
            one = add_report(
                session, here.county.people["孙丽"], number=f"ZP-20261120-{number:04}", kind="photo"
            )
            session.flush()
            add_photo(session, one)
        gone = add_report(session, here.county.people["孙丽"], kind="photo", state=ReportState.WITHDRAWN)
        session.flush()
        withdrawn = add_photo(session, gone).id
    browser = here.signed_in("孙丽")
    page = (await browser.get("/wall"))[1]
    seen = [int(one) for one in re.findall(r"/photos/(\d+)/small", page)]
    assert len(seen) == 24
    assert withdrawn not in seen
    (more,) = re.findall(r'href="[^"]*?(/wall\?place=&amp;before=\d+)"', page)
    rest = (await browser.get(more.replace("&amp;", "&")))[1]
    assert [int(one) for one in re.findall(r"/photos/(\d+)/small", rest)] == [after, before]
    pairs = (await browser.get("/wall/pairs"))[1]
    assert [int(one) for one in re.findall(r"/photos/(\d+)/small", pairs)] == [before, after]
    assert "ZG-20261101-0001" in pairs
    assert (await browser.get("/wall?before=x"))[0] == 404


async def test_villages_lie_where_they_are(here: Office) -> None:
    """North above, and one where something is overdue is red."""
    with here.store.writing() as session:
        late(here, session, "ZG-20261101-0001")
        for code, place in {
            PLACES[0]: (39_400_000, 117_000_000),
            PLACES[1]: (39_500_000, 117_100_000),
        }.items():
            region = session.get_one(Region, code)
            region.latitude, region.longitude = place
    page = (await here.signed_in("孙丽").get("/villages"))[1]
    dots = re.findall(r'<circle class="dot ?(\w*)" cx="([\d.]+)" cy="([\d.]+)"', page)
    assert len(dots) == 2
    by_kind = {kind: (float(x), float(y)) for kind, x, y in dots}
    assert by_kind["alarm"][0] < by_kind["quiet"][0], "further west"
    assert by_kind["alarm"][1] > by_kind["quiet"][1], "further south"
    assert f"?place={PLACES[0]}" in page
    assert PLACES[2] not in page
    assert "还没有村的坐标" in (await here.signed_in("周正").get("/villages?place=120114101"))[1]


@pytest.mark.fault("10,000 villages in one list")
async def test_ten_thousand_villages_are_pages(here: Office) -> None:
    with here.store.writing() as session:
        for town in range(10):
            session.add(
                Region(code=f"1201142{town:02}", name=f"第{town}镇", level=Level.TOWN, parent="120114")
            )
        session.flush()
        rows = [
            {"code": f"1201142{town:02}{number:03}", "name": f"{number}村委会", "level": Level.VILLAGE, "closed": False,
             "parent": f"1201142{town:02}"}
            for town in range(10) for number in range(1000)
        ]  # fmt: skip
        session.connection().execute(insert(SQLModel.metadata.tables["region"]), rows)
    browser = here.signed_in("周正")
    for path in ("/villages", "/ledgers/all", "/wall", "/people", "/settings"):
        status, page = await browser.get(path)
        assert (status, len(page) < 100_000) == (200, True), path
    assert "村太多，画不下" in (await browser.get("/villages"))[1]
    codes = re.findall(r'place=(\d{12})"', (await browser.get("/villages?place=120114200"))[1])
    assert codes == [f"120114200{number:03}" for number in range(50)]
    later = (await browser.get(f"/villages?place=120114200&after={codes[-1]}"))[1]
    assert re.findall(r'place=(\d{12})"', later)[0] == "120114200050"


async def test_the_week_that_closed_stands_beside_the_towns_of_its_class(here: Office) -> None:
    town, bounds = Scope(PLACES[0][:9]), (NOW - timedelta(weeks=2), NOW - timedelta(weeks=1))
    assert "中位数" not in (await here.signed_in("孙丽").get("/"))[1]
    with here.store.writing() as session:
        peers = Peers(TownClass.NORMAL, 3, 9.5, 4.0)
        kept = sample(scope=str(town), week="2026-W46", teams=2, peers=peers).as_json()
        summaries.freeze(session, town, "2026-W46", bounds, kept, NOW)
    page = (await here.signed_in("孙丽").get("/"))[1]
    assert "2026-W46：其他3个正常类乡镇每队走访的中位数是9.5次、覆盖4户；本乡镇每队是193次、175.5户。" in page
    assert "中位数" not in (await here.signed_in("周正").get("/?scope=120114"))[1]
