"""The ledger as a file in a chat: of the asker's own territories, and no others."""

import io
from typing import Any

from openpyxl import load_workbook
from sqlmodel import col, select

from storage import letters
from storage.errands import ErrandState
from storage.letters import Letter
from storage.report import ReportState
from tests.bot.errands.running import Running
from tests.storage.asking import PLACES, add_full


async def ledger(r: Running, *regions: str) -> list[Any]:
    """The numbers in the ledger that was sent."""
    with r.store.writing() as session:
        for number, village, team in (("ZG-1", PLACES[0], "一队"), ("ZG-2", PLACES[2], "二队")):
            answers = {"village": village, "findings": "河边有垃圾", "due": "2026-11-25"}
            more: dict[str, Any] = {"team": r.county.teams[team], "state": ReportState.ISSUED}
            add_full(session, "rectification", r.county.people["孙丽"], answers, number=number, **more)
    body = {"chat": r.chat(1001, "孙丽"), "regions": list(regions), "language": "zh", "name": "台账"}
    assert await r.run("ledger", body) == ErrandState.DONE
    with r.store.reading() as session:
        (letter,) = session.exec(select(Letter).order_by(col(Letter.id)))
        sent = letters.payload_of(session, letter)["document"]
    sheet = load_workbook(io.BytesIO(r.files.read(sent["$file"])))["整改台账"]
    return [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)]


async def test_it_holds_what_the_asker_manages(r: Running) -> None:
    assert await ledger(r, "120114001") == ["ZG-1"]


async def test_of_two_territories_both(r: Running) -> None:
    assert sorted(await ledger(r, "120114001", "120114101")) == ["ZG-1", "ZG-2"]


async def test_whoever_manages_everything_gets_everything(r: Running) -> None:
    assert sorted(await ledger(r, "")) == ["ZG-1", "ZG-2"]
