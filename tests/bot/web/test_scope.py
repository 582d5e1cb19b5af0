"""Every page and form of the console, as every role, from foreign territory: all refused, or without a word of it.

What an id of a path stands for is told in FOREIGN; a page with an id that is not there fails the test, and so does one
that nobody was refused.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.web.routes import PAGES, Page
from storage import console, exports, fetching, policy, postings, queries, roster, uploads
from storage.chats import chat_of
from storage.console import ConsoleSession
from storage.fetching import Kept
from storage.people import Role
from storage.places import Level, Region
from storage.reading import Filter
from storage.refusals import SignedOut
from storage.told_once import hashed
from tests.bot.web.signed import Browser, Office, office
from tests.storage.asking import NOW, PLACES, add_full, add_photo

SECRET, NUMBER = "屋顶漏雨三处", "ZF-20261120-7777"
WORDS = (SECRET, NUMBER)
"""What stands in the report of another territory."""
REFUSED = {401, 403, 404}


@dataclass
class Foreign:
    """Things of 孙丽's town, and people of elsewhere with a browser each; `insider` may see them."""

    office: Office
    ids: dict[str, str] = field(default_factory=dict)
    people: dict[str, Browser] = field(default_factory=dict)

    @property
    def insider(self) -> Browser:
        return self.office.signed_in("孙丽")

    def path(self, page: Page) -> str:
        return re.sub(r"{(\w+)}", lambda found: self.ids[found[1]], page.path)


def _things(session: Session, here: Office) -> dict[str, str]:
    """By the name of the id in a path."""
    people, teams = here.county.people, here.county.teams
    answers = {"village": PLACES[0], "purposes": ["safety"], "findings": SECRET}
    report = add_full(session, "visit", people["王爱民"], answers, team=teams["一队"], number=NUMBER)
    photo = add_photo(session, report)
    owner = here.county.actor(session, "孙丽")
    query = queries.keep(session, owner, Filter(words=SECRET), NOW)
    made = exports.ask(session, owner, chat_of(session, 42, 1), Filter(), NOW, on_console=True)
    told = SECRET.encode()
    fetching.keep(
        session, made, [Kept("visit.csv", here.console.files.keep(told), len(told))], here.console.bot, NOW
    )
    ((link, _file),) = fetching.links(session, made, NOW)
    (posting,) = postings.active(session, people["王爱民"], NOW)
    chief, week = here.county.actor(session, "周正"), NOW.date() + timedelta(days=7)
    switch = policy.turn_on(session, chief, "120114001", "names", week, SECRET, SECRET, NOW)
    brought = uploads.ask(session, owner, 42, ("清单.csv", SECRET.encode()), "", "", NOW)
    uploads.show(session, brought.id or 0, (SECRET, []))
    return {
        "person": str(people["王爱民"]), "posting": str(posting.id), "kind": "visit",
        "scope": PLACES[0][:9], "figure": "visits", "report": str(report.id),
        "photo": str(photo.id), "query": str(query.id), "export": str(made.id),
        "switch": str(switch.id), "upload": str(brought.id), "place": "0", "seal": link.rpartition("/")[2],
    }  # fmt: skip


def _people(session: Session, here: Office) -> Iterator[tuple[str, int]]:
    """Whoever may not see them: by role and why."""
    session.add(Region(code="421281", name="赤壁市", level=Level.COUNTY))
    session.flush()
    posts = {
        "a leader of another team": (Role.LEADER, here.county.teams["二队"], None),
        "a supervisor of another town": (Role.SUPERVISOR, None, "120114101"),
        "an administrator of another county": (Role.ADMIN, None, "421281"),
        "a member of the same team": (Role.MEMBER, here.county.teams["一队"], None),
        "an officer of the county": (Role.OFFICER, None, "120114"),
    }
    for name, (role, team, region) in posts.items():
        person = roster.add_person(session, "林立", by=None, now=NOW).id or 0
        postings.post(session, person, role, team_id=team, region=region, by=None, now=NOW)
        yield name, person
    ended = roster.add_person(session, "林立", by=None, now=NOW).id or 0
    post = postings.post(session, ended, Role.SUPERVISOR, region="120114001", by=None, now=NOW)
    post.ends_at = NOW  # as a clock would, without the end of the session that end_posting brings
    yield "a supervisor whose posting has ended", ended


def _forged(session: Session, here: Office, number: int, person: int) -> Browser:
    """A browser with a session, whether its person may have one or not."""
    token = f"token{number}"
    session.add(
        ConsoleSession(
            token_hash=hashed(token),
            person_id=person,
            begun_at=NOW,
            expires_at=NOW + timedelta(days=9),
        )
    )
    return Browser(here.http, here.url, token)


@pytest.fixture
async def foreign(tmp_path: Path) -> AsyncIterator[Foreign]:
    async with office(tmp_path) as here:
        made = Foreign(here)
        with here.store.writing() as session:
            made.ids = _things(session, here)
            for number, (name, person) in enumerate(list(_people(session, here))):
                made.people[name] = _forged(session, here, number, person)
        made.people["a stranger"] = here.anybody
        yield made


async def answer(foreign: Foreign, page: Page, browser: Browser) -> tuple[int, str]:
    path = foreign.path(page)
    if not page.act:
        return await browser.get(path)
    try:
        mark = foreign.office.mark(browser)
    except SignedOut:
        mark = "x.y"
    given = {
        "ledger": "all",
        "form": "csv",
        "reason": "check",
        "name": "王爱民",
        "role": "member",
        "place": "一队",
    }
    return await browser.post(path, mark=mark, **given)


@pytest.mark.fault("page link of somebody else")
async def test_nobody_reads_or_does_anything_of_another_territory(
    foreign: Foreign, record_property: Any
) -> None:
    """A list may open, and holds nothing of it; whatever names a thing of it is refused."""
    asked = 0
    for page in PAGES:
        for name, browser in foreign.people.items():
            status, text = await answer(foreign, page, browser)
            assert not any(word in text for word in WORDS), f"{page.path} tells {name}"
            if set(re.findall(r"{(\w+)}", page.path)) - {"kind"}:
                assert status in REFUSED, f"{page.path} answers {name} with {status}"
            elif not console.RIGHT & page.roles or "member" in name or "officer" in name or "ended" in name:
                assert status == 401, f"{page.path} answers {name} with {status}"
            assert status < 500, f"{page.path} fails for {name}"
            asked += 1
    assert asked == len(PAGES) * len(foreign.people) >= 180
    who = ", ".join(foreign.people)
    record_property(
        "refused", f"console: {len(PAGES)} pages and forms by {who}: {asked} requests, nothing told or done"
    )
    with foreign.office.store.reading() as session:
        made = exports.by_id(session, int(foreign.ids["export"]))
        assert postings.active(session, int(foreign.ids["person"]), NOW)
        assert made.state is exports.ExportState.ASKED


NAMED = ("/ledgers/all?place=", "/wall?place=", "/wall/pairs?place=", "/villages?place=", "/?scope=")
"""Links that name a place beside their path."""


async def test_a_place_of_others_is_refused_wherever_it_is_named(foreign: Foreign) -> None:
    team = f"team:{foreign.office.county.teams['一队']}"
    insider = foreign.insider
    for path in NAMED:
        for place in (PLACES[0], "120114001", *([team] if "scope" in path else [])):
            for name, browser in foreign.people.items():
                assert (await browser.get(path + place))[0] in REFUSED, f"{path}{place} opens for {name}"
            assert (await insider.get(path + place))[0] == 200
        assert (await insider.get(f"{path}nowhere"))[0] == 404


async def test_whoever_may_see_them_does(foreign: Foreign) -> None:
    """The same requests, so that the test above cannot pass because nothing is ever shown."""
    browser, paths = (
        foreign.insider,
        {
            "/ledgers/{kind}",
            "/found/{query}",
            "/cases/{report}",
            "/cases/{report}/open",
            "/files/{export}/{place}/{seal}",
            "/lists/{upload}",
        },
    )
    for page in PAGES:
        if page.path in paths:
            assert SECRET in (await answer(foreign, page, browser))[1], page.path


async def test_a_page_is_for_its_roles_alone(foreign: Foreign) -> None:
    """Whoever has a console and none of a page's roles is refused there, whatever is asked for."""
    browsers = {Role.LEADER: foreign.office.signed_in("李明"), Role.SUPERVISOR: foreign.insider}
    for page in PAGES:
        for role in set(browsers) - page.roles:
            assert (await answer(foreign, page, browsers[role]))[0] == 403, f"{page.path} {role}"


def test_every_page_has_a_rule_and_a_path_of_its_own() -> None:
    assert all(page.roles and page.roles <= console.RIGHT for page in PAGES)
    assert len({page.path for page in PAGES}) == len(PAGES)
