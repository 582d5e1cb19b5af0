"""What the console and the API read on PostgreSQL, the database itself keeps inside the territory: a page and a
resource that forgot every where-clause tell nothing of elsewhere."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlmodel import Session, col, select

from bot.api import app
from bot.api.call import Call
from bot.api.resources import Resource
from bot.web import console
from bot.web.routes import Page
from reports.pages.asked import Asked
from reports.pages.frame import LEDGERS, page
from storage.households import Household
from storage.people import Role
from storage.report import Report
from tests.bot.api.programs import programs
from tests.bot.web.signed import office
from tests.storage.asking import PLACES, County, add_report

pytestmark = pytest.mark.postgresql_only
NUMBERS = {place: f"ZF-20261120-{at:04}" for at, place in enumerate(PLACES)}
NEAR = {NUMBERS[place] for place in PLACES[:2]}
"""Of the town whose supervisor 孙丽 is."""


class Told(BaseModel):
    numbers: list[str]


def filled(session: Session, county: County) -> None:
    """A report in each village, of somebody who is not asked."""
    for place, number in NUMBERS.items():
        add_report(session, county.people["郑强"], place, number=number)
        session.add(Household(uid=f"h{place}", head=b"", village=place))


def everything(session: Session) -> list[str]:
    """Every report and household that can be read, by somebody who forgot the territory."""
    homes = [
        f"home {village}" for village in session.exec(select(Household.village).order_by(Household.village))
    ]
    return [*session.exec(select(Report.number).order_by(col(Report.number))), *homes]


def forgetful(asked: Asked) -> Any:
    return page(asked, "forgot", *(f"<{one}>" for one in everything(asked.session)))


def forgot(call: Call) -> dict[str, Any]:
    return {"numbers": everything(call.session)}


def seen(text: str) -> set[str]:
    return {one for one in [*NUMBERS.values(), *(f"home {place}" for place in PLACES)] if one in text}


async def test_a_page_that_forgot_the_territory(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database == "postgresql"
    monkeypatch.setattr(console, "PAGES", (Page("/forgot", LEDGERS, forgetful),))
    async with office(tmp_path) as here:
        with here.store.writing() as session:
            filled(session, here.county)
        for name, right in {"孙丽": NEAR, "周正": set(NUMBERS.values())}.items():
            status, text = await here.signed_in(name).get("/forgot")
            assert status == 200
            villages = {place for place, number in NUMBERS.items() if number in right}
            assert seen(text) == right | {f"home {place}" for place in villages}, name


async def test_a_resource_that_forgot_the_territory(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database == "postgresql"
    monkeypatch.setattr(app, "RESOURCES", (Resource("/v1/forgot", LEDGERS, forgot, Told, "forgot"),))
    async with programs(tmp_path) as here:
        with here.store.writing() as session:
            filled(session, here.county)
        for role, place, right in (
            (Role.SUPERVISOR, PLACES[0][:9], NEAR),
            (Role.ADMIN, "", set(NUMBERS.values())),
        ):
            said = await here.program(role, place).get("/v1/forgot")
            assert said.status == 200, said.text
            assert {one for one in seen(said.text) if one.startswith("ZF")} == right
