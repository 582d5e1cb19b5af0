"""Every figure of a week beside a plain count over the exported JSON that imports nothing of ours; and what each
file of the week says beside the figures."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import Session

from reports import cases, export, figures, summary, week_ledger, week_paper, week_sheet
from reports.counts import COUNTS
from reports.figures import Figures
from reports.week import Closed, Week
from storage.db import Store
from storage.kinds import KINDS
from storage.reading import Filter
from storage.summaries import Scope
from storage.tallies import DONE, Tally, Window
from tests import plain_week, weeks
from tests.plain_week import Record
from tests.reports.sample import sample
from tests.weeks import CLOSE, COUNTY, W46, W47, County

WEEK = Week(2026, 47)
AHEAD = timedelta(hours=8)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, County]]:
    store = weeks.new_store(tmp_path_factory.mktemp("told") / "w.db")
    with store.writing() as session:
        county = weeks.settle(session)
        weeks.fill(
            session, county, Window(W47.start - timedelta(weeks=52), W47.end - timedelta(weeks=52)), seed=5
        )
        weeks.fill(session, county, W46, seed=6)
        figures.make(session, Scope(COUNTY), Closed(WEEK.plus(-1), W46), W46.end)
        team = next(iter(county.teams))
        weeks.add_report(
            session, county, team, W46.start, answered=True
        )  # a later count of last week differs
        weeks.fill(session, county, W47, seed=7)
        _paused(session, county, team)
    yield store, county
    store.close()


def _paused(session: Session, county: County, team: int) -> None:
    """A step that leaves the state as it was, in the week after the one in which the work was done."""
    weeks.add_report(
        session, county, team, W46.start, kind="rectification", answered=True, due_at=W47.end, state="completed",
        steps=[("completed", W46.start + timedelta(days=1)), ("completed", W47.start + timedelta(days=1))],
    )  # fmt: skip


def exported(session: Session) -> list[Record]:
    lines: list[str] = []
    for kind in KINDS:
        asked = Filter(kind=kind)
        found = cases.records(session, asked, CLOSE) if KINDS[kind].life else export.records(session, asked)
        lines += export.as_json(found)
    return plain_week.read(lines)


@pytest.fixture(scope="module")
def told(filled: tuple[Store, County]) -> tuple[dict[str, Any], list[Record], Figures]:
    """The figures as a file, the export, and the figures."""
    with filled[0].reading() as session:
        found = figures.count(session, Scope(COUNTY), Closed(WEEK, W47), CLOSE)
        return json.loads(json.dumps(found.as_json())), exported(session), found


def counted(records: list[Record], window: Window) -> dict[str, int]:
    return plain_week.count(records, window.start, window.end, (window.start + AHEAD).date())


def test_the_whole_week(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    assert told[0]["total"] == counted(told[1], W47)
    assert min(told[0]["total"].values()) > 0, "every count is tried"


def test_every_part(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    for line in told[0]["lines"]:
        mine = [one for one in told[1] if one["village"].startswith(line["key"])]
        assert line["now"] == counted(mine, W47)


def test_the_same_week_a_year_before(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    start, end = (moment - timedelta(weeks=52) for moment in (W47.start, W47.end))
    then = counted(told[1], Window(start, end))
    done = {name: value for name, value in then.items() if name in DONE}
    year = {name: value for name, value in told[0]["year"].items() if name in DONE}
    assert year == done
    assert year["visits"] > 0


@pytest.mark.fault("correction after the weekly summary")
def test_what_was_restated(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    now = counted(told[1], W46)
    changed = {one["name"]: (one["told"], one["now"]) for one in told[0]["restated"]}
    assert changed["visits"] == (told[0]["before"]["visits"], now["visits"])
    assert now["visits"] == told[0]["before"]["visits"] + 1
    assert all(now[name] == after for name, (_then, after) in changed.items())


def test_who_sent_nothing_and_visits_by_day(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    names = [f"{town}-{village}村工作队" for town in (1, 2, 3) for village in (1, 2, 3)]
    assert told[0]["silent"] == plain_week.silent(told[1], names, W47.start, W47.end)
    assert told[0]["teams"] == len(names)
    days = {day: count for day, count in told[0]["days"] if count}
    assert days == plain_week.by_day(told[1], W47.start, W47.end, AHEAD)


def ledger(store: Store, found: Figures) -> dict[str, list[list[Any]]]:
    out = io.BytesIO()
    with store.reading() as session:
        week_ledger.write(session, Scope(COUNTY), found, out)
    book = load_workbook(io.BytesIO(out.getvalue()))
    return {one.title: [list(row) for row in one.iter_rows(min_row=3, values_only=True)] for one in book}


def test_the_workbook_says_the_same(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    data, records, found = told
    sheets = ledger(filled[0], found)
    now = {name: row[1] for name, row in zip(COUNTS, sheets["汇总"], strict=False)}
    assert now == data["total"]
    parts = {row[0]: dict(zip(COUNTS, row[1:23], strict=True)) for row in sheets["各镇街"]}
    assert parts == {line["name"]: line["now"] for line in data["lines"]}
    sent = [one for one in records if plain_week.within(one["sent_at"], W47.start, W47.end)]
    for kind, name in (("visit", "走访台账"), ("photo", "现场照片台账")):
        assert sorted(row[1] for row in sheets[name]) == sorted(
            o["number"] for o in sent if o["kind"] == kind
        )
    assert sum(row[9] == "补报" for row in sheets["走访台账"]) == data["total"]["belated"]
    states = [row[9] for row in sheets["整改周台账"]]
    assert [states.count(name) for name in ("待整改", "待验收")] == [
        data["total"]["to_mend"],
        data["total"]["to_accept"],
    ]
    assert sum((row[11] or 0) > 0 for row in sheets["整改周台账"]) == data["total"]["overdue"]


def test_photos_open_their_record_where_there_is_a_console(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    out, place = io.BytesIO(), "https://bot.example.gov.cn/console"
    with filled[0].reading() as session:
        week_ledger.write(session, Scope(COUNTY), told[2], out, place)
    sheet = load_workbook(io.BytesIO(out.getvalue()))["走访台账"]
    rows = [(row[1], row[-3]) for row in sheet.iter_rows(min_row=3, values_only=True)]
    linked = [(number, str(cell)) for number, cell in rows if isinstance(cell, str)]
    pictures = {
        one["number"]: sum(photo["state"] in ("waiting", "kept") for photo in one["photos"])
        for one in told[1]
        if one["kind"] == "visit"
    }
    assert linked
    assert all(
        re.fullmatch(rf'=HYPERLINK\("{place}/cases/\d+",{pictures[number]}\)', cell)
        for number, cell in linked
    )
    assert {number for number, cell in rows if cell == 0} == {one for one, _cell in rows if not pictures[one]}


def test_nobody_is_named_in_the_workbook(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    cells = {str(cell) for rows in ledger(filled[0], told[2]).values() for row in rows for cell in row}
    assert "李*民" in cells
    assert not {cell for cell in cells if "李爱民" in cell or "队员" in cell}


def test_days_and_numbers_are_what_they_are(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    row = ledger(filled[0], told[2])["走访台账"][0]
    assert isinstance(row[0], int)
    assert isinstance(row[6], date)
    assert isinstance(row[-1], datetime)


def numbers(text: str) -> set[str]:
    """Numbers that a sentence says, without those of records, villages, days and shares."""
    return set(re.findall(r"\d+", re.sub(r"[A-Z]{2}-[\d-]+（[^）]*）|\d+月\d+日\d+:\d+|[\d.]+%", "", text)))


def test_every_number_of_the_brief_has_its_source(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    made = week_paper.paper(told[2])
    for sentence in made.sentences():
        values = {str(value) for _name, value in sentence.sources}
        differences = {
            str(abs(one - other)) for _a, one in sentence.sources for _b, other in sentence.sources
        }
        assert numbers(sentence.text) <= values | differences, sentence


def test_every_source_is_a_figure(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    data, _records, found = told
    words = {label: name for name, label in COUNTS.items()}
    for sentence in week_paper.paper(found).sentences():
        for label, value in sentence.sources:
            if label in words and "更正" not in sentence.text:
                assert data["total"][words[label]] == value


def test_the_document_holds_lead_sections_parts_and_sources(
    told: tuple[dict[str, Any], list[Record], Figures],
) -> None:
    paper = Document(io.BytesIO(week_sheet.draw((told[0], "本周重点是防汛。\n请各队注意。"))))
    said = [line.text for line in paper.paragraphs]
    assert said[3:5] == ["本周重点是防汛。", "请各队注意。"]
    assert [line for line in said if re.match("[一二三四五]、", line)] == [
        "一、走访和照片", "二、困难情况", "三、问题整改", "四、需要说明的情况", "五、各镇街",
    ]  # fmt: skip
    assert "2026年11月20日" in said
    parts, sources = paper.tables
    assert len(parts.rows) == 4
    assert len(sources.rows) == 1 + len(list(week_paper.paper(told[2]).sentences()))


def test_the_text_says_the_rate(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    total = counted(told[1], W47)
    rate = total["on_time"] / (total["ended"] + total["running_late"])
    assert f"按时率 {int(rate * 1000) / 10:g}%" in summary.plain(summary.text(told[2]))


@pytest.mark.fault("week without a report")
def test_a_week_with_nothing_in_it(filled: tuple[Store, County]) -> None:
    with filled[0].reading() as session:
        first = Week(2020, 1)
        found = figures.of_week(session, Scope(COUNTY), first, CLOSE)
        out = io.BytesIO()
        assert set(week_ledger.write(session, Scope(COUNTY), found, out).values()) == {0}
    assert not found.total.busy()
    assert Document(io.BytesIO(week_sheet.draw((found.as_json(), "")))).paragraphs
    assert "按时率" not in summary.text(found)


def test_a_village_name_of_forty_characters() -> None:
    line = figures.Line("120114001", "长" * 40, Tally(visits=3), Tally(), 9, 1)
    made = week_paper.paper(sample(lines=(line, line)))
    assert made.rows[0][0] == "长" * 40
    assert Document(io.BytesIO(week_sheet.document(made))).tables


def test_figures_kept_by_an_older_version_are_read(
    told: tuple[dict[str, Any], list[Record], Figures],
) -> None:
    old = dict(told[0])
    for name in ("year", "restated"):
        del old[name]
    old["total"] = {
        name: value for name, value in asdict(told[2].total).items() if name in ("visits", "cases")
    }
    found = figures.from_json(old)
    assert (found.total.visits, found.total.ended, found.restated) == (told[2].total.visits, 0, ())
