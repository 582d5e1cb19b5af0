"""Every resource of the API, as every token of elsewhere and every token that holds no longer: nothing is told.

What an id of a path stands for is told by `_things`; a resource with an id that is not there fails the test, and
so does one that nobody was refused.
"""

import inspect
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.api.resources import RESOURCES, Resource
from storage import household_list, tokens
from storage.journal import JournalEntry
from storage.kinds import KINDS
from storage.people import Role
from storage.places import Level, Region
from storage.tokens import RIGHT
from tests.bot.api.programs import Program, Programs, programs
from tests.storage.asking import NOW, PLACES, add_full, add_photo

SECRET, NUMBER, HEAD = "屋顶漏雨三处", "ZF-20261120-7777", "欧阳青山"
TOWN = "120114001"
ELSEWHERE = {
    "a leader of another team": (Role.LEADER, "二队"),
    "a supervisor of another town": (Role.SUPERVISOR, "120114101"),
    "an administrator of another county": (Role.ADMIN, "421281"),
    "a supervisor of another province": (Role.SUPERVISOR, "42"),
}
ASKED = {"region": PLACES[0], "scope": TOWN, "team": "1"}
"""Things of the territory, as parameters name them."""


@dataclass
class Foreign:
    """Things of a town, programs of elsewhere, and those whose token holds no longer."""

    here: Programs
    ids: dict[str, str] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    over: dict[str, Program] = field(default_factory=dict)

    def path(self, resource: Resource) -> str:
        def named(found: re.Match[str]) -> str:
            return self.ids[f"{resource.answer.__name__}.{found[1]}"]

        return re.sub(r"{(\w+)}", named, resource.path)


def _things(session: Session, here: Programs) -> dict[str, str]:
    """By the name of the resource and of the id in its path."""
    people, teams = here.county.people, here.county.teams
    home = household_list.add(session, PLACES[0], HEAD, by=None, now=NOW)
    answers = {"village": PLACES[0], "household": home.id, "purposes": ["safety"], "findings": SECRET}
    report = add_full(session, "visit", people["王爱民"], answers, team=teams["一队"], number=NUMBER)
    photo = add_photo(session, report)
    photo.sha256 = here.files.keep(SECRET.encode())
    return {
        "report.number": NUMBER, "manifest.number": NUMBER, "photo.uid": photo.uid, "household.uid": home.uid,
        "team.team": str(teams["一队"]), "week.week": "2026-W47",
    }  # fmt: skip


@pytest.fixture
async def foreign(tmp_path: Path) -> AsyncIterator[Foreign]:
    async with programs(tmp_path) as here:
        made = Foreign(here)
        with here.store.writing() as session:
            made.ids = _things(session, here)
            for code, name, level in (("42", "湖北省", Level.PROVINCE), ("421281", "赤壁市", Level.COUNTY)):
                session.add(Region(code=code, name=name, level=level))
        for name, (role, place) in ELSEWHERE.items():
            made.programs[name] = here.program(role, place)
        made.over = _over(here)
        yield made


def _over(here: Programs) -> dict[str, Program]:
    """Tokens that would see everything, if they held."""
    revoked = here.program(Role.ADMIN, "")
    with here.store.writing() as session:
        tokens.revoke(session, int(revoked.token[3 : revoked.token.index("_")]), by=None, now=NOW)
    expired, whole = here.program(Role.ADMIN, "", days=1), here.program(Role.ADMIN, "", days=30)
    here.clock.time = NOW + timedelta(days=1)
    other = whole.token[:-1] + ("A" if whole.token[-1] != "A" else "B")
    return {
        "revoked": revoked, "expired": expired, "none": here.anybody,
        "another secret": Program(here.http, here.url, other),
        "another number": Program(here.http, here.url, whole.token.replace("zct", "zct9", 1)),
        "no form": Program(here.http, here.url, "Basic x"),
    }  # fmt: skip


def ways(foreign: Foreign, resource: Resource) -> list[str]:
    """The resource's path, and the same with each thing of the territory that it may be asked for."""
    path, parameters = foreign.path(resource), inspect.signature(resource.answer).parameters
    if "{" in resource.path.replace("{week}", ""):
        return [path]
    return [path, *(f"{path}?{name}={value}" for name, value in ASKED.items() if _takes(parameters, name))]


def _takes(parameters: object, name: str) -> bool:
    return f"alias='{name}'" in str(parameters) or f"'{name}'" in str(parameters)


@pytest.mark.fault("token of another territory")
async def test_nothing_is_told_of_another_territory(foreign: Foreign, record_property: Any) -> None:
    """A list may open, and holds nothing of it; whatever names a thing of it is not there."""
    asked = 0
    with foreign.here.store.reading() as session:
        ours = foreign.here.county.teams["一队"]
        before = len(session.exec(select(JournalEntry).where(JournalEntry.record == f"team:{ours}")).all())
    for resource in RESOURCES:
        for name, program in foreign.programs.items():
            for path in ways(foreign, resource):
                said = await program.get(path)
                held = [one for one in (SECRET, NUMBER, HEAD[:1], PLACES[0], "一队") if one in said.text]
                assert not held, f"{path} tells {name} {held}"
                named = "{" in resource.path.replace("{week}", "") or "region=" in path or "scope=" in path
                role = ELSEWHERE[name][0]
                right = 403 if role not in resource.roles else 404 if named else 200
                assert said.status == right, f"{path} answers {name} with {said.status}"
                asked += 1
    assert asked >= 4 * len(RESOURCES)
    tokens = ", ".join(foreign.programs)
    record_property(
        "refused", f"API: {len(RESOURCES)} resources by tokens of {tokens}: {asked} requests, nothing told"
    )
    with foreign.here.store.reading() as session:
        lines = session.exec(select(JournalEntry).where(JournalEntry.record == f"team:{ours}")).all()
        assert len(lines) == before, "nothing was read"


@pytest.mark.fault("token expired, revoked or forged")
async def test_a_token_that_does_not_hold_opens_nothing(foreign: Foreign) -> None:
    for resource in RESOURCES:
        for name, program in foreign.over.items():
            said = await program.get(foreign.path(resource))
            assert said.status == 401, f"{resource.path} opens for {name}"
            assert said.headers["www-authenticate"] == "Bearer"
            assert said.json["type"] == "urn:zhucun:no-token"


async def test_whoever_may_see_them_does(foreign: Foreign) -> None:
    """The same requests, so that the tests above cannot pass because nothing is ever told."""
    insiders = [foreign.here.program(Role.ADMIN, TOWN), foreign.here.program(Role.ADMIN, "")]
    for program in insiders:
        for resource in RESOURCES:
            for path in ways(foreign, resource):
                said = await program.get(path)
                assert said.status == 200, f"{path}: {said.text}"
                if (
                    resource.path.startswith(("/v1/reports", "/v1/photos"))
                    and "photos" not in resource.path[12:]
                ):
                    assert SECRET in said.text, path


async def test_a_resource_is_for_its_roles_alone(foreign: Foreign) -> None:
    holders = {Role.LEADER: "一队", Role.SUPERVISOR: TOWN}
    for role, place in holders.items():
        program = foreign.here.program(role, place)
        for resource in RESOURCES:
            path = foreign.path(resource)
            right = 200 if role in resource.roles else 403
            assert (await program.get(path)).status == right, f"{path} {role}"


def test_every_resource_has_a_rule_and_a_path_of_its_own() -> None:
    assert all(resource.roles and resource.roles <= RIGHT for resource in RESOURCES)
    assert len({resource.path for resource in RESOURCES}) == len(RESOURCES) >= 15
    assert {name for name, kind in KINDS.items() if kind.life} == {"hardship", "house", "rectification"}
