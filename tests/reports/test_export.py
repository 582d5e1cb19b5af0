"""Reports as data: one record each, complete, masked unless there is a reason, harmless in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from reports import export
from storage import household_list, reading
from storage.db import Store
from storage.photo import PhotoState
from storage.reading import Filter
from tests.storage.asking import NOW, PLACES, County, add_full, add_photo, new_store, settle

World = tuple[Session, County, Store]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = new_store(str(tmp_path / "z.db"))
    with store.writing() as session:
        county = settle(session)
        home = household_list.add(session, PLACES[0], "李大山", by=None, now=NOW)
        wang, ming = county.people["王爱民"], county.people["李明"]
        answers = {
            "village": PLACES[0], "household": home.id, "purposes": ["look"], "findings": "=漏雨 13812345678",
            "place": [39.38, 117.04], "day": "2026-11-18", "companions": [ming],
        }  # fmt: skip
        visit = add_full(
            session, "visit", wang, answers, team=county.teams["一队"], number="ZF-20261120-0001"
        )
        add_photo(session, visit)
        add_photo(session, visit, state=PhotoState.WAITING)
        photo = {"village": PLACES[0], "findings": "+1"}
        add_full(session, "photo", ming, photo, at=NOW - timedelta(days=1), number="ZP-20261119-0001")
    with store.reading() as session:
        yield session, county, store
    store.close()


def test_a_record_holds_all_that_was_promised(world: World) -> None:
    visit, photo = export.records(world[0], Filter())
    assert len(visit.pop("household_uid")) >= 8, "tells households apart, and says nothing"
    assert visit == {
        "number": "ZF-20261120-0001", "kind": "visit", "author": "王爱民", "team": "一队",
        "village": PLACES[0], "village_name": "大桃园村", "state": "sent", "returned": False,
        "sent_at": "2026-11-20T04:00:00+00:00",
        "happened": "2026-11-18", "revision": 1, "due_at": None, "household": "李*山",
        "answers": {
            "purposes": ["look"], "findings": "=漏雨 ***", "place": "***", "day": "2026-11-18",
            "companions": ["李明"],
        },
        "photos": [
            {
                "sha256": "0" * 64, "bytes": 1234, "mime": "image/jpeg", "width": 640, "height": 480,
                "state": "kept",
            },
            {"sha256": None, "bytes": None, "mime": None, "width": None, "height": None, "state": "waiting"},
        ],
    }  # fmt: skip
    assert (photo["number"], photo["household"], photo["team"]) == ("ZP-20261119-0001", None, None)
    assert photo["happened"] == "2026-11-19"


def test_with_a_reason_nothing_is_masked(world: World) -> None:
    visit, _photo = export.records(world[0], Filter(), reveal=True)
    assert visit["household"] == "李大山"
    assert visit["answers"]["findings"] == "=漏雨 13812345678"
    assert visit["answers"]["place"] == [39.38, 117.04]


def test_json_is_one_object_a_line(world: World) -> None:
    lines = list(export.as_json(export.records(world[0], Filter())))
    assert [json.loads(line)["number"] for line in lines] == ["ZF-20261120-0001", "ZP-20261119-0001"]
    assert all("\n" not in line for line in lines)


@pytest.mark.fault("HTML and formulas in names")
def test_csv_opens_in_a_spreadsheet_and_runs_nothing(world: World) -> None:
    text = "\r\n".join(export.as_csv(export.records(world[0], Filter())))
    assert text.startswith("\ufeffnumber,kind,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["number"] for row in rows] == ["ZF-20261120-0001", "ZP-20261119-0001"]
    assert rows[0]["photos"] == "2"
    assert json.loads(rows[1]["answers"]) == {"findings": "+1"}


@pytest.mark.fault("HTML and formulas in names")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"), ("+86", "'+86"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"), ("\r=1", "'\r=1"),
        ("王", "王"), ("", ""), (None, ""), (2, "2"), ([1, 2, 3], "3"), ({"a": "是"}, '{"a": "是"}'),
    ],
)  # fmt: skip
def test_a_cell_begins_no_formula(value: object, expected: str) -> None:
    assert export.cell(value) == expected


def test_the_filter_and_the_limit_hold_over_many_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session, county, store = world
    session.rollback()
    with store.writing() as writing:
        for number in range(7):
            answers = {"village": PLACES[0], "findings": "路灯"}
            at = NOW - timedelta(days=2, minutes=number)
            add_full(
                writing, "photo", county.people["李明"], answers, at=at, number=f"ZP-20261118-{number:04d}"
            )
    monkeypatch.setattr(reading, "BATCH", 3)

    def numbers(asked: Filter, limit: int = 0) -> list[str]:
        return [one["number"] for one in export.records(session, asked, limit)]

    assert len(numbers(Filter())) == 9
    assert numbers(Filter(words="路灯")) == [f"ZP-20261118-{number:04d}" for number in range(7)]
    assert numbers(Filter(words="路灯"), 4) == [f"ZP-20261118-{number:04d}" for number in range(4)]
    assert numbers(Filter(words="没有")) == []
