"""The workbook of a week beside a count of what was exported that uses nothing of ours."""

import io
import re
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from reports import week_ledger
from reports.counts import COUNTS, late_label
from reports.figures import Figures
from storage.db import Store
from storage.kinds.house_life import REPORTING
from storage.summaries import Scope
from tests import plain_week
from tests.plain_week import Record
from tests.reports.told import ledger
from tests.weeks import COUNTY, W47, County


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


def test_a_dangerous_house_has_its_sheet(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    (row,) = ledger(filled[0], told[2])["危房台账"]
    assert row[5:10] == ["李*民", "没人住", 3, "墙体开裂、屋顶塌陷漏雨", "东墙开裂"]
    assert row[12] == 6, "days overdue at the close"
    assert ["house", REPORTING, 1] in told[0]["late"]
    assert late_label("house", REPORTING) == "危房·上报"


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
