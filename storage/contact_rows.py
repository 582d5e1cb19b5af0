"""The rows behind storage/contact_share.py: each contact card with when its person was there last before a window, and
whether in it. One statement, made once for each shape of scope."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, cast, func, literal, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from storage.contact_cards import ContactCard
from storage.contact_due import HELPED, OTHER, OUT, WATCHED, WORDS
from storage.db import Utc, run
from storage.households import Household
from storage.kinds.hardship import HardshipCase
from storage.kinds.hardship_life import FOLLOW_UP
from storage.kinds.visit import Visit
from storage.people import TeamVillage
from storage.prepared import Rows
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope
from storage.unindexed import unindexed

CADENCES = (WATCHED, OUT, OTHER)
_START, _END = (bindparam(name, type_=Utc) for name in ("start", "end"))
_LOW, _HIGH = (bindparam(name, type_=String) for name in ("low", "high"))
_TEAM = bindparam("team", type_=Integer)
_NOBODY = "[]"
"""Companions as both databases have none of them: most visits, which need no longer look."""
_BEFORE = {name: bindparam(name, type_=Utc) for name in CADENCES}


def read(session: Session, scope: Scope, values: dict[str, Any]) -> Rows:
    """(id, household_id, person_id, village, helped, category, accepted_at, sent, day, stepped, seen) of the cards that
    were held at the window's end and accepted so early that their round may end in it. `sent`, `day` and `stepped` are
    when their person was there last before it: sent, told as a day, by a follow-up; `helped` whether a case helps the
    household. `values` are the window's `start` and `end`, and of each cadence before when a round begins that may."""
    shape = _Shape(scope.team is not None, scope.team is None and len(scope.region) <= 6)
    whose = {"team": scope.team} if shape.team else {"low": scope.region, "high": scope.region + "~"}
    return run(session, _cards(shape), **whose, **values)


def contacts(session: Session, cards: Sequence[int], values: dict[str, Any], most: int) -> list[int]:
    """Ids of the visits and of the cases with follow-ups by which the households of these cards were seen between
    `start` and `end`, the newest first."""
    at = col(StepTaken.at)
    followed = rows_of(col(StepTaken.id)).where(*_followed(), at >= _START, at < _END)
    made = (_VISIT & (col(Report.sent_at) >= _START)) | (
        _CASE & followed.correlate(Report, ContactCard).exists()
    )
    found = rows_of(col(Report.id)).select_from(ContactCard).join(Report, _contact())
    found = (
        found.where(col(ContactCard.id).in_(cards), made)
        .distinct()
        .order_by(col(Report.id).desc())
        .limit(most)
    )
    return [one or 0 for one in session.connection().execute(found, values).scalars()]


class _Shape(NamedTuple):
    """What the statement depends on: whether it is a team, and whether it is of so many households that it is quicker
    to begin with the cards."""

    team: bool
    large: bool


@cache
def _cards(shape: _Shape) -> Any:
    known = map(col, (ContactCard.id, ContactCard.household_id, ContactCard.person_id, Household.village))
    home = _helped().label("helped"), col(Household.category)
    found: Any = rows_of(*known, *home, col(ContactCard.accepted_at), *_last(), _seen())
    found = found.select_from(ContactCard).join(Household).outerjoin(Report, _contact())
    found = found.where(*_mine(shape), col(ContactCard.accepted_at) < _bound())
    return found.group_by(*map(col, (ContactCard.id, Household.id)))


def _mine(shape: _Shape) -> tuple[ColumnElement[bool], ...]:
    """SQL over ContactCard and Household: held at the window's end by somebody, in the scope."""
    ended = col(ContactCard.ended_at)
    held = (
        ended.is_(None) | (ended >= _END), col(ContactCard.accepted_at) < _END, col(Household.closed).is_(False),
    )  # fmt: skip
    if shape.team:
        served = rows_of(col(TeamVillage.village)).where(col(TeamVillage.team_id) == _TEAM)
        return (*held, col(Household.village).in_(served))
    village = unindexed(Household.village) if shape.large else col(Household.village)
    return (*held, village >= _LOW, village < _HIGH)


def _helped() -> ColumnElement[bool]:
    """SQL over Household: a case helps it."""
    helped = rows_of(col(Report.household_id)).where(
        col(Report.kind) == HardshipCase.kind,
        or_(*(col(Report.state) == one for one in HELPED)),
        col(Report.household_id).is_not(None),
    )
    return col(Household.id).in_(helped)


def _bound() -> Any:
    """SQL over Household: that of its cadence, as contact_due.cadence says."""
    said = col(Household.category)
    words = [(or_(*(said.like(f"%{one}%") for one in some)), _BEFORE[name]) for name, some in WORDS.items()]
    return case((_helped(), _BEFORE[WATCHED]), *words, else_=_BEFORE[OTHER])


def _contact() -> ColumnElement[bool]:
    """SQL: a report that shows the person of the card at its household, or may: a case with follow-ups."""
    mine = (col(Report.author_id) == col(ContactCard.person_id)) | _beside()
    visit = and_(col(Report.kind) == Visit.kind, col(Report.state) != ReportState.WITHDRAWN, mine)
    there = col(Report.household_id) == col(ContactCard.household_id)
    return there & (col(Report.sent_at) < _END) & (visit | (col(Report.kind) == HardshipCase.kind))


def _beside() -> ColumnElement[bool]:
    """SQL: the person of the card came along. Numbers are kept as JSON, which both databases have as "[12, 34]"."""
    text: Any = cast(col(Visit.companions), String)
    for sign, instead in ((" ", ""), ("[", ","), ("]", ",")):
        text = func.replace(text, sign, instead)
    person = cast(col(ContactCard.person_id), String)
    came = rows_of(col(Visit.report_id)).where(
        col(Visit.report_id) == col(Report.id), cast(col(Visit.companions), String) != _NOBODY,
        text.like(literal("%,").concat(person).concat(",%")),
    )  # fmt: skip
    return came.correlate(Report, ContactCard).exists()


_VISIT, _CASE = col(Report.kind) == Visit.kind, col(Report.kind) == HardshipCase.kind


def _last() -> tuple[Any, ...]:
    """SQL: when the person was there last before the window."""
    before = _VISIT & (col(Report.sent_at) < _START)
    told = rows_of(col(Visit.day)).where(col(Visit.report_id) == col(Report.id))
    day = told.correlate(Report).scalar_subquery()
    latest = rows_of(func.max(col(StepTaken.at))).where(*_followed(), col(StepTaken.at) < _START)
    stepped = latest.correlate(Report, ContactCard).scalar_subquery()
    return (
        func.max(case((before & day.is_(None), col(Report.sent_at)))).label("sent"),
        func.max(case((before, day))).label("day"),
        func.max(case((_CASE, stepped))).label("stepped"),
    )


def _followed() -> tuple[ColumnElement[bool], ...]:
    """SQL over StepTaken: a follow-up by the person of the card."""
    step = col(StepTaken.step) == FOLLOW_UP, col(StepTaken.by_id) == col(ContactCard.person_id)
    return (col(StepTaken.report_id) == col(Report.id), *step)


def _seen() -> Any:
    """SQL: 1 where the person was there in the window."""
    at = col(StepTaken.at)
    followed = rows_of(col(StepTaken.id)).where(*_followed(), at >= _START, at < _END)
    there = case(
        (_VISIT & (col(Report.sent_at) >= _START), 1),
        (_CASE & followed.correlate(Report, ContactCard).exists(), 1),
        else_=0,
    )
    return func.max(there).label("seen")
