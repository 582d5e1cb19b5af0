"""Statements are made once for each shape of question, and values never go into one."""

from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import ClauseElement
from sqlalchemy.dialects import sqlite
from sqlmodel.sql.expression import SelectOfScalar

from storage import fitting, scope, search_stretches
from storage.identity import Actor, Post
from storage.people import Role
from storage.reading import LIVE, Cursor, Filter
from storage.report import Report, ReportState
from tests.storage.asking import NOW

SAID: dict[str, Any] = {
    "kind": "visit", "places": ("120114001001",), "team_id": 3, "authors": (4, 5), "since": NOW, "until": NOW,
    "states": (ReportState.ISSUED, ReportState.COMPLETED), "due_before": NOW, "number": "-0042", "households": (6,),
    "ids": (7, 8),
}  # fmt: skip
ELSEWHERE = {"words", "period", "oldest", "figure"}
"""The index finds words, an order is no condition, and the others tell only how something was said."""


def somebody(*posts: Post, person: int = 1) -> Actor:
    return Actor(person, "", "", "zh", None, posts, ())


MEMBER = somebody(Post(Role.MEMBER, 2, None, None))
SUPERVISOR = somebody(Post(Role.SUPERVISOR, None, "120114", None))
ADMINISTRATOR = somebody(Post(Role.ADMIN, None, None, None))


def written(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=sqlite.dialect()))


def listed(asked: Filter, actor: Actor | None = MEMBER, *, rising: bool = False) -> SelectOfScalar[Report]:
    said = fitting.reach(actor, everything=actor is None) | fitting.values(asked)
    return fitting.listed(tuple(said), None, rising=rising, plain=False)


def test_every_field_of_a_filter_is_a_condition_of_its_own() -> None:
    assert set(SAID) | ELSEWHERE == {one.name for one in fields(Filter)}
    nothing = written(listed(Filter()))
    found = {name: written(listed(replace(Filter(), **{name: value}))) for name, value in SAID.items()}
    assert all(len(one) > len(nothing) for one in found.values())
    assert len(set(found.values())) == len(SAID)


def test_all_of_them_stand_together() -> None:
    whole = written(listed(Filter(**SAID)))
    columns = (
        "kind",
        "village",
        "team_id",
        "author_id",
        "sent_at",
        "state",
        "due_at",
        "number",
        "household_id",
    )
    assert all(f"report.{column} " in whole.partition("WHERE")[2] for column in columns)


def test_a_shape_has_one_statement_whatever_is_said() -> None:
    one = listed(Filter(kind="visit", places=("120114001001",), authors=(1,)))
    other = listed(
        Filter(kind="photo", places=("120114",), authors=(2, 3)), somebody(Post(Role.LEADER, 9, None, None))
    )
    assert one is other
    assert one is not listed(Filter(kind="visit", places=("120114001001", "120114001002"), authors=(1,)))
    assert one is not listed(Filter(kind="visit", places=("120114001001",), authors=(1,)), SUPERVISOR)
    assert one is not listed(Filter(kind="visit", places=("120114001001",), authors=(1,)), rising=True)


def test_no_value_is_written_into_a_statement() -> None:
    whole = written(listed(Filter(**SAID), SUPERVISOR))
    assert not any(value in whole for value in ("visit", "120114", "0042", "2026", "issued"))


def test_the_only_state_that_is_left_out_is_named() -> None:
    assert fitting.values(Filter(states=LIVE)) == {"without": ReportState.WITHDRAWN}
    assert fitting.values(Filter(states=(ReportState.SENT,))) == {"states": (ReportState.SENT,)}
    assert fitting.values(Filter(states=tuple(ReportState))) == {"states": tuple(ReportState)}


def test_what_is_not_asked_for_has_no_value() -> None:
    assert fitting.values(Filter()) == {}
    assert fitting.values(Filter(words="屋顶", oldest=True, period="上周")) == {}
    assert fitting.values(Filter(words="？！")) == {"nothing": "？！"}
    assert fitting.values(Filter(team_id=0)) == {"team": 0}


def test_signs_of_a_number_mean_themselves() -> None:
    assert fitting.values(Filter(number="5%_/"))["number"] == "%5/%/_//"


def test_a_place_is_a_range_of_codes() -> None:
    assert fitting.values(Filter(places=("12", "13"))) == {
        "place0": "12", "place0_end": "12~", "place1": "13", "place1_end": "13~",
    }  # fmt: skip


def test_a_list_goes_on_behind_a_place() -> None:
    place = Cursor(NOW, 7)
    assert fitting.after(None) == {}
    assert fitting.after(place) == {"at": NOW, "at_id": 7}
    names = tuple(fitting.reach(MEMBER, everything=False) | fitting.after(place))
    newest = written(fitting.listed(names, None, rising=False, plain=True))
    oldest = written(fitting.listed(names, None, rising=True, plain=True))
    assert "(report.sent_at, report.id) < (?, ?)" in newest
    assert "(report.sent_at, report.id) > (?, ?)" in oldest


def test_what_the_index_found_is_counted_and_listed_in_its_order() -> None:
    names = tuple(fitting.reach(MEMBER, everything=False))
    found = search_stretches._anywhere(())
    assert "ORDER BY found.position DESC" in written(fitting.listed(names, found, rising=False, plain=False))
    assert "ORDER BY" not in written(fitting.counted(names, found))
    assert fitting.counted(names, found) is fitting.counted(names, found)


def test_territories_by_name() -> None:
    assert scope.values(MEMBER) == {"me": 1, "teams": (2,)}
    assert scope.values(SUPERVISOR) == {"me": 1, "region0": "120114", "region0_end": "120114~"}
    assert scope.values(ADMINISTRATOR) == scope.values(None) == {"everywhere": True}
    assert fitting.reach(None, everything=True) == {"everywhere": True}
    reached = [
        written(listed(Filter(), one)).partition("WHERE")[2] for one in (ADMINISTRATOR, SUPERVISOR, MEMBER)
    ]
    assert ["author_id" in one for one in reached] == [False, True, True]
    assert ["village" in one for one in reached] == [False, True, False]


def test_nobody_reads_without_a_territory() -> None:
    with pytest.raises(ValueError, match="territory"):
        fitting.reach(None, everything=False)
    with pytest.raises(ValueError, match="territory"):
        fitting.listed(("kind",), None, rising=False, plain=False)
