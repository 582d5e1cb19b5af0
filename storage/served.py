"""What other programs are given: rows of an actor's territory, in the order of their keys, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import postings, scope
from storage.households import Household
from storage.identity import Actor
from storage.people import Posting, Role, Team, TeamVillage, Unit
from storage.photo import Photo
from storage.places import Region, inside
from storage.refusals import NotThere
from storage.report import Report

T = TypeVar("T", bound=SQLModel)


@dataclass(frozen=True)
class Served:
    """A team as it stands now; `posted` are (person, role), the villages their codes."""

    team: Team
    unit: str
    villages: tuple[str, ...]
    posted: tuple[tuple[int, Role], ...]


def regions(session: Session, actor: Actor, within: str, after: str, most: int) -> list[Region]:
    """By code, after one; a row more than `most` where there are more."""
    wanted = select(Region).where(
        scope.villages(actor), inside(Region.code, within), col(Region.code) > after
    )
    return _page(session, wanted.order_by(Region.code), most)


def households(session: Session, actor: Actor, within: str, after: int, most: int) -> list[Household]:
    """Those that are not closed, by number, as `regions`."""
    mine = (scope.places(actor, Household.village), inside(Household.village, within))
    wanted = select(Household).where(*mine, col(Household.closed).is_(False), col(Household.id) > after)
    return _page(session, wanted.order_by(col(Household.id)), most)


def household(session: Session, actor: Actor, uid: str) -> Household:
    """Raises NotThere when it is not there, or not in the territory."""
    mine = scope.places(actor, Household.village)
    return _one(
        session, select(Household).where(Household.uid == uid, mine, col(Household.closed).is_(False))
    )


def report(session: Session, actor: Actor, number: str) -> Report:
    """By its receipt number; as `household`."""
    return _one(session, select(Report).where(Report.number == number, scope.visible(actor)))


def photo(session: Session, actor: Actor, uid: str) -> Photo:
    """A photo of a report; as `household`."""
    theirs = select(Photo).join(Report, col(Photo.report_id) == Report.id)
    return _one(session, theirs.where(Photo.uid == uid, scope.visible(actor)))


def teams(session: Session, actor: Actor, after: int, most: int, now: datetime) -> list[Served]:
    """Those that have not ended, by number, as `regions`."""
    wanted = select(Team).where(_teams(actor), col(Team.ended_at).is_(None), col(Team.id) > after)
    found = _page(session, wanted.order_by(col(Team.id)), most)
    return _served(session, found, now)


def team(session: Session, actor: Actor, number: int, now: datetime) -> Served:
    """As `household`."""
    return _served(session, [_one(session, select(Team).where(Team.id == number, _teams(actor)))], now)[0]


def _teams(actor: Actor) -> ColumnElement[bool]:
    """SQL over Team: one's own, and those of the territory."""
    return or_(col(Team.id).in_(actor.teams()), scope.within(Team.region, actor.regions()))


def _served(session: Session, found: list[Team], now: datetime) -> list[Served]:
    ids = [one.id for one in found]
    named = select(Unit.id, Unit.name).where(col(Unit.id).in_({one.unit_id for one in found}))
    units = dict(session.exec(named).all())
    villages: dict[int, list[str]] = {}
    for row in session.exec(
        select(TeamVillage).where(col(TeamVillage.team_id).in_(ids)).order_by(TeamVillage.village)
    ):
        villages.setdefault(row.team_id, []).append(row.village)
    posted: dict[int | None, list[tuple[int, Role]]] = {}
    active = select(Posting).where(col(Posting.team_id).in_(ids), postings.active_at(now))
    for one in session.exec(active.order_by(col(Posting.id))):
        posted.setdefault(one.team_id, []).append((one.person_id, one.role))
    return [
        Served(
            one,
            units.get(one.unit_id, ""),
            tuple(villages.get(one.id or 0, ())),
            tuple(posted.get(one.id, ())),
        )
        for one in found
    ]


def household_uids(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    """What households are known by outside, by number."""
    wanted = {one for one in ids if one is not None}
    return dict(session.exec(select(Household.id, Household.uid).where(col(Household.id).in_(wanted))).all())


def _page(session: Session, wanted: SelectOfScalar[T], most: int) -> list[T]:
    return list(session.exec(wanted.limit(most + 1)))


def _one(session: Session, wanted: SelectOfScalar[T]) -> T:
    found = session.exec(wanted).first()
    if found is None:
        raise NotThere
    return found
