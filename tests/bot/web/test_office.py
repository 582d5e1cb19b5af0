"""What administrators change in the console: people, postings, settings, clocks; each change a line of the journal."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from storage import bots, clock_rules, county, journal, letters, names, postings, roster
from storage.duty_rules import DutyRule
from storage.letters import Letter
from storage.people import Person, Posting, Role
from storage.policy import PolicySwitch
from tests.bot.web.signed import BASE, Browser, Office, office
from tests.storage.asking import NOW, PLACES


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        with made.store.writing() as session:
            bots.remember(session, made.console.bot, "zhucun_bot")
        yield made


async def county_admin(here: Office) -> Browser:
    """An administrator of the county alone."""
    with here.store.writing() as session:
        person = roster.add_person(session, "高莉", by=None, now=NOW).id or 0
        postings.post(session, person, Role.ADMIN, region="120114001", by=None, now=NOW)
        here.county.people["高莉"] = person
    return here.signed_in("高莉")


def said(here: Office, record: str) -> list[tuple[str, int]]:
    """What was done to it, and by whom."""
    with here.store.reading() as session:
        return [(str(one["action"]), int(one["actor"])) for one in journal.history(session, record)]


async def send(here: Office, browser: Browser, path: str, **fields: str) -> tuple[int, str]:
    return await browser.post(path, mark=here.mark(browser), **fields)


@pytest.mark.fault("form posted twice")
async def test_somebody_is_added_once_posted_and_ended(here: Office) -> None:
    browser, me = here.signed_in("周正"), here.county.people["周正"]
    mark = here.mark(browser)
    fields = {"name": "林立", "phone": "13812345678", "role": "member", "place": "一队"}
    status, to = await browser.post("/people/add", mark=mark, **fields)
    assert status == 303
    assert "没有再办一次" in (await browser.post("/people/add", mark=mark, **fields))[1]
    number = int(to.rpartition("/")[2])
    with here.store.reading() as session:
        assert [
            one for one in session.exec(select(Person.id)) if names.full(session, one or 0) == "林立"
        ] == [number]
        (posting,) = postings.active(session, number, NOW)
    assert said(here, f"person:{number}") == [("person.add", me), ("posting.begin", me)]
    page = (await browser.get(f"/people/{number}"))[1]
    assert "138****5678" in page
    assert "13812345678" not in page
    assert (await send(here, browser, f"/people/{number}/post", role="supervisor", place="120114101"))[
        0
    ] == 303
    assert (await send(here, browser, f"/postings/{posting.id}/end"))[0] == 303
    with here.store.reading() as session:
        (left,) = postings.active(session, number, NOW)
        assert (left.role, left.region) == (Role.SUPERVISOR, "120114101")


async def test_a_name_is_found_corrected_and_given_a_link_that_is_said_once(here: Office) -> None:
    browser, number = here.signed_in("周正"), here.county.people["王爱民"]
    status, page = await send(here, browser, "/people/find", name="王爱民")
    assert (status, f"{BASE}/people/{number}" in page) == (200, True)
    assert "这里没有人" in (await send(here, browser, "/people/find", name="王爱"))[1]
    assert (await send(here, browser, f"/people/{number}/rename", name="王爱明"))[0] == 303
    assert (await send(here, browser, f"/people/{number}/rename", name="9"))[0] == 400
    status, page = await send(here, browser, f"/people/{number}/link")
    assert (status, "https://t.me/zhucun_bot?start=" in page) == (200, True)
    again = (await browser.get(f"/people/{number}"))[1]
    assert ("start=" in again, "<h1>王爱明</h1>" in again) == (False, True)


async def test_settings_that_change_are_written_and_the_others_stay(here: Office) -> None:
    browser, me = here.signed_in("周正"), here.county.people["周正"]
    page = (await browser.get("/settings?place=120114"))[1]
    assert 'value="16:00"' in page
    fields = {"place": "120114", "summary_weekday": "3", "summary_time": "17:30", "digest_time": "18:00",
              "day_off": "2027-02-08"}  # fmt: skip
    assert (await send(here, browser, "/settings/change", **fields))[0] == 303
    with here.store.reading() as session:
        held = county.rhythm(session, "120114001")
        row = session.get_one(county.RegionSettings, "120114")
    assert (held.summary_weekday, f"{held.summary_time:%H:%M}") == (3, "17:30")
    assert date(2027, 2, 8) in held.extra.off
    assert row.digest_time is None, "what holds already is not written down"
    assert said(here, "region:120114") == [("settings.change", me)]
    for wrong in ({"digest_time": "noon"}, {"day_off": "soon"}):
        assert (await send(here, browser, "/settings/change", place="120114", **wrong))[0] == 400


async def test_a_clock_is_set_from_a_day_on(here: Office) -> None:
    browser, me = here.signed_in("周正"), here.county.people["周正"]
    fields = {"place": "120114", "clock": "verify", "length": "7", "unit": "day", "basis": "区〔2026〕3 号"}
    assert (await send(here, browser, "/clocks/change", **fields))[0] == 303
    page = (await browser.get("/clocks?place=120114"))[1]
    assert "7 天" in page
    assert "区〔2026〕3 号" in page
    with here.store.reading() as session:
        assert clock_rules.Rules(session).of("verify", PLACES[0], date(2026, 11, 21)).length == 7
    assert said(here, "region:120114") == [("clocks.put", me)]
    for wrong in ({"length": "x"}, {"length": "0"}, {"clock": "nothing"}, {"since": "2020-01-01"}):
        assert (await send(here, browser, "/clocks/change", **fields | wrong))[0] == 400


@pytest.mark.fault("form posted twice")
async def test_a_duty_holds_from_a_day_on_and_is_journaled(here: Office) -> None:
    browser, me = here.signed_in("周正"), here.county.people["周正"]
    fields = {
        "place": "120114",
        "visits": "2",
        "daily": "1",
        "asked_by": "区委组织部",
        "basis": "区〔2026〕3 号",
    }
    assert "全队一次" in (await browser.get("/duties?place=120114"))[1]
    mark = here.mark(browser)
    assert (await browser.post("/duties/change", mark=mark, **fields))[0] == 303
    assert "没有再办一次" in (await browser.post("/duties/change", mark=mark, **fields))[1]
    page = (await browser.get("/duties?place=120114"))[1]
    assert ("区委组织部" in page, "区〔2026〕3 号" in page) == (True, True)
    with here.store.reading() as session:
        (rule,) = session.exec(select(DutyRule)).all()
    assert (rule.region, rule.role, rule.visits, rule.daily) == ("120114", "", 2, True)
    assert said(here, "region:120114") == [("duties.put", me)]
    for wrong in (
        {"visits": "x"}, {"visits": "99"}, {"asked_by": ""}, {"since": "2020-01-01"}, {"since": "soon"},
        {"role": "admin"},
    ):  # fmt: skip
        assert (await send(here, browser, "/duties/change", **fields | wrong))[0] == 400, wrong


async def test_a_policy_switch_needs_reason_approver_and_day_and_everybody_is_told(here: Office) -> None:
    here.chats_with("王爱民")
    browser, me = here.signed_in("周正"), here.county.people["周正"]
    fields = {
        "place": "120114", "policy": "names", "why": "<b>汛期</b>值守", "approver": "李主任", "until": "2026-12-31",
    }  # fmt: skip
    for wrong in ({"why": ""}, {"approver": ""}, {"until": ""}, {"until": "2029-01-01"}, {"until": "soon"}):
        assert (await send(here, browser, "/policy/change", **fields | wrong))[0] == 400, wrong
    assert (await send(here, browser, "/policy/change", **fields | {"policy": "x"}))[0] == 404
    assert "现在没有打开的政策开关" in (await browser.get("/policy?place=120114"))[1]
    assert (await send(here, browser, "/policy/change", **fields))[0] == 303
    page = (await browser.get("/policy?place=120114"))[1]
    assert all(word in page for word in ("李主任", "&lt;b&gt;汛期&lt;/b&gt;值守", "2026-12-31"))
    with here.store.reading() as session:
        (one,) = session.exec(select(PolicySwitch)).all()
        (told,) = [letters.payload_of(session, letter)["text"] for letter in session.exec(select(Letter))]
    assert all(word in told for word in ("群里点名", "李主任", "&lt;b&gt;汛期&lt;/b&gt;值守", "2026-12-31"))
    town = await county_admin(here)
    assert (await send(here, town, f"/policy/{one.id}/off"))[0] == 403
    assert (await send(here, browser, f"/policy/{one.id}/off"))[0] == 303
    assert (await send(here, browser, f"/policy/{one.id}/off"))[0] == 404
    assert said(here, "region:120114") == [("policy.on", me), ("policy.off", me)]
    with here.store.reading() as session:
        assert len(session.exec(select(Letter.id)).all()) == 2


async def test_an_administrator_of_a_town_changes_nothing_outside(here: Office) -> None:
    browser = await county_admin(here)
    outside = here.county.people["赵建国"]
    with here.store.reading() as session:
        theirs = session.exec(select(Posting.id).where(Posting.person_id == outside)).one()
        mine = session.exec(select(Posting.id).where(Posting.person_id == here.county.people["孙丽"])).one()
    assert (await browser.get(f"/people/{outside}"))[0] == 403
    assert "赵建国" not in (await browser.get("/people"))[1]
    assert (await send(here, browser, f"/postings/{theirs}/end"))[0] == 403
    for place in ("120114", "120114101", "-"):
        assert (await browser.get(f"/settings?place={place}"))[0] == 403
        assert (await send(here, browser, "/settings/change", place=place, digest_time="19:00"))[0] == 403
        assert (await send(here, browser, "/clocks/change", place=place, clock="mend", length="9"))[0] == 403
        assert (await send(here, browser, "/duties/change", place=place, visits="2", asked_by="x"))[0] == 403
        assert (await browser.get(f"/policy?place={place}"))[0] == 403
        switch = {"policy": "names", "why": "x", "approver": "x", "until": "2026-12-31"}
        assert (await send(here, browser, "/policy/change", place=place, **switch))[0] == 403
    added = {"name": "林立", "role": "supervisor"}
    for place in ("120114", "120114101"):
        assert (await send(here, browser, "/people/add", place=place, **added))[0] == 403
    assert (await send(here, browser, "/people/add", **added | {"role": "admin"}))[0] == 403
    assert (await send(here, browser, "/people/add", place="二队", name="林立", role="member"))[0] == 403
    assert (await send(here, browser, f"/postings/{mine}/end"))[0] == 303
    assert (await send(here, browser, "/settings/change", place="120114001", digest_time="19:00"))[0] == 303


async def test_what_cannot_be_is_refused_in_words(here: Office) -> None:
    browser = here.signed_in("周正")
    for fields in (
        {"name": "", "role": "admin"},
        {"name": "林立", "role": "member", "place": "九队"},
        {"name": "林立", "role": "officer", "place": "120114"},
        {"name": "林立", "role": "supervisor", "place": ""},
    ):
        assert (await send(here, browser, "/people/add", **fields))[0] == 400, fields
    assert (await send(here, browser, "/people/add", name="林立", role="king"))[0] == 404
    assert (await browser.get("/people/999"))[0] == 404
    assert (await send(here, browser, "/postings/999/end"))[0] == 404
    with here.store.reading() as session:
        assert "林立" not in [names.full(session, one or 0) for one in session.exec(select(Person.id))]
