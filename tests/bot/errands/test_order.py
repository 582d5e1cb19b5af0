"""The order document drawn and sent: once to each, with the photos that are here."""

import io
from datetime import timedelta
from typing import Any

from docx import Document
from sqlmodel import col, select

from storage import letters
from storage.errands import ErrandState
from storage.letters import Letter
from storage.photo import PhotoState
from storage.report import ReportState
from tests.bot.errands.running import Running
from tests.drawn import drawn
from tests.storage.asking import NOW, PLACES, add_full, add_photo


def problem(r: Running, *states: PhotoState) -> int:
    with r.store.writing() as session:
        answers = {"village": PLACES[0], "findings": "河边有垃圾", "due": "2026-11-25"}
        team, author = r.county.teams["一队"], r.county.people["孙丽"]
        one = add_full(
            session, "rectification", author, answers, number="ZG-1", team=team, state=ReportState.ISSUED
        )
        for number, state in enumerate(states):
            photo = add_photo(session, one, state=state)
            photo.question = "before"
            if state == PhotoState.KEPT:
                photo.sha256 = r.files.keep(drawn("JPEG", (700 + number, 500)))
        return one.id or 0


async def asked(
    r: Running, report: int, since: timedelta = timedelta()
) -> tuple[ErrandState, list[dict[str, Any]]]:
    """What became of the errand, and the payloads of the letters that it wrote."""
    chats = [[r.chat(1001, "王爱民"), "zh"], [r.chat(1002, "李明"), "zh"]]
    body = {"report": report, "chats": chats, "since": (NOW - since).isoformat(), "about": "issued"}
    state = await r.run("order", body)
    with r.store.reading() as session:
        found = session.exec(select(Letter).order_by(col(Letter.id)))
        return state, [letters.payload_of(session, one) for one in found]


async def test_the_paper_reaches_each_of_them_with_its_photos(r: Running) -> None:
    state, said = await asked(r, problem(r, PhotoState.KEPT, PhotoState.KEPT))
    assert (state, len(said)) == (ErrandState.DONE, 2)
    assert said[0]["document"]["name"] == "交办单 ZG-1.docx"
    paper = Document(io.BytesIO(r.files.read(said[0]["document"]["$file"])))
    assert len(paper.inline_shapes) == 2
    assert any("发现问题：河边有垃圾" in line.text for line in paper.paragraphs)


async def test_run_twice_it_is_sent_once(r: Running) -> None:
    report = problem(r)
    await asked(r, report)
    assert len((await asked(r, report))[1]) == 2


async def test_it_waits_for_photos_that_are_on_their_way(r: Running) -> None:
    report = problem(r, PhotoState.WAITING)
    assert await asked(r, report) == (ErrandState.WAITING, [])
    state, said = await asked(r, report, since=timedelta(minutes=11))
    assert (state, len(said)) == (ErrandState.DONE, 2)
