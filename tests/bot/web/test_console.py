"""The console over HTTP: coming in and going out, headers, forged forms, and nothing in the log."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.web.console import COOKIE, TRIES
from bot.web.limits import KEYS, Limit
from storage import console
from storage.people import Role
from tests.bot.web.signed import BASE, Office, office
from tests.storage.asking import NOW


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as made:
        yield made


async def test_the_link_asks_before_it_counts_and_counts_once(here: Office) -> None:
    """Programs that open links to look behind them use nothing up."""
    token = here.link("孙丽")
    for _each in range(2):
        status, page = await here.anybody.get(f"/enter/{token}")
        assert (status, f'value="{token}"' in page) == (200, True)
    status, to = await here.anybody.post("/enter", token=token)
    assert (status, to) == (303, f"{BASE}/")
    status, page = await here.anybody.post("/enter", token=token)
    assert (status, "用过了" in page) == (400, True)


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(here: Office) -> None:
    async with here.http.post(
        f"{here.url}/enter", data={"token": here.link("孙丽")}, allow_redirects=False
    ) as answer:
        cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", f"Path={BASE}", "Max-Age=28800"))
    assert "Secure" not in cookie


async def test_over_https_it_is_for_https_alone(tmp_path: Path) -> None:
    async with (
        office(tmp_path, f"https://bot.example{BASE}") as here,
        here.http.post(
            f"{here.url}/enter", data={"token": here.link("孙丽")}, allow_redirects=False
        ) as answer,
    ):
        assert "Secure" in answer.headers["set-cookie"]
        assert "max-age" in answer.headers["strict-transport-security"]


async def test_signed_in_until_signed_out(here: Office) -> None:
    browser = here.signed_in("孙丽")
    status, page = await browser.get("/")
    assert (status, "管理组：杨村街道" in page) == (200, True)
    assert (await browser.post("/leave", mark=here.mark(browser)))[0] == 200
    status, page = await browser.get("/")
    assert (status, "登录已经结束" in page) == (401, True)


async def test_without_a_session_there_is_nothing(here: Office) -> None:
    for browser in (here.anybody, here.signed_in("孙丽")):
        browser.token = browser.token and browser.token[:-1] + "_"
        status, page = await browser.get("/")
        assert (status, "管理组" in page) == (401, False)


async def test_every_answer_has_its_headers(here: Office) -> None:
    browser = here.signed_in("孙丽")
    for path in ("/", "/nowhere", "/enter/x", "/console.css", "/icon.svg"):
        async with here.http.get(here.url + path, cookies={COOKIE: browser.token}) as answer:
            policy = answer.headers["content-security-policy"]
            assert "script-src" not in policy
            assert policy.startswith("default-src 'none'; style-src 'self'")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == ("no-cache" if "." in path else "no-store")


async def test_an_unchanged_style_is_not_sent_again(here: Office) -> None:
    async with here.http.get(f"{here.url}/console.css") as answer:
        tag = answer.headers["etag"]
    assert (await here.anybody.get("/console.css", headers={"if-none-match": tag}))[0] == 304


@pytest.mark.fault("forged form")
async def test_a_form_of_another_page_or_site_does_nothing(here: Office) -> None:
    browser, other = here.signed_in("孙丽"), here.signed_in("周正")
    for mark in ("", "x.y", here.mark(other)):
        assert (await browser.post("/leave", mark=mark))[0] == 401
    async with here.http.post(
        f"{here.url}/leave", data={"mark": here.mark(browser)}, cookies={COOKIE: browser.token},
        headers={"sec-fetch-site": "cross-site"},
    ) as answer:  # fmt: skip
        assert answer.status == 403
    assert (await browser.get("/"))[0] == 200


async def test_a_form_too_long_or_of_nonsense_is_refused(here: Office) -> None:
    browser = here.signed_in("孙丽")
    assert (await browser.post("/leave", mark="x" * 70_000))[0] == 400
    assert (await browser.post("/leave", **{f"field{number}": "" for number in range(300)}))[0] == 404


async def test_whoever_guesses_is_let_wait(here: Office) -> None:
    for _each in range(TRIES):
        assert (await here.anybody.post("/enter", token="x"))[0] == 400
    assert (await here.anybody.post("/enter", token=here.link("孙丽")))[0] == 429
    here.clock.pass_(minutes=1)
    assert (await here.anybody.post("/enter", token=here.link("孙丽")))[0] == 303


@pytest.mark.fault("token in a log")
async def test_no_token_is_logged(here: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = here.link("孙丽")
    await here.anybody.get(f"/enter/{token}")
    await here.anybody.post("/enter", token=token)
    browser = here.signed_in("孙丽")
    await browser.get("/nowhere")
    assert token not in caplog.text
    assert browser.token not in caplog.text


async def test_an_error_is_an_apology_with_a_number(here: Office, caplog: pytest.LogCaptureFixture) -> None:
    browser = here.signed_in("孙丽")
    here.store.read.dispose()
    store, here.pen.store = here.pen.store, None  # type: ignore[assignment] # whatever may go wrong
    status, page = await browser.get("/")
    here.pen.store = store
    (line,) = [one.getMessage() for one in caplog.records if one.name == "zhucun.console"]
    assert (status, line.split("(")[1][:6] in page) == (500, True)


async def test_a_right_that_ends_ends_the_session(here: Office) -> None:
    browser = here.signed_in("李明")
    assert (await browser.get("/"))[0] == 200
    with here.store.writing() as session:
        console.end(session, here.county.people["李明"], NOW)
    assert (await browser.get("/"))[0] == 401


def test_a_limit_forgets_in_time_and_counts_each_alone() -> None:
    limit = Limit(2, timedelta(minutes=1))
    assert [limit.allows("a", NOW) for _each in range(3)] == [True, True, False]
    assert limit.allows("b", NOW)
    assert limit.allows("a", NOW + timedelta(minutes=1))
    for number in range(KEYS):
        limit.allows(str(number), NOW)
    assert len(limit._tries) == KEYS


def test_officers_and_members_have_no_page() -> None:
    assert set(Role) - {Role.MEMBER, Role.OFFICER} == console.RIGHT
