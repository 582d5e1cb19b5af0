"""Territory as SQL: the one place where "who may see what" is decided. Every query passes it."""

from typing import Any, Protocol, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Integer, String, bindparam, false, true
from sqlmodel import Session, col, or_, select

from storage.identity import Actor
from storage.people import Role, Team
from storage.places import Region, beyond, inside
from storage.refusals import Gone, NotYours
from storage.report import Report


class Personal(Protocol):
    """A row that is one person's own."""

    person_id: int


P = TypeVar("P", bound=Personal)


def own(session: Session, entity: type[P], number: int, actor: Actor) -> P:
    """The row of that number, when it is this person's. Raises Gone, or NotYours for somebody else's."""
    found = session.get(entity, number)
    if found is None:
        raise Gone
    if found.person_id != actor.person_id:
        raise NotYours
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL over Report: own reports, those of own teams, and those of villages in a territory one supervises
    or administers. An officer sees their own only."""
    return _visible(
        actor.person_id,
        actor.teams(),
        within(Report.village, actor.regions()),
    )


def values(actor: Actor | None) -> dict[str, Any]:
    """What `visible` says of somebody, for statements that are made once for all who have as many territories.
    None: the machine's owner, who sees everything."""
    if actor is None or "" in actor.regions():
        return {"everywhere": True}
    teams = {"teams": actor.teams()} if actor.teams() else {}
    return {"me": actor.person_id, **teams, **codes("region", actor.regions())}


def visible_named(names: tuple[str, ...]) -> ColumnElement[bool]:
    """The same SQL for all of whom `values` says something by these names; what, is put in when it runs."""
    if "everywhere" in names:
        return true()
    if "me" not in names:
        raise ValueError("nobody reads without a territory")
    teams = bindparam("teams", type_=Integer, expanding=True) if "teams" in names else ()
    return _visible(bindparam("me", type_=Integer), teams, within_named(Report.village, names, "region"))


def _visible(
    person: int | BindParameter[int],
    teams: tuple[int, ...] | BindParameter[int],
    territory: ColumnElement[bool],
) -> ColumnElement[bool]:
    own_teams = col(Report.team_id).in_(teams)
    return or_(col(Report.author_id) == person, own_teams, territory)


def codes(name: str, territories: tuple[str, ...]) -> dict[str, str]:
    """Values of territories: where each begins and what lies behind all of it."""
    ends = [
        {f"{name}{place}": code, f"{name}{place}_end": beyond(code)} for place, code in enumerate(territories)
    ]
    return {key: value for one in ends for key, value in one.items()}


def within_named(column: str, names: tuple[str, ...], name: str) -> ColumnElement[bool]:
    """SQL: the code lies in one of the territories that have values of this name; none is nowhere."""
    last = sum(one.startswith(name) for one in names) // 2
    ends = ((_code(f"{name}{place}"), _code(f"{name}{place}_end")) for place in range(last))
    return or_(false(), *((col(column) >= low) & (col(column) < high) for low, high in ends))


def _code(name: str) -> BindParameter[str]:
    return bindparam(name, type_=String)


def may_see(session: Session, actor: Actor, report: Report) -> bool:
    """The same for one report, asked of the same SQL so that the two cannot differ."""
    return session.exec(select(Report.id).where(Report.id == report.id, visible(actor))).first() is not None


def villages(actor: Actor) -> ColumnElement[bool]:
    """SQL over Region.code: the villages of own teams, and the regions of own territories."""
    return places(actor, Region.code)


def places(actor: Actor, column: str | ColumnElement[str]) -> ColumnElement[bool]:
    """The same over any column that holds a region's code, such as Household.village."""
    return or_(col(column).in_(actor.villages), within(column, actor.regions()))


def within(column: str | ColumnElement[str] | None, territories: tuple[str, ...]) -> ColumnElement[bool]:
    """SQL: the code lies in one of the territories; "" is everywhere, none is nowhere."""
    assert column is not None  # A table's attribute stands for its column; None is only in its type.
    if "" in territories:
        return true()
    return or_(false(), *(inside(column, code) for code in territories))


def manages(actor: Actor, region: str | None) -> bool:
    """Supervises or administers a territory that contains the region (None: the whole installation)."""
    return _contains(actor.regions(), region)


def reaches(actor: Actor, village: str) -> bool:
    """The village is one of the own teams' or inside a territory one manages."""
    return village in actor.villages or manages(actor, village)


def administers(actor: Actor, region: str | None) -> bool:
    """Administers a territory that contains the region (None: the whole installation)."""
    return _contains(actor.regions(Role.ADMIN), region)


def _contains(territories: tuple[str, ...], region: str | None) -> bool:
    return any((region or "").startswith(code) for code in territories)


def leads(session: Session, actor: Actor, team_id: int) -> bool:
    """Leads that team, or administers its region."""
    if team_id in actor.teams(Role.LEADER):
        return True
    team = session.get(Team, team_id)
    return team is not None and administers(actor, team.region)


def led_teams(actor: Actor) -> ColumnElement[bool]:
    """SQL over Team: the teams one leads, and those of the territories one administers."""
    return or_(col(Team.id).in_(actor.teams(Role.LEADER)), within(Team.region, actor.regions(Role.ADMIN)))
