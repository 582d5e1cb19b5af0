"""What programs read: masked, by pages, with tags and limits; refusals that say what to do; every reading journaled."""

import hashlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from reports import figures
from reports.week import parse
from storage import household_list, roster
from storage.journal import JournalEntry
from storage.people import Person, Role
from storage.photo import PhotoState
from storage.photos import PREVIEW, copied
from storage.report import ReportState
from storage.sealing import seal_text
from storage.summaries import Scope
from tests.bot.api.programs import Programs, programs
from tests.storage.asking import NOW, PLACES, add_full, add_photo, add_report

PHONE, HEAD = "13812345678", "欧阳青山"
NUMBER = "ZF-20261120-0009"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Programs]:
    async with programs(tmp_path) as made:
        yield made


def visit(here: Programs, findings: str = f"屋顶漏雨，电话 {PHONE}", number: str = NUMBER) -> None:
    with here.store.writing() as session:
        home = household_list.add(session, PLACES[0], HEAD, by=None, now=NOW)
        answers = {"village": PLACES[0], "household": home.id, "purposes": ["safety"], "findings": findings,
                   "place": [39.4, 117.0]}  # fmt: skip
        people, teams = here.county.people, here.county.teams
        at = NOW - timedelta(hours=1)
        add_full(session, "visit", people["王爱民"], answers, team=teams["一队"], number=number, at=at)


def lines(here: Programs) -> list[tuple[str, str]]:
    """Records and bodies of what the API has told."""
    with here.store.reading() as session:
        found = session.exec(select(JournalEntry).where(JournalEntry.action == "api.read"))
        return [(one.record, one.body or "") for one in found]


async def test_a_report_is_masked_in_lists_and_alone_and_each_reading_journaled(here: Programs) -> None:
    visit(here)
    program = here.program()
    listed = (await program.get("/v1/reports")).json["items"]
    whole = (await program.get(f"/v1/reports/{NUMBER}")).json
    assert {name: whole[name] for name in listed[0]} == listed[0]
    assert (whole["head"], whole["author"], whole["kind_name"]) == ("欧**山", "王*民", "走访")
    said = {one["name"]: one["text"] for one in whole["answers"]}
    assert (said["place"], said["findings"]) == ("已提供", "屋顶漏雨，电话 138****5678")
    assert [one["words"] for one in whole["life"]] == ["发送"]
    for text in map(str, (listed, whole)):
        assert not [word for word in (HEAD, PHONE, "王爱民", "39.4", "[#") if word in text]
    told = lines(here)
    assert [record for record, _body in told] == ["reports:1", f"report:{NUMBER}"]
    assert all('"token": 1' in body and HEAD not in body for _record, body in told)


async def test_pages_meet_without_gap_both_ways_and_narrow(here: Programs) -> None:
    with here.store.writing() as session:
        for number in range(25):
            at = NOW - timedelta(minutes=number // 2)
            add_report(session, here.county.people["孙丽"], at=at, number=f"ZF-20261120-{number:04}")
        add_report(session, here.county.people["赵建国"], PLACES[2], number="ZF-20261120-9999")
    program = here.program()
    newest = [one["number"] for one in await program.all("/v1/reports?limit=7")]
    oldest = [one["number"] for one in await program.all("/v1/reports?limit=4&oldest=true")]
    assert newest == oldest[::-1]
    assert (len(newest), len(set(newest))) == (25, 25)
    since = (NOW - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (
        len((await program.get(f"/v1/reports?since={since}&until=2026-11-20T04:00:00Z")).json["items"]) == 4
    )
    for nothing in ("kind=photo", f"region={PLACES[1]}", "state=open", "words=屋顶", "late=true", "team=99"):
        assert (await program.get(f"/v1/reports?{nothing}")).json == {"items": [], "next": None}, nothing
    assert (await program.get("/v1/reports?cursor=nonsense")).status == 404


async def test_cases_of_every_kind_come_in_one_order_with_their_life(here: Programs) -> None:
    people, teams = here.county.people, here.county.teams
    with here.store.writing() as session:
        for number in range(9):
            answers: dict[str, Any] = {"village": PLACES[0], "findings": "路灯不亮", "due": "2026-12-01"}
            at = NOW - timedelta(hours=number)
            kind, more = ("rectification", {"team": teams["一队"]}) if number % 2 else ("visit", {})
            add_full(
                session, kind, people["孙丽"], answers | more | {"purposes": ["safety"]}, team=teams["一队"],
                at=at, number=f"ZG-20261120-{number:04}",
                state=ReportState.ISSUED if number % 2 else ReportState.SENT,
            )  # fmt: skip
        home = {"village": PLACES[0], "category": "illness", "urgency": "usual", "findings": "病"}
        add_full(
            session, "hardship", people["王爱民"], home, at=NOW - timedelta(hours=2), state=ReportState.OPEN
        )
    program = here.program()
    found = await program.all("/v1/cases?limit=2")
    assert [one["kind"] for one in found] == ["rectification", "hardship", *["rectification"] * 3]
    assert [one["number"] for one in found if one["kind"] == "rectification"] == [
        f"ZG-20261120-{number:04}" for number in (1, 3, 5, 7)
    ]
    assert found == (await program.all("/v1/cases?limit=2&oldest=true"))[::-1]
    assert len(await program.all("/v1/cases?kind=rectification&open=true&state=issued")) == 4
    assert (await program.all("/v1/cases?open=true&state=struck_off")) == []
    assert all(one["life"][0]["what"] == "sent" for one in found)


async def test_a_tag_that_still_holds_saves_the_answer(here: Programs) -> None:
    visit(here)
    program = here.program()
    first = await program.get(f"/v1/reports/{NUMBER}")
    tag = first.headers["etag"]
    again = await program.get(f"/v1/reports/{NUMBER}", if_none_match=f'"other", W/{tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert len(lines(here)) == 1, "nothing was told the second time"
    with here.store.writing() as session:
        person = session.get_one(Person, here.county.people["王爱民"])
        person.name = seal_text(session, "person.name", person.uid, "王小二")
    changed = await program.get(f"/v1/reports/{NUMBER}", if_none_match=tag)
    assert (changed.status, changed.json["author"]) == (200, "王*二")


async def test_photos_are_listed_with_their_hashes_and_given_without_their_place(here: Programs) -> None:
    """An original that was sent as a file may hold a place: its upright copy is given instead."""
    visit(here)
    plain, upright = b"\xff\xd8\xff plain", b"\xff\xd8\xff upright"
    with here.store.writing() as session:
        report = add_report(session, here.county.people["王爱民"], number="ZF-20261120-0010")
        session.flush()
        sent, file, waiting = (add_photo(session, report) for _each in range(3))
        sent.sha256 = here.files.keep(plain)
        file.sha256, file.as_file = here.files.keep(b"\xff\xd8\xff with GPS"), True
        waiting.state, waiting.sha256 = PhotoState.WAITING, None
        copied(session, file.id or 0, PREVIEW, here.files.keep(upright))
        uids = [one.uid for one in (sent, file, waiting)]
    program = here.program()
    manifest = (await program.get("/v1/reports/ZF-20261120-0010/photos")).json["items"]
    assert [one["uid"] for one in manifest] == uids
    given = [await program.get(f"/v1/photos/{uid}") for uid in uids]
    assert [one.status for one in given] == [200, 200, 404]
    assert [one.body for one in given[:2]] == [plain, upright]
    assert given[0].headers["content-type"] == "image/jpeg"
    assert hashlib.sha256(given[1].body).hexdigest() == manifest[1]["served_sha256"] != manifest[1]["sha256"]
    again = await program.get(f"/v1/photos/{uids[0]}", if_none_match=given[0].headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert [record.partition(":")[0] for record, _body in lines(here)] == ["photo", "photo"]


async def test_regions_teams_people_and_households(here: Programs) -> None:
    visit(here)
    with here.store.writing() as session:
        roster.add_person(session, "钱进", phone=PHONE, by=None, now=NOW)
    town, team, whole = here.program(), here.program(Role.LEADER, "一队"), here.program(Role.ADMIN, "")
    assert [one["code"] for one in await town.all("/v1/regions?limit=2")] == ["120114001", *PLACES[:2]]
    assert [one["code"] for one in await team.all("/v1/regions")] == [PLACES[0]]
    assert len(await whole.all("/v1/regions?limit=4")) == 9
    assert [one["name"] for one in await town.all("/v1/teams?limit=1")] == ["一队", "三队"]
    (mine,) = await team.all("/v1/teams")
    assert mine["people"] == [{"name": "王*民", "role": "member"}, {"name": "李*", "role": "leader"}]
    known = {one["name"]: one for one in await whole.all("/v1/people?limit=3")}
    assert {"孙*", "周*"} <= set(known)
    assert known["孙*"]["posts"][0]["where"] == "杨村街道"
    (home,) = await team.all("/v1/households")
    assert (home["head"], home["phone"]) == ("欧**山", "")
    assert (await team.get(f"/v1/households/{home['uid']}")).json == home
    assert (await team.get("/v1/me")).json["villages"] == [PLACES[0]]
    kinds = {one["kind"]: one for one in (await team.get("/v1/kinds", accept_language="en")).json["items"]}
    assert kinds["visit"]["name"] == "Visit"
    assert {"issued", "struck_off"} <= {one["state"] for one in kinds["rectification"]["states"]}
    assert not [one for one in map(str, (known, home, mine)) if PHONE in one or HEAD in one]


async def test_weeks_are_those_of_the_chat(here: Programs) -> None:
    visit(here)
    scope, week = Scope("120114001"), parse("2026-W46")
    with here.store.writing() as session:
        made = figures.make(session, scope, figures.closed_week(session, scope, week), NOW)
    program = here.program()
    assert [one["week"] for one in await program.all("/v1/weeks")] == ["2026-W46"]
    told = (await program.get("/v1/weeks/2026-W46")).json
    assert (told["name"], told["total"]["visits"]) == (made.name, made.total.visits)
    now = (await program.get("/v1/weeks/2026-W47?scope=120114001")).json
    assert (now["total"]["visits"], now["scope"]) == (1, "120114001")
    team = here.program(Role.LEADER, "一队")
    mine = (await team.get("/v1/weeks/2026-W47")).json
    assert mine["total"]["visits"] == 1
    everybody = {one["id"]: one["name"] for one in await here.program(Role.ADMIN, "").all("/v1/people")}
    told = {one["person"] for one in mine["members"]}
    assert told - set(everybody) == {here.county.people["郑强"]}, "whose posting ended within the week"
    assert here.county.people["王爱民"] in told
    assert not any(name[0] in str(mine["members"]) for name in everybody.values()), "numbers, no names"
    assert any(record == "team:1" and '"members"' in body for record, body in lines(here))
    for path in ("/v1/weeks/2026-W48", "/v1/weeks/2026-W59", "/v1/weeks/2026-W46?scope=120114"):
        assert (await program.get(path)).status == 404, path


@pytest.mark.fault("program asks too fast")
async def test_a_program_that_asks_too_fast_waits_and_the_others_do_not(tmp_path: Path) -> None:
    async with programs(tmp_path, rate=3) as here:
        fast, other = here.program(), here.program()
        assert [(await fast.get("/v1/me")).status for _each in range(5)] == [200, 200, 200, 429, 429]
        here.clock.pass_(seconds=20)
        said = await fast.get("/v1/me", accept_language="en-GB")
        assert (said.status, said.headers["retry-after"]) == (429, "40")
        assert said.json["type"] == "urn:zhucun:too-many"
        assert "40 seconds" in said.json["detail"]
        assert (await other.get("/v1/me")).status == 200
        here.clock.pass_(seconds=40)
        assert (await fast.get("/v1/me")).status == 200


async def test_refusals_are_problems_that_say_what_to_do(here: Programs) -> None:
    program, anybody = here.program(), here.anybody
    asked = {
        "/v1/reports": (anybody, 401, "令牌"),
        "/v1/people": (program, 403, "管理员"),
        "/v1/reports/ZF-1": (program, 404, "编号"),
        "/v1/reports?limit=0&kind=x": (program, 422, "kind、limit"),
        "/v1/nowhere": (program, 404, "接口说明页"),
        "/v1/households/nothing": (program, 422, "uid"),
    }
    for path, (who, status, words) in asked.items():
        said = await who.get(path)
        assert (said.status, said.headers["content-type"]) == (status, "application/problem+json"), path
        assert said.json["status"] == status
        assert words in said.json["detail"], said.json
        assert said.headers["x-content-type-options"] == "nosniff"
    for verb in ("POST", "PUT", "DELETE", "PATCH"):
        said = await program.get("/v1/reports", verb)
        assert (said.status, said.headers["allow"]) == (405, "GET")
    assert (await anybody.get("/v1/reports?limit=0")).status == 401, (
        "nobody is told what a good request would be"
    )


async def test_the_description_and_its_page_need_no_token_and_no_other_host(here: Programs) -> None:
    page, described = await here.anybody.get("/"), await here.anybody.get("/openapi.json")
    assert (page.status, described.status) == (200, 200)
    assert "<script" not in page.text
    assert page.text.count("http") == page.text.count(here.url), "nothing is loaded from elsewhere"
    assert "script-src" not in page.headers["content-security-policy"]
    assert described.json["openapi"].startswith("3.")
    english = await here.anybody.get("/?lang=en")
    assert "Reports of every kind" in english.text
    assert not [one for one in english.text if "\u4e00" <= one <= "\u9fff"]


@pytest.mark.fault("token in a log")
async def test_no_token_is_in_any_log(here: Programs, caplog: pytest.LogCaptureFixture) -> None:
    program = here.program()
    with caplog.at_level(logging.DEBUG):
        for path in ("/v1/me", "/v1/nowhere", f"/v1/reports?words={program.token}"):
            await program.get(path)
        here.api.files = None  # type: ignore[assignment] # something breaks
        with here.store.writing() as session:
            report = add_report(session, here.county.people["王爱民"])
            session.flush()
            uid = add_photo(session, report).uid
        said = await program.get(f"/v1/photos/{uid}")
    assert (said.status, said.json["type"]) == (500, "urn:zhucun:failed")
    assert said.json["detail"].rpartition("：")[2].rstrip("。") in caplog.text
    secret = program.token.partition("_")[2]
    assert secret not in caplog.text
    with here.store.reading() as session:
        assert not [one for one in session.exec(select(JournalEntry)) if secret in (one.body or "")]
