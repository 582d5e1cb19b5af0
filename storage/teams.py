"""Sending units and the teams they send."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage import journal, names
from storage.people import Team, TeamVillage, Unit
from storage.places import Level, Region, canonical
from storage.refusals import Refusal
from storage.scope import within
from storage.texts import _


def unit_named(session: Session, name: str) -> Unit | None:
    return session.exec(select(Unit).where(Unit.name == name.strip())).first()


def add_unit(session: Session, name: str, *, by: int | None, now: datetime) -> Unit:
    """The unit of that name, made when it is new. Raises Refusal for an empty name."""
    unit = unit_named(session, name)
    if unit is None:
        unit = Unit(name=_named(name))
        session.add(unit)
        session.flush()
        journal.write(session, by, "unit.add", f"unit:{unit.id}", now)
    return unit


def units(session: Session) -> list[Unit]:
    return list(session.exec(select(Unit).order_by(Unit.name)))


def team_named(session: Session, name: str) -> Team | None:
    return session.exec(select(Team).where(Team.name == name.strip())).first()


def existing(session: Session, name: str) -> Team:
    """The team of that name. Raises Refusal when there is none."""
    team = team_named(session, name)
    if team is None:
        raise Refusal(_("没有名为“{name}”的工作队，请先用 zhucun team add 添加。").format(name=name))
    return team


def add_team(
    session: Session,
    name: str,
    villages: Sequence[str],
    *,
    unit: str | None = None,
    by: int | None,
    now: datetime,
) -> Team:
    """The team of that name with these villages (codes) and unit; made, or brought in line when it is here.
    Its region is the town of its villages, or their county when it serves two towns. Raises Refusal."""
    codes = sorted({village(session, code).code for code in villages})
    if not codes:
        raise Refusal(_("工作队至少要有一个村，请给出村的代码。"))
    team = team_named(session, name)
    what = "team.add" if team is None else "team.change"
    team = team or Team(name=_named(name), region=_around(codes))
    before = (team.region, team.unit_id, villages_of(session, team.id) if team.id else [])
    team.region = _around(codes)
    if unit is not None:
        team.unit_id = add_unit(session, unit, by=by, now=now).id
    session.add(team)
    session.flush()
    _serve(session, team, codes)
    if before != (team.region, team.unit_id, codes):
        journal.write(session, by, what, f"team:{team.id}", now, villages=codes, unit=team.unit_id)
    return team


def _around(codes: Sequence[str]) -> str:
    """The smallest town or county that holds all these villages. Raises Refusal across counties."""
    for length in (9, 6):
        if len({code[:length] for code in codes}) == 1:
            return codes[0][:length]
    raise Refusal(_("一个工作队的村要在同一个区县内，请核对村代码。"))


def _serve(session: Session, team: Team, codes: Sequence[str]) -> None:
    assert team.id is not None
    old = {
        row.village: row for row in session.exec(select(TeamVillage).where(TeamVillage.team_id == team.id))
    }
    for code, row in old.items():
        if code not in codes:
            session.delete(row)
    session.add_all(TeamVillage(team_id=team.id, village=code) for code in codes if code not in old)
    session.flush()


def village(session: Session, code: str) -> Region:
    """The village of that code. Raises Refusal when there is none."""
    found = session.get(Region, code.strip())
    if found is None or found.level != Level.VILLAGE:
        raise Refusal(_("没有代码为 {code} 的村。请先导入区划，用 12 位村代码。").format(code=code))
    return found


def region(session: Session, code: str) -> Region:
    """The region of that code, padded with zeros or not. Raises Refusal when there is none."""
    try:
        found = session.get(Region, canonical(code))
    except ValueError:
        found = None
    if found is None:
        raise Refusal(_("没有代码为 {code} 的区域。请先导入区划。").format(code=code))
    return found


def villages_of(session: Session, team_id: int) -> list[str]:
    """Codes of the villages a team serves, in order."""
    served = select(TeamVillage.village).where(TeamVillage.team_id == team_id)
    return list(session.exec(served.order_by(TeamVillage.village)))


def teams(session: Session, territory: str = "") -> list[Team]:
    """Teams that have not ended inside a territory ("": all), by name."""
    wanted = select(Team).where(within(Team.region, (territory,)), col(Team.ended_at).is_(None))
    return list(session.exec(wanted.order_by(Team.name)))


def place_names(session: Session, codes: Sequence[str]) -> list[str]:
    """Everyday names of regions, in the order of the codes."""
    rows = session.exec(select(Region.code, Region.name).where(col(Region.code).in_(codes)))
    found = {code: names.spoken(name) for code, name in rows}
    return [found.get(code, code) for code in codes]


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= 60:
        raise Refusal(_("请给一个 1 到 60 个字的名称。"))
    return plain
