"""Promises: what was to be done for a household, by whom, until when, and to whom it was promised. Each is
answered for before the case may end: kept, or not kept and why."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from storage.db import Utc
from storage.refusals import Gone, Refusal
from storage.report import Report
from storage.texts import _


class Promise(SQLModel, table=True):
    """`number` counts within a case from 1. Answered for at `settled_at`: `kept`, or `reason` says why not."""

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    number: int
    what: str
    who: str
    whom: str | None = None
    until: date
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Utc)
    settled_at: datetime | None = Field(default=None, sa_type=Utc)
    settled_by: int | None = Field(default=None, foreign_key="person.id")
    kept: bool | None = None
    reason: str | None = None


def add(session: Session, report: Report, answers: Mapping[str, Any], by: int, now: datetime) -> Promise:
    """What a planning form said."""
    made = Promise(
        report_id=report.id or 0, number=len(all_of(session, report)) + 1, what=answers["measure"],
        who=answers["who"], whom=answers.get("whom"), until=date.fromisoformat(answers["until"]),
        by_id=by, at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def all_of(session: Session, report: Report) -> list[Promise]:
    found = select(Promise).where(Promise.report_id == report.id)
    return list(session.exec(found.order_by(col(Promise.number))))


def open_ones(session: Session, report: Report) -> list[Promise]:
    return [one for one in all_of(session, report) if one.settled_at is None]


def settle(
    session: Session, report: Report, number: int, by: int, now: datetime, reason: str | None = None
) -> Promise:
    """One is kept (with a reason: is not). Raises Gone for one that was answered for, Refusal for none."""
    found = next((one for one in all_of(session, report) if one.number == number), None)
    if found is None:
        last = len(all_of(session, report))
        raise Refusal(
            _("没有第 {number} 项措施，一共 {last} 项。请点“修改”。").format(number=number, last=last)
        )
    if found.settled_at is not None:
        raise Gone(_("第 {number} 项措施已经有交代了，请看最新的一条消息。").format(number=number))
    found.settled_at, found.settled_by = now, by
    found.kept, found.reason = reason is None, reason
    session.flush()
    return found


def lines(session: Session, report: Report) -> list[str]:
    """Each in a line, with what became of it."""
    return [_line(one) for one in all_of(session, report)]


def _line(one: Promise) -> str:
    state = _("办理中") if one.settled_at is None else _("已落实") if one.kept else _("没办成：{reason}")
    told = _("（答应了{whom}）").format(whom=one.whom) if one.whom else ""
    return _("措施{number}：{what}，{who}，{until} 前{told}，{state}").format(
        number=one.number, what=one.what, who=one.who, until=f"{one.until:%m-%d}", told=told,
        state=state.format(reason=one.reason),
    )  # fmt: skip
