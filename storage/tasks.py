"""Tasks of a problem, and who answers for each: with the problem itself the three lists (问题、任务、责任清单).

A problem to which nobody has set tasks is one task: its team leads, its leaders answer for it until its day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from storage import briefs, county, names
from storage.db import Utc
from storage.kinds.rectification import Rectification
from storage.people import Role
from storage.postings import of_team
from storage.report import Report
from storage.texts import _, listed

_BETWEEN = re.compile(r"[、，,;；/\s]+")  # not for people: what stands between names


class Task(SQLModel, table=True):
    """`number` counts within a problem from 1; `lead` is the unit that leads, `support` those that help."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    number: int
    what: str
    lead: str
    support: str | None = None
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Utc)


class Charge(SQLModel, table=True):
    """Somebody, by name, who answers for a task until that day."""

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    who: str
    until: date


@dataclass(frozen=True)
class Assigned:
    """A task as the lists show it: `charges` are (who, until when)."""

    number: int
    what: str
    lead: str
    support: str
    charges: tuple[tuple[str, date], ...]


def problem_of(session: Session, report: Report) -> Rectification:
    """The first of the three lists: the problem itself."""
    return session.get_one(Rectification, report.id)


def due_day(session: Session, report: Report, problem: Rectification) -> date:
    """Until when it is to be mended: as the clock that runs or ran says, else as it was issued."""
    return report.due_at.astimezone(county.zone(session)).date() if report.due_at else problem.due


def add(session: Session, report: Report, answers: Mapping[str, Any], by: int, now: datetime) -> Task:
    """What an assigning form said: `what`, `lead`, `support`, `who` (several names as people write them) and
    `until`."""
    made = Task(
        report_id=report.id or 0, number=len(_rows(session, report)) + 1, what=answers["what"],
        lead=answers["lead"], support=answers.get("support"), by_id=by, at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for who in filter(None, _BETWEEN.split(answers["who"])):
        session.add(Charge(task_id=made.id or 0, who=who, until=date.fromisoformat(answers["until"])))
    session.flush()
    return made


def _rows(session: Session, report: Report) -> list[Task]:
    found = select(Task).where(Task.report_id == report.id)
    return list(session.exec(found.order_by(col(Task.number))))


def all_of(session: Session, report: Report) -> list[Assigned]:
    """The tasks that were set, in their order."""
    return [_assigned(session, one) for one in _rows(session, report)]


def _assigned(session: Session, task: Task) -> Assigned:
    rows = select(Charge).where(Charge.task_id == task.id).order_by(col(Charge.id))
    charges = tuple((one.who, one.until) for one in session.exec(rows))
    return Assigned(task.number, task.what, task.lead, task.support or "", charges)


def lists(session: Session, report: Report, now: datetime) -> list[Assigned]:
    """As `all_of`; of a problem to which none was set, the one that it is."""
    return all_of(session, report) or [_whole(session, report, now)]


def _whole(session: Session, report: Report, now: datetime) -> Assigned:
    problem = problem_of(session, report)
    leaders = of_team(session, report.team_id, now, Role.LEADER) if report.team_id is not None else []
    people = dict.fromkeys(names.full(session, one.person_id) for one in leaders)
    due = due_day(session, report, problem)
    lead = briefs.team_name(session, report.team_id)
    return Assigned(1, problem.demand or problem.findings, lead, "", tuple((one, due) for one in people))


def lines(session: Session, report: Report) -> list[str]:
    """Each that was set, in a line."""
    return [_line(one) for one in all_of(session, report)]


def _line(one: Assigned) -> str:
    parts = [one.what, _("牵头 {unit}").format(unit=one.lead)]
    parts += [_("配合 {units}").format(units=one.support)] if one.support else []
    people = listed(who for who, _until in one.charges)
    until = f"{one.charges[0][1]:%m-%d}" if one.charges else ""
    parts += [_("责任人 {people}，{until} 前").format(people=people, until=until)] if people else []
    return _("任务{number}：{what}").format(number=one.number, what=_("，").join(parts))
