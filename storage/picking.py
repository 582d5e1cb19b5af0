"""What there is to pick from in a form: villages, households, people; and how picked ones are called."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, or_, select

from storage import household_list, names, postings, scope, showing
from storage.db import run
from storage.forms import HouseholdPick, PersonPick, TeamPick, Text, Village, flow
from storage.identity import Actor
from storage.people import Team, TeamVillage
from storage.places import Level, Region
from storage.private_numbers import told
from storage.refusals import Gone
from storage.report import ReportState
from storage.showing import Channel, Of
from storage.texts import listed

FOUND = 24
RECENT = 4


class Option(NamedTuple):
    """`value` is the answer, `text` its button."""

    value: str | int
    text: str


def teams(session: Session, actor: Actor, text: str = "") -> list[Option]:
    """Teams that serve a village in the territory one manages, by part of their name or of the village's."""
    served = select(TeamVillage.team_id).join(Region).where(scope.within(Region.code, actor.regions()))
    around = served.where(col(Region.name).contains(text, autoescape=True))
    called = col(Team.name).contains(text, autoescape=True) & col(Team.id).in_(served)
    found = select(Team).where(or_(called, col(Team.id).in_(around)), col(Team.ended_at).is_(None))
    return [Option(team.id or 0, team.name) for team in session.exec(found.order_by(Team.name))]


def villages(session: Session, actor: Actor, text: str = "", team: int | None = None) -> list[Option]:
    """Villages one may report from whose name has that part, own ones first; of one team when it is given."""
    found = select(Region).where(scope.villages(actor), Region.level == Level.VILLAGE)
    if team is not None:
        served = select(TeamVillage.village).where(TeamVillage.team_id == team)
        found = found.where(col(Region.code).in_(served))
    found = found.where(col(Region.name).contains(text, autoescape=True)).order_by(Region.code)
    regions = list(session.exec(found.limit(FOUND)))
    order = {code: place for place, code in enumerate(actor.villages)}
    regions.sort(key=lambda region: order.get(region.code, len(order)))
    return [Option(region.code, names.spoken(region.name)) for region in regions]


def may_pick(session: Session, actor: Actor, village: str) -> bool:
    """Whether that is the code of a village one may report from."""
    mine = select(Region.code).where(scope.villages(actor), Region.level == Level.VILLAGE)
    return session.exec(mine.where(Region.code == village)).first() is not None


def households(session: Session, village: str, actor: Actor, now: datetime, text: str = "") -> list[Option]:
    """Households of a village by part of the head's name, or by card number in the whole territory: the ones
    this person reported on last come first. The reading of the names is journaled."""
    if not scope.reaches(actor, village):
        return []
    if text:
        heads = household_list.search(session, actor, village, text, now)
    else:
        heads = household_list.heads(session, village, actor.person_id, "pick", now)
    order = {household: place for place, household in enumerate(_recent(session, village, actor))}
    heads = sorted(heads, key=lambda head: order.get(head.household_id, len(order)))
    names_of = Counter(head.name for head in heads)
    return [
        Option(head.household_id, f"{head.name} {head.card_tail}" if names_of[head.name] > 1 else head.name)
        for head in heads
    ]


_REPORTS = SQLModel.metadata.tables["report"].c
_VISITED = (
    columns(_REPORTS.household_id)
    .where(
        _REPORTS.author_id == bindparam("person"), _REPORTS.village == bindparam("place"),
        _REPORTS.household_id.is_not(None),
    )
    .order_by(_REPORTS.sent_at.desc())
    .limit(40)
)  # fmt: skip


def _recent(session: Session, village: str, actor: Actor) -> list[int]:
    visited = run(session, _VISITED, person=actor.person_id, place=village).scalars()
    return list(dict.fromkeys(visited))[:RECENT]


_OWN = columns(_REPORTS.id, _REPORTS.uid).where(
    _REPORTS.author_id == bindparam("person"), _REPORTS.kind == bindparam("of_kind"),
    _REPORTS.state != ReportState.WITHDRAWN,
)  # fmt: skip
# Each in the order of the index that finds it: an author has thousands, a household some.
_LAST = _OWN.order_by(_REPORTS.sent_at.desc(), _REPORTS.id.desc()).limit(1)
_LAST_THERE = _OWN.where(_REPORTS.household_id == bindparam("place")).order_by(_REPORTS.id.desc()).limit(1)


def last_report(session: Session, person_id: int, kind: str, household: int | None) -> tuple[int, str] | None:
    """Id and uid of the person's last report of a kind on that household; on any, when there is none or none is
    given."""
    found = None
    if household:
        found = run(session, _LAST_THERE, person=person_id, of_kind=kind, place=household).first()
    return found or run(session, _LAST, person=person_id, of_kind=kind).first()


def people(session: Session, actor: Actor, now: datetime) -> list[Option]:
    """Colleagues of the own teams."""
    ids = {one.person_id for team in actor.teams() for one in postings.of_team(session, team, now)}
    return [Option(who, names.full(session, who)) for who in sorted(ids - {actor.person_id})]


_REGIONS = SQLModel.metadata.tables["region"].c
_REGION_NAME = select(_REGIONS.name).where(_REGIONS.code == bindparam("code"))


def village_name(session: Session, code: str) -> str:
    name = run(session, _REGION_NAME, code=code).scalar()
    return names.spoken(name) if name else code


def village_of(session: Session, actor: Actor, household_id: int) -> str:
    """Where a household is. Raises Gone when it is not in the actor's territory."""
    village = household_list.village_of(session, household_id)
    if village is None or not scope.reaches(actor, village):
        raise Gone
    return village


def texts(
    session: Session, asks: flow.Asks, answers: flow.Answers, *, mask: bool = False, reason: bool = False
) -> dict[str, str]:
    """The texts of answers that hold more than they show (ids, tokens of numbers), by question. With `mask` the
    head's name is masked; with a `reason`, which the caller journals, numbers are in full."""
    channel = Channel.LETTER if mask else Channel.CARD
    head, number = showing.degree(Of.HEAD, channel), showing.degree(Of.NUMBER, channel, reason=reason)
    found: dict[str, str] = {}
    for name, value in answers.items():
        ask = asks.get(name)
        if not value:
            continue
        if isinstance(ask, Text) and isinstance(value, str):
            found[name] = told(session, value, number)
        elif isinstance(ask, Village):
            found[name] = village_name(session, value)
        elif isinstance(ask, HouseholdPick) and isinstance(value, int):
            found[name] = household_list.called(session, value, head)
        elif isinstance(ask, TeamPick):
            found[name] = session.get_one(Team, value).name
        elif isinstance(ask, PersonPick):
            found[name] = listed(names.full(session, person) for person in value)
    return found
