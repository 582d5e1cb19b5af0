"""A town's week beside the towns of the same class: equal to a plain count over the export, kept, named nowhere."""

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event
from sqlmodel import Session

from reports import figures, peered, summary, week_ledger, week_paper
from reports.figures import Figures
from reports.week import Closed, Week
from storage import peers
from storage.db import Store
from storage.peers import Peers
from storage.people import Team
from storage.places import Region, TownClass
from storage.summaries import Scope
from storage.texts import speaking
from tests import databases, plain_week, weeks
from tests.exported import exported
from tests.plain_week import Record
from tests.reports.sample import sample
from tests.weeks import CLOSE, COUNTY, W46, W47, County

pytestmark = pytest.mark.both_databases

MODEL, PRIORITY = TownClass.MODEL, TownClass.PRIORITY
CLASSES = (MODEL, MODEL, MODEL, MODEL, MODEL, PRIORITY, PRIORITY, PRIORITY, None, MODEL)
"""Of the towns in their order; the last one has no team."""
WEEK = Week(2026, 47)
HOUR = timedelta(hours=1)
KEPT = Peers(MODEL, 4, 14.5, 6.0)


class Undone(Exception):
    """Raised at the end of a test, so that what it wrote is undone."""


@pytest.fixture(scope="module")
def settled(
    database: databases.Kind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, County, list[Record]]]:
    """A week of ten towns, and its records as they are exported."""
    store = weeks.new_store(tmp_path_factory.mktemp(database) / "p.db")
    with store.writing() as session:
        county = weeks.settle(session, towns=9, villages=3, households=6)
        weeks.add_region(session, f"{COUNTY}010", "第10镇")
        county.towns.append(f"{COUNTY}010")
        for code, town_class in zip(county.towns, CLASSES, strict=True):
            session.get_one(Region, code).town_class = town_class
        weeks.fill(session, county, W47, seed=11, records=400)
        for place, ended in ((1, CLOSE - HOUR), (2, CLOSE + HOUR)):
            session.get_one(Team, teams_of(county, place)[0]).ended_at = ended
    with store.reading() as session:
        records = exported(session, CLOSE)
    yield store, county, records
    store.close()


@pytest.fixture
def filled(settled: tuple[Store, County, list[Record]]) -> Iterator[tuple[Session, County]]:
    with suppress(Undone), settled[0].writing() as session:
        yield session, settled[1]
        raise Undone


def teams_of(county: County, place: int) -> list[int]:
    return [team for team, village in county.teams.items() if village.startswith(county.towns[place])]


def made(session: Session, scope: Scope) -> Figures:
    return figures.make(session, scope, Closed(WEEK, W47), CLOSE)


def by_hand(settled: tuple[Store, County, list[Record]], places: dict[int, int]) -> dict[str, float] | None:
    """Over the export: towns by their place, with how many teams each has."""
    teams = {settled[1].towns[place]: many for place, many in places.items()}
    return plain_week.peers(settled[2], teams, W47.start, W47.end)


def test_the_median_is_that_of_a_plain_count(
    filled: tuple[Session, County], settled: tuple[Store, County, list[Record]]
) -> None:
    session, county = filled
    for own, others in ((0, {1: 2, 2: 3, 3: 3, 4: 3}), (1, {0: 3, 2: 3, 3: 3, 4: 3})):
        found = json.loads(json.dumps(made(session, Scope(county.towns[own])).as_json()))["peers"]
        expected = by_hand(settled, others)
        assert expected is not None
        assert found == {"town_class": "model", "towns": 4} | expected
        assert min(expected.values()) > 0
        assert len({*expected.values()}) == 2, "visits and households differ"


def test_a_median_of_an_odd_number_is_rounded(
    filled: tuple[Session, County], settled: tuple[Store, County, list[Record]]
) -> None:
    session, county = filled
    session.get_one(Region, county.towns[4]).town_class = PRIORITY
    found = made(session, Scope(county.towns[0])).peers
    expected = by_hand(settled, {1: 2, 2: 3, 3: 3})
    assert found is not None
    assert {"visits": found.visits, "households": found.households} == expected
    assert found.towns == 3


def test_fewer_than_three_towns_tell_nothing(
    filled: tuple[Session, County], settled: tuple[Store, County, list[Record]]
) -> None:
    session, county = filled
    assert made(session, Scope(county.towns[5])).peers is None, "there are two others"
    assert by_hand(settled, {6: 3, 7: 3}) is None
    assert made(session, Scope(county.towns[8])).peers is None, "it has no class"
    assert made(session, Scope(COUNTY)).peers is None
    assert made(session, Scope("")).peers is None


def test_a_town_without_a_team_is_no_peer(filled: tuple[Session, County]) -> None:
    session, county = filled
    for place in (3, 4):
        session.get_one(Region, county.towns[place]).town_class = None
    assert made(session, Scope(county.towns[0])).peers is None, "two with teams, one without"


def test_a_team_is_told_what_its_town_is(
    filled: tuple[Session, County], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, county = filled
    first, second = teams_of(county, 0)[:2]
    alone = made(session, Scope(county.towns[0], first))
    assert alone.peers is not None
    monkeypatch.setattr(peers, "_counted", None)  # what is kept is not counted again
    town, other = made(session, Scope(county.towns[0])), made(session, Scope(county.towns[0], second))
    assert alone.peers == town.peers == other.peers
    assert "本队是" in peered.sentence(alone)
    assert "本乡镇每队是" in peered.sentence(town)


def test_a_class_that_changes_later_changes_no_kept_week(filled: tuple[Session, County]) -> None:
    session, county = filled
    scope = Scope(county.towns[0])
    before = made(session, scope).peers
    assert before is not None
    session.get_one(Region, county.towns[0]).town_class = PRIORITY
    session.flush()
    assert made(session, scope).peers == figures.of_week(session, scope, WEEK, CLOSE).peers == before
    other = peers.of(session, scope, "2026-W46", W46)
    assert other is not None
    assert (other.town_class, other.towns) == (PRIORITY, 3)


def test_a_week_that_is_not_kept_tells_nothing(filled: tuple[Session, County]) -> None:
    session, county = filled
    found = figures.of_week(session, Scope(county.towns[0]), WEEK, CLOSE)
    assert found.total.visits
    assert found.peers is None
    assert peered.sentence(found) == ""
    assert peered.rows(found) == ()


def test_few_statements_however_many_towns(filled: tuple[Session, County]) -> None:
    session, county = filled
    asked: list[str] = []
    line = session.connection()
    event.listen(line, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert peers.of(session, Scope(county.towns[0]), str(WEEK), W47)
    assert len(asked) <= 7, asked


def town(**changes: object) -> Figures:
    return sample(scope="120114001", name="第1镇", teams=3, peers=KEPT, **changes)


def test_the_sentence_says_the_median_and_the_own_figures() -> None:
    assert peered.sentence(town()) == (
        "其他4个示范类乡镇每队走访的中位数是14.5次、覆盖6户；本乡镇每队是128.7次、117户。"
    )
    with speaking("en"):
        assert peered.sentence(town()).startswith("In the 4 other towns of the class “model” the median")


def test_brief_and_workbook_tell_it_with_its_sources() -> None:
    said = [one for one in week_paper.paper(town()).sentences() if "中位数" in one.text]
    assert [one.text for one in said] == [peered.sentence(town())]
    rows = [
        ("同类乡镇个数", 4), ("同类乡镇每队走访中位数", 14.5), ("同类乡镇每队户数中位数", 6),
        ("每队走访", 128.7), ("每队户数", 117),
    ]  # fmt: skip
    assert list(said[0].sources) == rows
    assert all(str(value) in said[0].text for _label, value in rows)
    assert not [one for one in week_paper.paper(sample()).sentences() if "中位" in one.text]


def test_the_workbook_has_rows_of_it(filled: tuple[Session, County]) -> None:
    session, county = filled
    found, out = made(session, Scope(county.towns[0])), io.BytesIO()
    week_ledger.write(session, Scope(county.towns[0]), found, out)
    cells = load_workbook(io.BytesIO(out.getvalue()))["汇总"].iter_rows(min_row=3, values_only=True)
    shown: dict[Any, Any] = {row[0]: row[1] for row in cells}
    assert {label: shown[label] for label, _value in peered.rows(found)} == dict(peered.rows(found))


def test_neither_group_nor_text_carries_it() -> None:
    """Nobody is compared in a group (policy): the message of the week is the same with and without."""
    without = sample(scope="120114001", name="第1镇", teams=3)
    assert summary.text(town(), named=True) == summary.text(without, named=True)
    assert "中位" not in summary.text(town())


def test_no_other_town_is_named(filled: tuple[Session, County]) -> None:
    session, county = filled
    own = county.towns[0]
    data = json.dumps(made(session, Scope(own)).as_json(), ensure_ascii=False)
    assert not [code for code in county.towns[1:] if code in data]
    assert not [place for place in range(2, 11) if f"第{place}镇" in data]


def test_what_was_kept_is_read_again_and_older_weeks_too() -> None:
    data = json.loads(json.dumps(town().as_json()))
    assert figures.from_json(data).peers == KEPT
    del data["peers"]
    assert figures.from_json(data).peers is None
