"""Problems from a list that an inspection left: dry run, every fault with its cell, safe to repeat. Each row becomes
a rectification of the team that serves the village, with its task and who answers for it when the row has them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from storage import briefs, county, reporting, sheets, tasks, teams
from storage.forms import Labelled
from storage.identity import Actor
from storage.kinds import KINDS
from storage.kinds.rectification import Origin, ProblemCategory, Rectification
from storage.people import TeamVillage
from storage.private_numbers import hide_in
from storage.redact import redact
from storage.refusals import Refusal
from storage.report import Report, ReportState
from storage.scope import manages
from storage.sheets import BadCell, Given, Known, Line
from storage.texts import _, listed
from storage.village_names import Villages

COLUMNS = {  # not for people: headings matched in their lists
    "village": ("村", "村名", "行政村", "所在村", "村代码"),
    "town": ("镇", "乡镇", "镇街", "所在乡镇"),
    "findings": ("问题", "问题描述", "具体问题", "存在问题", "问题表现", "反馈问题"),
    "due": ("期限", "整改期限", "整改时限", "完成时限", "完成时间"),
    "demand": ("整改要求", "整改目标", "要求"),
    "origin": ("问题来源", "来源"),
    "category": ("问题类别", "类别", "问题类型"),
    "basis": ("交办依据", "依据", "文号"),
    "team": ("工作队", "责任单位", "驻村工作队"),
    "task": ("任务", "整改措施", "整改任务"),
    "lead": ("牵头单位", "牵头部门"),
    "support": ("配合单位", "配合部门"),
    "who": ("责任人", "具体责任人"),
}
NEEDED = frozenset({"village", "findings", "due"})


@dataclass(frozen=True)
class Problem:
    """A row that becomes a rectification: the answers of its form, and those of its task (None: it names none)."""

    line: Line
    answers: dict[str, Any]
    task: dict[str, Any] | None


@dataclass
class Plan:
    new: list[Problem] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    wrong: list[BadCell] = field(default_factory=list)


class _Faults(Exception):
    """What is wrong with a row."""

    def __init__(self, *cells: BadCell) -> None:
        self.cells = cells


def plan(session: Session, given: Given, actor: Actor, now: datetime, *, territory: str = "") -> Plan:
    """Read the list and compare; nothing is written. Villages are looked up inside `territory`, and must be the
    actor's to manage. Raises Refusal when the file cannot be read."""
    made, villages = Plan(), Villages(session, territory)
    seen: dict[tuple[str, str], int] = {}
    today = county.today(session, now)
    for line in sheets.lines(given, COLUMNS, NEEDED):
        try:
            row = _read(session, line, villages, actor, today)
        except _Faults as faults:
            made.wrong.extend(faults.cells)
            continue
        this = (row.answers["village"], row.answers["findings"])
        first = seen.setdefault(this, line.number)
        number = _issued(session, *this)
        if first != line.number:
            what = _("与第 {row} 行是同一个问题，只交办一次。").format(row=first)
            made.wrong.append(line.fault("findings", what))
        elif number:
            made.known.append(Known(line, number))
        else:
            made.new.append(row)
    return made


def _read(session: Session, line: Line, villages: Villages, actor: Actor, today: date) -> Problem:
    village = villages.of_line(line)
    if isinstance(village, BadCell):
        raise _Faults(village)
    if not manages(actor, village):
        raise _Faults(line.fault("village", _("这个村不在交办人负责的范围内。")))
    found = [_findings(line), _due(line, today), _team(session, line, village), *_chosen(line)]
    wrong = [one for one in found if isinstance(one, BadCell)]
    if wrong:
        raise _Faults(*wrong)
    findings, due, team, origin, category = found
    answers = {
        "village": village, "team": team, "findings": findings, "due": due, "origin": origin, "category": category,
        "demand": line.text("demand") or None, "basis": line.text("basis") or None,
    }  # fmt: skip
    answers = {name: value for name, value in answers.items() if value is not None}
    return Problem(line, answers, _task(line, answers))


def _findings(line: Line) -> str | BadCell:
    return line.text("findings") or line.fault("findings", _("请写明是什么问题。"))


def _due(line: Line, today: date) -> str | BadCell:
    """A day of the spreadsheet, or a text such as 2026-11-30, 2026/11/30, 2026年11月30日."""
    value = line.raw("due")
    day = value.date() if isinstance(value, datetime) else _day(line.text("due"))
    if day is None:
        return line.fault("due", _("期限看不懂，请写成 2026-11-30 这样。"))
    if day < today:
        return line.fault("due", _("期限 {day} 已经过了，请改成今天或以后。").format(day=day.isoformat()))
    return day.isoformat()


def _day(text: str) -> date | None:
    parts = "".join(one if one.isdigit() else " " for one in text).split()
    try:
        year, month, day = map(int, parts[:3])
        return date(year, month, day)
    except ValueError:
        return None


def _team(session: Session, line: Line, village: str) -> int | BadCell:
    """The team that is named, else the one that serves the village."""
    serving = session.exec(select(TeamVillage.team_id).where(TeamVillage.village == village))
    found = sorted(serving.all())
    named = line.text("team")
    if named:
        team = teams.team_named(session, named)
        if team is None or team.id not in found:
            return line.fault(
                "team", _("“{team}”不负责这个村，请核对，或留空由驻村的队办理。").format(team=named)
            )
        return team.id
    return (
        found[0] if found else line.fault("village", _("这个村还没有工作队，请先用 zhucun team add 添加。"))
    )


def _chosen(line: Line) -> list[str | BadCell | None]:
    return [_choice(line, "origin", Origin), _choice(line, "category", ProblemCategory)]


def _choice(line: Line, column: str, of: type[Labelled]) -> str | BadCell | None:
    text = line.text(column)
    if not text:
        return None
    found = next((str(one.value) for one in of if text in (one.value, one.label, _(one.label))), None)
    known = listed(_(one.label) for one in of)
    return found or line.fault(
        column, _("没有“{text}”，可选：{known}。也可以留空。").format(text=text, known=known)
    )


def _task(line: Line, answers: dict[str, Any]) -> dict[str, Any] | None:
    """The task of the row, when it names a unit or a person."""
    lead, who = line.text("lead"), line.text("who")
    if not lead and not who:
        return None
    return {
        "what": line.text("task") or answers.get("demand") or answers["findings"], "lead": lead or line.text("team"),
        "support": line.text("support") or None, "who": who, "until": answers["due"],
    }  # fmt: skip


def _issued(session: Session, village: str, findings: str) -> str:
    """The number of the open rectification of that village with those words; "" when there is none. Personal numbers
    are kept apart from the words, so they do not count."""
    closed = (ReportState.STRUCK_OFF, ReportState.WITHDRAWN)
    there = select(Report.number, Rectification.findings).join(
        Rectification, col(Rectification.report_id) == Report.id
    )
    open_ones = session.exec(there.where(Report.village == village, col(Report.state).not_in(closed)))
    words = redact(findings)
    return next((number for number, known in open_ones if redact(known) == words), "")


def write(session: Session, problems: Sequence[Problem], *, actor: Actor, now: datetime) -> None:
    """Issue part of a plan's rows; their teams hear of each."""
    for one in problems:
        try:
            report = reporting.send(session, KINDS[Rectification.kind], one.answers, actor, now)
        except Refusal as refusal:
            raise Refusal(
                _("第 {row} 行：{what}请改好后再导入一次，已导入的不会重复。").format(
                    row=one.line.number, what=refusal.sentence
                )
            ) from refusal
        if one.task is not None:
            lead = one.task["lead"] or briefs.team_name(session, report.team_id)
            task = hide_in(session, one.task | {"lead": lead}, report.uid, now)
            tasks.add(session, report, task, actor.person_id, now)
