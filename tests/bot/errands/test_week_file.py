"""A week as a file in a chat: of the week's own figures, named after it, once for an errand."""

import io
from typing import Any

from docx import Document
from openpyxl import load_workbook
from sqlmodel import col, select

from reports import figures
from reports.week import Closed, Week
from storage import letters
from storage.errands import ErrandState
from storage.letters import Letter
from storage.summaries import Scope
from storage.tallies import Window
from tests.bot.errands.running import Running
from tests.storage.asking import NOW, PLACES, add_full
from tests.weeks import W47

AREA = PLACES[0][:6]


def body(r: Running, what: str, scope: str = AREA) -> dict[str, Any]:
    chat = r.chat(1001, "孙丽")
    return {"what": what, "scope": scope, "week": "2026-W47", "chat": chat, "language": "zh"}


async def file(r: Running, wish: dict[str, Any]) -> tuple[str, bytes]:
    """Name and bytes of the file that was sent."""
    assert await r.run("week_file", wish) == ErrandState.DONE
    with r.store.reading() as session:
        *_before, letter = session.exec(select(Letter).order_by(col(Letter.id)))
        sent = letters.payload_of(session, letter)["document"]
    return sent["name"], r.files.read(sent["$file"])


def visits(r: Running, count: int) -> None:
    with r.store.writing() as session:
        for number in range(count):
            answers = {"village": PLACES[0], "purposes": ["policy"], "findings": "问 13812345678"}
            more: dict[str, Any] = {"team": r.county.teams["一队"], "at": W47.start}
            add_full(session, "visit", r.county.people["王爱民"], answers, number=f"ZF-{number}", **more)


async def test_the_workbook(r: Running) -> None:
    visits(r, 3)
    name, data = await file(r, body(r, "x"))
    assert (name.endswith("第 47 周 周报.xlsx"), len(name) < 60) == (True, True)
    book = load_workbook(io.BytesIO(data))
    assert [row[1] for row in book["走访台账"].iter_rows(min_row=3, values_only=True)] == [
        "ZF-0",
        "ZF-1",
        "ZF-2",
    ]
    assert not any("13812345678" in str(cell.value) for sheet in book for row in sheet for cell in row)


async def test_the_brief_is_of_the_figures_that_were_told(r: Running) -> None:
    visits(r, 2)
    with r.store.writing() as session:
        figures.make(session, Scope(AREA), Closed(Week(2026, 47), Window(W47.start, W47.end)), NOW)
    visits_after = body(r, "b")
    with r.store.writing() as session:
        answers = {"village": PLACES[0], "purposes": ["policy"], "findings": "x"}
        late: dict[str, Any] = {"team": r.county.teams["一队"], "at": W47.start}
        add_full(session, "visit", r.county.people["王爱民"], answers, number="ZF-9", **late)
    name, data = await file(r, visits_after)
    assert name.endswith(".docx")
    assert any("本周走访2次" in line.text for line in Document(io.BytesIO(data)).paragraphs)


async def test_a_team_has_its_own(r: Running) -> None:
    name, data = await file(r, body(r, "b", f"team:{r.county.teams['一队']}"))
    assert name.startswith("一队")
    assert any(line.text == "一队" for line in Document(io.BytesIO(data)).paragraphs)
