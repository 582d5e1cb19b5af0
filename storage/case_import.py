"""Hardship cases from a department's list: dry run, safe to repeat, every fault with its cell. A row is matched to
a household by the sealed ID number, else by the head's name; whoever has an open case gets no second one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from storage import household_list, household_rows, reporting, sheets
from storage.household_rows import Row
from storage.households import Household
from storage.identity import Actor
from storage.kinds import KINDS
from storage.kinds.hardship import HardshipCategory, Source
from storage.kinds.hardship_life import LIFE
from storage.report import Report
from storage.scope import manages
from storage.sealing import keyring, open_text, seal_text
from storage.sheets import BadCell, Given, Known, Line
from storage.texts import _
from storage.village_names import Villages

COLUMNS = {  # not for people: headings matched in their lists
    **household_rows.COLUMNS,
    "findings": ("情况", "困难情况", "比对情况", "疑点", "预警原因", "问题", "备注"),
}
NEEDED = frozenset({"head", "village", "findings"})


@dataclass(frozen=True)
class Suspect:
    """A row that becomes a case: of a household we know, or (None) of one that is new to us."""

    row: Row
    household: int | None
    findings: str


@dataclass
class Plan:
    new: list[Suspect] = field(default_factory=list)
    open: list[Known] = field(default_factory=list)
    wrong: list[BadCell] = field(default_factory=list)


def plan(session: Session, given: Given, actor: Actor, *, territory: str = "") -> Plan:
    """Read the list and compare; nothing is written. Villages are looked up inside `territory`, and must be the
    actor's to manage. Raises Refusal when the file cannot be read."""
    made, villages = Plan(), Villages(session, territory)
    seen: dict[tuple[str, str], int] = {}
    for line in sheets.lines(given, COLUMNS, NEEDED):
        read = _read(line, villages, actor)
        if isinstance(read, list):
            made.wrong.extend(read)
            continue
        fault = _again(read, seen)
        if fault is not None:
            made.wrong.append(fault)
            continue
        _sort(session, made, read)
    return made


def _read(line: Line, villages: Villages, actor: Actor) -> Row | list[BadCell]:
    village = villages.of_line(line)
    if isinstance(village, BadCell):
        return [village]
    if not manages(actor, village):
        return [line.fault("village", _("这个村不在立案人负责的范围内。"))]
    if not line.text("findings"):
        return [line.fault("findings", _("请写明比对出的情况。"))]
    return household_rows.read(line, village)


def _again(row: Row, seen: dict[tuple[str, str], int]) -> BadCell | None:
    """The same person twice in one list."""
    key = ("", row.id_number) if row.id_number else (row.village, row.head)
    at = seen.setdefault(key, row.line.number)
    if at == row.line.number:
        return None
    return row.line.fault("head", _("与第 {row} 行是同一个人，只立一个案。").format(row=at))


def _sort(session: Session, made: Plan, row: Row) -> None:
    found = matched(session, row)
    if isinstance(found, BadCell):
        made.wrong.append(found)
        return
    running = _running(session, found)
    if running is not None:
        made.open.append(Known(row.line, running.number))
    else:
        made.new.append(Suspect(row, found, row.line.text("findings")))


def matched(session: Session, row: Row) -> int | BadCell | None:
    """The household that the row means; None for one that is new to us."""
    if row.id_number is not None:
        indexes = keyring(session).indexes("household.id_number", row.id_number)
        known = session.exec(select(Household).where(col(Household.id_index).in_(indexes))).first()
        if known is not None:
            same = known.village == row.village
            return (
                known.id if same else row.line.fault("village", _("这个身份证号在库里属于另一个村，请核对。"))
            )
    here = session.exec(select(Household).where(Household.village == row.village)).all()
    named = [one for one in here if _called(session, one) == row.head and not _other(row, one)]
    if len(named) > 1:
        return row.line.fault("head", _("村里有几户户主同名，请填身份证号来区分。"))
    return named[0].id if named else None


def _called(session: Session, one: Household) -> str:
    return open_text(session, "household.head", one.uid, one.head)


def _other(row: Row, one: Household) -> bool:
    """Of that name, but with another ID number."""
    return row.id_number is not None and one.id_number is not None


def _running(session: Session, household: int | None) -> Report | None:
    """The open case of a household."""
    if household is None:
        return None
    theirs = select(Report).where(Report.household_id == household, Report.kind == "hardship")
    return session.exec(theirs.where(col(Report.state).in_(LIFE.live))).first()


def write(session: Session, suspects: Sequence[Suspect], *, actor: Actor, source: str, now: datetime) -> None:
    """Open a case for each of part of a plan's rows; their teams are asked to verify."""
    for one in suspects:
        household = one.household or _new(session, one.row, actor, now)
        answers = {
            "village": one.row.village, "household": household, "category": _category(one.row.category),
            "causes": ["other"], "guarantees": [], "urgency": "normal", "source": Source.COMPARED.value,
            "findings": _("{source}比对：{findings}").format(source=source, findings=one.findings),
        }  # fmt: skip
        reporting.send(session, KINDS["hardship"], answers, actor, now)


def _new(session: Session, row: Row, actor: Actor, now: datetime) -> int:
    made = household_list.add(session, row.village, row.head, by=actor.person_id, now=now)
    if row.id_number is not None:
        made.id_number = seal_text(session, "household.id_number", made.uid, row.id_number)
        made.id_index = keyring(session).index("household.id_number", row.id_number)
        session.flush()
    return made.id or 0


def _category(text: str | None) -> str:
    found = next((one for one in HardshipCategory if text in (one.value, one.label)), HardshipCategory.OTHER)
    return str(found.value)
