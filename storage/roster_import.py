"""People, teams and units from a roster: dry run, safe to repeat, a link for each newcomer without account.

Somebody is the same when the phone number is; else the Telegram account; else the name in that team.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from storage import invitations, names, postings, roster, roster_rows, sheets, teams
from storage.people import Person, Posting, Team
from storage.refusals import Refusal
from storage.roster_rows import Row
from storage.sheets import BadCell
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


def plan(session: Session, path: Path, now: datetime) -> Plan:
    """Read the roster and compare; nothing is written. Raises Refusal when the file cannot be read."""
    made, rows = Plan(), list[Row]()
    villages = Villages(session)
    for line in sheets.lines(path, roster_rows.COLUMNS, frozenset({"name"})):
        read = roster_rows.read(session, line, villages)
        made.wrong.extend(read) if isinstance(read, list) else rows.append(read)
    for row in _distinct(made, _with_teams(session, made, rows)):
        _sort(session, made, row, now)
    return made


def _with_teams(session: Session, made: Plan, rows: list[Row]) -> list[Row]:
    """The rows whose team is here, or can be made from the villages that its rows name."""
    served: dict[str, set[str]] = {}
    for row in rows:
        served.setdefault(row.team, set()).update(row.villages)
    faults = {team: _team_fault(session, team, codes) for team, codes in served.items() if team}
    for row in rows:
        if (what := faults.get(row.team)) is not None:
            made.wrong.append(row.line.fault("team", what))
    return [row for row in rows if faults.get(row.team) is None]


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


def _sort(session: Session, made: Plan, row: Row, now: datetime) -> None:
    person = find(session, row, now)
    if person is None or person.id is None:
        made.new.append(row)
    elif names.full(session, person.id) != row.name:
        made.wrong.append(row.line.fault("name", _("这个电话或账号登记的是另一个姓名，请核对。")))
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
    if by_number is not None or not row.team:
        return by_number
    mates = session.exec(
        select(Person)
        .join(Posting, col(Posting.person_id) == col(Person.id))
        .join(Team, col(Posting.team_id) == col(Team.id))
        .where(Team.name == row.team, postings.active_at(now))
    )
    return next((one for one in mates if names.full(session, one.id or 0) == row.name), None)


def _posted(session: Session, person_id: int, row: Row, now: datetime) -> bool:
    team = teams.team_named(session, row.team) if row.team else None
    wanted = (row.role, team.id if team else None, row.region)
    active = postings.active(session, person_id, now)
    return any((one.role, one.team_id, one.region) == wanted for one in active)


def make_teams(session: Session, rows: Sequence[Row], *, by: int | None, now: datetime) -> None:
    """Make the teams that are not here yet, each with the villages that all its rows name. Before `write`."""
    for name in dict.fromkeys(row.team for row in rows if row.team):
        if teams.team_named(session, name) is None:
            mates = [row for row in rows if row.team == name]
            unit = next((row.unit for row in mates if row.unit), None)
            codes = sorted({code for row in mates for code in row.villages})
            teams.add_team(session, name, codes, unit=unit, by=by, now=now)


def write(session: Session, rows: Sequence[Row], *, by: int | None, now: datetime) -> list[Link]:
    """Write part of a plan's changes; links for those who have no account yet."""
    return [link for row in rows if (link := _write(session, row, by, now)) is not None]


def _write(session: Session, row: Row, by: int | None, now: datetime) -> Link | None:
    person = find(session, row, now)
    made = person or roster.add_person(
        session, row.name, telegram_id=row.telegram_id, phone=row.phone, by=by, now=now
    )
    assert made.id is not None
    team = teams.team_named(session, row.team) if row.team else None
    if row.team and team is None:
        raise Refusal(_("还没有工作队“{team}”，请先添加。").format(team=row.team))
    postings.post(
        session, made.id, row.role, team_id=team.id if team else None, region=row.region,
        department=row.department, by=by, now=now,
    )  # fmt: skip
    if person is not None or made.telegram_id is not None:
        return None
    token = invitations.make_claim(session, made.id, by=by, now=now)
    return Link(made.id, row.name, row.team or row.region or "", token)
