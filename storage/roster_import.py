"""People, teams and units from a roster: dry run, safe to repeat, a link for each newcomer without account.

Somebody is the same when the phone number is; else the Telegram account; else the name in that team or region.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session, col, select

from storage import administering, invitations, names, postings, roster, roster_rows, sheets, teams
from storage.identity import Actor
from storage.people import Person, Posting, Team
from storage.refusals import Gone, NotYours
from storage.roster_rows import Row
from storage.scope import administers
from storage.sheets import BadCell, Given
from storage.texts import _
from storage.village_names import Villages


@dataclass
class Plan:
    """What an import would do: rows of new people, rows that give somebody a further posting, and faults.
    `waiting` are people here and unchanged who have not opened their link yet."""

    new: list[Row] = field(default_factory=list)
    posted: list[Row] = field(default_factory=list)
    same: int = 0
    waiting: list[int] = field(default_factory=list)
    wrong: list[BadCell] = field(default_factory=list)

    @property
    def changes(self) -> list[Row]:
        return [*self.new, *self.posted]


@dataclass(frozen=True)
class Link:
    """The token with which a newcomer takes the account that waits for them."""

    person_id: int
    name: str
    team: str
    token: str


def plan(
    session: Session, given: Given, now: datetime, *, actor: Actor | None = None, territory: str = ""
) -> Plan:
    """Read the roster and compare; nothing is written. Villages are looked up inside `territory`. An actor's roster is
    of teams and regions they administer. Raises Refusal when the file cannot be read."""
    made, rows = Plan(), list[Row]()
    villages = Villages(session, territory)
    for line in sheets.lines(given, roster_rows.COLUMNS, frozenset({"name"})):
        read = roster_rows.read(session, line, villages)
        made.wrong.extend(read) if isinstance(read, list) else rows.append(read)
    for row in _distinct(made, _with_teams(session, made, rows)):
        fault = _not_yours(session, actor, row)
        if fault is not None:
            made.wrong.append(fault)
            continue
        _sort(session, made, row, actor, now)
    return made


def _with_teams(session: Session, made: Plan, rows: list[Row]) -> list[Row]:
    """The rows whose team is here, or can be made from what its rows name; each with all villages and the unit."""
    served, units = dict[str, set[str]](), dict[str, str]()
    for row in rows:
        served.setdefault(row.team, set()).update(row.villages)
        units[row.team] = units.get(row.team) or row.unit
    faults = {team: _team_fault(session, team, codes) for team, codes in served.items() if team}
    for row in rows:
        if (what := faults.get(row.team)) is not None:
            made.wrong.append(row.line.fault("team", what))
    return [
        replace(row, villages=tuple(sorted(served[row.team])), unit=units[row.team]) if row.team else row
        for row in rows
        if faults.get(row.team) is None
    ]


def _not_yours(session: Session, actor: Actor | None, row: Row) -> BadCell | None:
    """What keeps an actor from posting somebody there; None for the owner of the machine, who may all."""
    if actor is None:
        return None
    team = teams.team_named(session, row.team) if row.team else None
    if team is None and row.team:
        if all(administers(actor, village) for village in row.villages):
            return None
        return row.line.fault("village", _("这个村不在您负责的范围内。"))
    if invitations.may_invite(session, actor, row.role, team.id if team else None, row.region):
        return None
    return row.line.fault(
        "team" if row.team else "region", _("这不在您管理的范围内，请由那里的管理员来导入。")
    )


def _team_fault(session: Session, team: str, codes: set[str]) -> str | None:
    if teams.team_named(session, team) is not None:
        return None
    if not codes:
        return _("还没有工作队“{team}”：请写它的村，或先用 zhucun team add 添加。").format(team=team)
    if len({code[:6] for code in codes}) > 1:
        return _("工作队“{team}”的村不在同一个区县内。").format(team=team)
    return None


def _distinct(made: Plan, rows: list[Row]) -> list[Row]:
    """The rows without those whose phone or account an earlier row has under another name."""
    first: dict[tuple[str, str | int], Row] = {}
    kept = []
    for row in rows:
        numbers = (("phone", row.phone), ("telegram", row.telegram_id))
        clash = [
            column
            for column, number in numbers
            if number is not None and first.setdefault((column, number), row).name != row.name
        ]
        if clash:
            made.wrong.append(row.line.fault(clash[0], _("这个号码在表里是另一个人的，请核对。")))
        else:
            kept.append(row)
    return kept


def _sort(session: Session, made: Plan, row: Row, actor: Actor | None, now: datetime) -> None:
    person = find(session, row, now)
    if person is None or person.id is None:
        made.new.append(row)
    elif names.full(session, person.id) != row.name:
        made.wrong.append(row.line.fault("name", _("这个电话或账号登记的是另一个姓名，请核对。")))
    elif actor is not None and not _known(session, actor, person.id, now):
        made.wrong.append(row.line.fault("name", _("这个人登记在别的区域，请由整个系统的管理员来增加任职。")))
    elif not _posted(session, person.id, row, now):
        made.posted.append(row)
    else:
        made.same += 1
        made.waiting.extend([person.id] if person.telegram_id is None else [])


def find(session: Session, row: Row, now: datetime) -> Person | None:
    """The person of a row, when here already."""
    by_number = (roster.by_phone(session, row.phone) if row.phone else None) or (
        roster.by_telegram(session, row.telegram_id) if row.telegram_id else None
    )
    if by_number is not None:
        return by_number
    posted = select(Person).join(Posting, col(Posting.person_id) == col(Person.id))
    if row.team:
        here = posted.join(Team, col(Posting.team_id) == col(Team.id)).where(Team.name == row.team)
    else:
        here = posted.where(Posting.region == row.region, col(Posting.team_id).is_(None))
    mates = session.exec(here.where(postings.active_at(now)).order_by(col(Person.id)))
    return next((one for one in mates if names.full(session, one.id or 0) == row.name), None)


def _known(session: Session, actor: Actor, person_id: int, now: datetime) -> bool:
    """Whether somebody is or was posted where the actor administers."""
    try:
        administering.one(session, actor, person_id, now)
    except (Gone, NotYours):
        return False
    return True


def _posted(session: Session, person_id: int, row: Row, now: datetime) -> bool:
    team = teams.team_named(session, row.team) if row.team else None
    wanted = (row.role, team.id if team else None, row.region)
    active = postings.active(session, person_id, now)
    return any((one.role, one.team_id, one.region) == wanted for one in active)


def write(session: Session, rows: Sequence[Row], *, by: int | None, now: datetime) -> list[Link]:
    """Write part of a plan's changes, and the teams that are not here yet; links for those who have no account yet."""
    for row in rows:
        if row.team and teams.team_named(session, row.team) is None:
            teams.add_team(session, row.team, row.villages, unit=row.unit or None, by=by, now=now)
    return [link for row in rows if (link := _write(session, row, by, now)) is not None]


def _write(session: Session, row: Row, by: int | None, now: datetime) -> Link | None:
    person = find(session, row, now)
    made = person or roster.add_person(
        session, row.name, telegram_id=row.telegram_id, phone=row.phone, by=by, now=now
    )
    assert made.id is not None
    team = teams.existing(session, row.team) if row.team else None
    postings.post(
        session, made.id, row.role, team_id=team.id if team else None, region=row.region,
        department=row.department, by=by, now=now,
    )  # fmt: skip
    if person is not None or made.telegram_id is not None:
        return None
    token = invitations.make_claim(session, made.id, by=by, now=now)
    return Link(made.id, row.name, row.team or row.region or "", token)
