"""Pictures drawn on demand: sent to whoever asked, made once, without what is not here any more."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session, col, select

from storage import letters
from storage.errands import ErrandState
from storage.letters import Letter
from storage.photo import Photo
from storage.photos import PhotoCopy
from storage.report import StepTaken
from tests.bot.errands.running import Running
from tests.drawn import drawn
from tests.storage.asking import NOW, PLACES, add_full, add_photo


def report(r: Running, count: int, steps: int = 0) -> int:
    """A report with kept photos, the last ones proving a step."""
    with r.store.writing() as session:
        answers = {"village": PLACES[0], "purposes": ["look"], "findings": "屋顶漏雨"}
        one = add_full(session, "visit", r.county.people["王爱民"], answers, number="ZF-20261120-0001")
        step = StepTaken(report_id=one.id or 0, step="complete", before="a", after="b", by_id=1, at=NOW)
        session.add(step)
        session.flush()
        for number in range(count):
            photo = add_photo(session, one)
            photo.sha256 = r.files.keep(drawn("JPEG", (700 + number, 500)))
            photo.step_id = step.id if number >= count - steps else None
        return one.id or 0


async def asked(r: Running, **body: Any) -> list[dict[str, Any]]:
    """The payloads of the letters that the errand wrote."""
    chat = r.chat(1001, "王爱民")
    assert await r.run("copies", body | {"chat": chat, "language": "zh"}) == ErrandState.DONE
    with r.store.reading() as session:
        return [
            letters.payload_of(session, one) for one in session.exec(select(Letter).order_by(col(Letter.id)))
        ]


def copies(session: Session) -> list[str]:
    return [copy.sha256 for copy in session.exec(select(PhotoCopy)).all()]


def size(r: Running, payload: dict[str, Any]) -> tuple[int, int]:
    data = r.files.read(payload["photo"]["$file"])
    return Image.open(io.BytesIO(data)).size


async def test_each_photo_of_a_report_comes_stamped(r: Running) -> None:
    number = report(r, 12)
    first, second = await asked(r, what="stamped", report=number)
    assert [len(one["media"]) for one in (first, second)] == [10, 2]
    assert first["media"][0]["caption"] == "ZF-20261120-0001"
    assert "caption" not in second["media"][0]
    shas = [one["media"]["$file"] for album in (first, second) for one in album["media"]]
    assert len(set(shas)) == 12
    made = Image.open(io.BytesIO(r.files.read(shas[3]))).convert("RGB")
    assert made.size == (703, 500)
    assert sum(made.getpixel((4, 496))) < 150, "the band lies on its lowest part"  # type: ignore[arg-type]  # three bands make a tuple


async def test_what_was_drawn_is_not_drawn_again(r: Running) -> None:
    number = report(r, 1)
    (first,) = await asked(r, what="stamped", report=number)
    with r.store.writing() as session:  # what it is made of is gone: it could not be drawn now
        r.files.delete(session.exec(select(Photo.sha256)).one() or "")
    _first, again = await asked(r, what="stamped", report=number)
    assert again == first
    with r.store.reading() as session:
        assert len(copies(session)) == 1


async def test_a_photo_that_is_not_here_any_more_costs_nothing_else(r: Running) -> None:
    number = report(r, 2)
    with r.store.reading() as session:
        r.files.delete(session.exec(select(Photo.sha256).order_by(col(Photo.id))).first() or "")
    (only,) = await asked(r, what="stamped", report=number)
    assert size(r, only)[0] == 701


async def test_before_and_after_come_as_one(r: Running) -> None:
    (made,) = await asked(r, what="pair", report=report(r, 3, steps=1))
    assert made["caption"] == "ZF-20261120-0001 大桃园村"
    assert size(r, made)[0] > 1200


async def test_a_weeks_photos_come_on_one_page(r: Running) -> None:
    report(r, 5)
    (made,) = await asked(r, what="sheet", scope="120114", week="2026-W47")
    assert made["caption"] == "武清区 2026-W47 照片"
    assert size(r, made)[0] == 4 * 316 + 16


@pytest.mark.parametrize("body", [{"what": "sheet", "scope": "120114", "week": "2026-W30"},
                                  {"what": "sheet", "scope": "999999", "week": "2026-W47"}])  # fmt: skip
async def test_where_there_is_nothing_it_is_said(r: Running, body: dict[str, Any]) -> None:
    assert await asked(r, **body) == [{"text": "这里没有能做的照片。"}]
    with r.store.reading() as session:
        assert copies(session) == []


async def test_copies_are_tidied_away_and_drawn_anew(r: Running) -> None:
    number = report(r, 1)
    (first,) = await asked(r, what="stamped", report=number)
    with r.store.writing() as session:
        for copy in session.exec(select(PhotoCopy)).all():
            session.delete(copy)
    r.files.delete(first["photo"]["$file"])
    _first, again = await asked(r, what="stamped", report=number)
    assert again == first
    assert size(r, again)[0] == 700
