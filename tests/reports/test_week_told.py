"""Every figure of a week beside a plain count over the exported JSON that imports nothing of ours; and what each
file of the week says beside the figures."""

import io
import re
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from docx import Document

from reports import chart, figures, summary, week_ledger, week_paper, week_sheet
from reports.counts import COUNTS, late_label
from reports.figures import Figures
from reports.week import Closed, Week
from reports.week_lines import Line
from storage.db import Store
from storage.summaries import Scope
from storage.tallies import DONE, Tally, Window
from tests import plain_week
from tests.exported import cards
from tests.plain_week import Record
from tests.reports.sample import sample
from tests.reports.told import counted, ledger
from tests.weeks import CLOSE, COUNTY, W46, W47, County

AHEAD = timedelta(hours=8)


def test_the_whole_week(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    assert told[0]["total"] == counted(told[1], W47)
    assert min(told[0]["total"].values()) > 0, "every count is tried"


def test_every_part(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    for line in told[0]["lines"]:
        mine = [one for one in told[1] if one["village"].startswith(line["key"])]
        assert line["now"] == counted(mine, W47)


def test_what_is_overdue_by_step(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    data, records, found = told
    by_hand = plain_week.late(records, W47.end)
    assert {(kind, clock): count for kind, clock, count in data["late"]} == by_hand
    assert sum(by_hand.values()) == data["total"]["running_late"] > 0
    said = summary.plain(summary.text(found))
    shown = {row[0]: row[1] for row in ledger(filled[0], found)["汇总"]}
    for kind, clock, count in data["late"]:
        label = late_label(kind, clock)
        assert f"{label} {count}" in said
        assert shown[f"逾期：{label}"] == count


def test_the_text_says_every_number_of_the_week(
    told: tuple[dict[str, Any], list[Record], Figures],
) -> None:
    by_hand, said = counted(told[1], W47), summary.plain(summary.text(told[2]))
    for words in (
        "走访 {visits} 次", "覆盖 {households} 户", "补报以前的 {belated} 次", "现场照片 {photos} 份",
        "照片共 {pictures} 张", "困难情况 {cases} 件", "其中紧急 {urgent} 件",
        "办结 {closed}，在办 {open}，逾期 {cases_overdue}",
        "下达 {issued}，完成 {completed}，验收 {accepted}，退回 {returned}，销号 {struck_off}",
        "待整改 {to_mend}，待验收 {to_accept}，待销号 {to_strike}，逾期 {overdue}",
        "按时 {on_time} ÷（办了 {ended} + 逾期未办 {running_late}）",
    ):  # fmt: skip
        assert words.format(**by_hand) in said, words


def test_the_chart_draws_the_same_numbers(
    told: tuple[dict[str, Any], list[Record], Figures], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written on the picture, in the order of writing: tiles, days, parts."""
    data, records, found = told
    written: list[str] = []
    write = chart._Page.text

    def text(page: Any, x: float, y: float, words: str, *more: Any, **how: Any) -> None:
        written.append(words)
        write(page, x, y, words, *more, **how)

    monkeypatch.setattr(chart._Page, "text", text)
    assert chart.png(found).startswith(b"\x89PNG")
    by_hand, said = counted(records, W47), "|".join(written)
    tiles = {"走访（次）": "visits", "覆盖户数": "households", "照片（张）": "pictures", "新增困难": "cases",
             "整改完成": "completed", "整改逾期": "overdue"}  # fmt: skip
    assert all(f"|{label}|{by_hand[name]}|" in said for label, name in tiles.items()), said
    days = plain_week.by_day(records, W47.start, W47.end, AHEAD)
    for day, _count in data["days"]:
        assert re.search(rf"\|{days.get(day, 0)}\|周.\|{int(day[5:7])}-{int(day[8:])}\|", said), day
    for line in data["lines"]:
        mine = counted([one for one in records if one["village"].startswith(line["key"])], W47)
        assert f"|{line['name']}|{mine['visits']}|" in said


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


def numbers(text: str) -> set[str]:
    """Numbers that a sentence says, without those of records, villages, days and shares."""
    return set(
        re.findall(r"\d+", re.sub(r"[A-Z]{2}-[\d-]+（[^）]*）|\d+月\d+日(\d+:\d+)?|[\d.]+%", "", text))
    )


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
    assert [line for line in said if re.match("[一二三四五六]、", line)] == [
        "一、走访和照片", "二、困难情况", "三、问题整改", "四、队员在村", "五、需要说明的情况", "六、各镇街",
    ]  # fmt: skip
    assert "2026年11月20日" in said
    parts, sources = paper.tables
    assert len(parts.rows) == 4
    assert len(sources.rows) == 1 + len(list(week_paper.paper(told[2]).sentences()))


def test_what_is_named_stands_in_items_of_its_own_with_its_record(
    told: tuple[dict[str, Any], list[Record], Figures],
) -> None:
    """A number of a record in the middle of a sentence would be broken at its hyphen."""
    paper = Document(io.BytesIO(week_sheet.draw((told[0], ""))))
    said = [line.text for line in paper.paragraphs]
    items = [re.match(r"\d\.([A-Z]{2}-[\d-]+)（", line) for line in said]
    named = [found[1] for found in items if found]
    matters = [*told[0]["urgent"][:5], *told[0]["overdue"][:5]]
    assert named == [one["number"] for one in matters] != []
    assert not [line for line in said if re.search(r"[^.][A-Z]{2}-\d", line)], "in no other place"
    records = [row.cells[3].text for row in paper.tables[1].rows if row.cells[3].text]
    assert records[1:] == named


def test_the_sources_are_hidden(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    paper = Document(io.BytesIO(week_sheet.draw((told[0], ""))))
    runs = [run for row in paper.tables[1].rows for cell in row.cells for run in cell.paragraphs[0].runs]
    assert runs
    assert all(run.font.hidden for run in runs)
    shown = [run for row in paper.tables[0].rows for cell in row.cells for run in cell.paragraphs[0].runs]
    assert not any(
        run.font.hidden for run in [*shown, *(run for line in paper.paragraphs[:-2] for run in line.runs)]
    )


def test_a_comparison_says_of_what(told: tuple[dict[str, Any], list[Record], Figures]) -> None:
    said = "".join(one.text for one in week_paper.paper(told[2]).sentences())
    assert re.search("走访次数(比|与)上一周（", said)
    assert re.search("整改完成(比|与)上一周（", said)


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
    line = Line("120114001", "长" * 40, Tally(visits=3), Tally(), 9, 1)
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


def test_who_was_in_the_village(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    """Each of nine villages has two people all week; one of them writes everything."""
    data, records, found = told
    inside = plain_week.person_days(records, 18, (W47.start + AHEAD).date(), W47.end, AHEAD)
    assert data["presence"] == {"people": 18, "inside": inside, "trip": 0, "leave": 0}
    assert inside > 18 * 5, "somebody reported on a day off"
    assert f"队员 18 人：在村 {inside} 人日，出差 0，请假 0" in summary.plain(summary.text(found))
    book = ledger(filled[0], found)
    by_town = [plain_week.person_days(
        [one for one in records if one["village"].startswith(line["key"])], 6, (W47.start + AHEAD).date(), W47.end,
        AHEAD,
    ) for line in data["lines"]]  # fmt: skip
    assert [line["presence"]["inside"] for line in data["lines"]] == by_town
    assert ["在村人日", inside] in [row[:2] for row in book["汇总"]]
    assert [row[-6] for row in book["各镇街"]] == by_town
    said = [one.text for one in week_paper.paper(found).sentences()]
    assert f"队员18人在村{inside}人日，出差0人日，请假0人日。" in said


def test_whose_contact_was_due_and_who_was_seen(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    data, records, found = told
    with filled[0].reading() as session:
        every = cards(session)

    def by_hand(place: str = "") -> dict[str, int]:
        mine = [one for one in every if one["village"].startswith(place)]
        return plain_week.contacts(mine, records, W47.start, W47.end, AHEAD)

    whole = by_hand()
    assert data["contacts"] == whole
    assert 2 < whole["seen"] < whole["due"] < len(every)
    assert [line["contacts"] for line in data["lines"]] == [by_hand(line["key"]) for line in data["lines"]]
    rate = f"{int(whole['seen'] * 1000 / whole['due']) / 10:g}%"
    said = summary.plain(summary.text(found))
    assert f"联系户：应联系 {whole['due']} 户，已联系 {whole['seen']} 户（{rate}）" in said
    book = ledger(filled[0], found)
    assert [["应联系户数", whole["due"]], ["其中已联系", whole["seen"]]] == [
        row[:2] for row in book["汇总"] if row[0] in ("应联系户数", "其中已联系")
    ]
    assert [row[-3:-1] for row in book["各镇街"]] == [
        list(line["contacts"].values()) for line in data["lines"]
    ]
    told_so = [one.text for one in week_paper.paper(found).sentences()]
    assert f"本周应联系{whole['due']}户，已联系{whole['seen']}户，联系率{rate}。" in told_so


def test_a_team_its_villages_and_its_people_have_their_share(
    told: tuple[dict[str, Any], list[Record], Figures], filled: tuple[Store, County]
) -> None:
    store, county = filled
    with store.reading() as session:
        every = cards(session)
        for team, village in county.teams.items():
            found = figures.count(session, Scope(village[:9], team), Closed(Week(2026, 47), W47), CLOSE)
            mine = [one for one in every if one["village"] == village]
            by_hand = plain_week.contacts(mine, told[1], W47.start, W47.end, AHEAD)
            assert asdict(found.contacts) == by_hand
            assert [asdict(one.contacts) for one in found.lines] == [by_hand]
            for one in found.members:
                own = [card for card in mine if card["person"] == one.person]
                hand = plain_week.contacts(own, told[1], W47.start, W47.end, AHEAD)
                assert {"due": one.due, "seen": one.seen} == hand
