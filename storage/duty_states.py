"""How everybody of some teams stands with what they owe in a week: done, not due, away, late or missing.

A visit counts for whoever reported it and for those who came along. What is told after the close about a day before it
is late, not missing. Days on which somebody was away ask nothing of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from storage import absences, county, days
from storage.absences import KINDS, Absence, AbsenceKind, AbsenceState
from storage.calendar import workdays
from storage.diary import DiaryLine
from storage.duty_rules import DutyRule, DutyRules
from storage.forms import Labelled
from storage.kinds.visit import Visit
from storage.people import Posting, Team
from storage.postings import TEAM_ROLES, active_at
from storage.report import Report, ReportState, StepTaken
from storage.summaries import Scope
from storage.tallies import Window
from storage.texts import N_


class DutyState(Labelled):
    """In the order in which a list shows them."""

    MISSING = "missing", N_("缺")
    LATE = "late", N_("补报")
    LEAVE = "leave", N_("请假")
    TRIP = "trip", N_("出差")
    NO_SIGNAL = "no_signal", N_("没信号")
    NOT_DUE = "not_due", N_("未到期或不要求")
    DONE = "done", N_("已完成")


AWAY = {
    AbsenceKind.LEAVE: DutyState.LEAVE,
    AbsenceKind.TRIP: DutyState.TRIP,
    AbsenceKind.NO_SIGNAL: DutyState.NO_SIGNAL,
}


@dataclass(frozen=True)
class Standing:
    """One person of a team: visits made of those wanted, and working days that want a line."""

    person_id: int
    team_id: int
    team: str
    region: str
    visits: int
    wanted: int
    lines_missing: int
    state: DutyState


@dataclass(frozen=True)
class _Done:
    """What people did in a week and told of it later: visits, and days with a record."""

    visits: Counter[int]
    late: Counter[int]
    days: dict[int, set[date]]
    late_days: dict[int, set[date]]
    of_team: Counter[int]


def standings(session: Session, scope: Scope, window: Window, now: datetime) -> list[Standing]:
    """Everybody who serves in the scope's teams at the window's end (or now), by team and then as they came."""
    posts = _posts(session, scope, min(now, window.end))
    rhythm = county.rhythm(session, "")
    first = window.first_day(rhythm.zone)
    last = min(now, window.end).astimezone(rhythm.zone).date()
    asked = workdays(first, last, rhythm.extra) if first <= last else []
    people = [post.person_id for post, _team in posts]
    done = _done(session, people, [team.id or 0 for _post, team in posts], window, (first, last))
    away = _away(session, people, asked)
    rules = DutyRules(session)
    return [
        _standing(post, team, rules.of(team.region, post.role, first), done, _Days(asked, away[post.person_id]),
                  over=now >= window.end)
        for post, team in posts
    ]  # fmt: skip


@dataclass(frozen=True)
class _Days:
    """Working days of the week so far, and how somebody was away on some."""

    asked: Sequence[date]
    away: dict[date, AbsenceKind]

    def here(self) -> list[date]:
        return [day for day in self.asked if day not in self.away]


def _posts(session: Session, scope: Scope, at: datetime) -> list[tuple[Posting, Team]]:
    posted = select(Posting, Team).join(Team, col(Team.id) == Posting.team_id)
    posted = posted.where(scope.teams(), col(Posting.role).in_(TEAM_ROLES), active_at(at))
    found = session.exec(posted.order_by(Team.name, col(Team.id), col(Posting.id))).all()
    return list({(post.person_id, post.team_id): (post, team) for post, team in found}.values())


def _standing(
    post: Posting, team: Team, rule: DutyRule | None, done: _Done, days_: _Days, *, over: bool
) -> Standing:
    person, shared = post.person_id, rule is None
    wanted = rule.visits if rule else 1
    made = done.of_team[team.id or 0] if shared else done.visits[person]
    here = days_.here() if rule and rule.daily else []
    missing = sum(day not in done.days[person] for day in here)
    still = sum(day not in done.days[person] | done.late_days[person] for day in here)
    state = _state(
        full=made >= wanted and not missing,
        later=made + done.late[person] >= wanted and not still,
        away=days_.away if days_.asked and not days_.here() else {},
        asked=wanted > 0 or bool(rule and rule.daily),
        over=over,
    )
    return Standing(person, team.id or 0, team.name, team.region, made, wanted, missing, state)


def _state(*, full: bool, later: bool, away: dict[date, AbsenceKind], asked: bool, over: bool) -> DutyState:
    if not asked:
        return DutyState.NOT_DUE
    if full:
        return DutyState.DONE
    if away:
        kinds = list(away.values())
        return AWAY[max(AbsenceKind, key=kinds.count)]
    if not over:
        return DutyState.NOT_DUE
    return DutyState.LATE if later else DutyState.MISSING


def _done(
    session: Session, people: Sequence[int], teams: Sequence[int], window: Window, span: tuple[date, date]
) -> _Done:
    found = _Done(Counter(), Counter(), defaultdict(set), defaultdict(set), Counter())
    zone = county.zone(session)
    columns: Any = (
        Report.author_id,
        Report.team_id,
        Report.sent_at,
        Report.kind,
        Visit.day,
        Visit.companions,
    )
    sent = select(*columns).outerjoin(Visit, col(Visit.report_id) == Report.id).where(
        col(Report.team_id).in_(set(teams)), Report.state != ReportState.WITHDRAWN,
        Report.sent_at >= window.start, Report.sent_at < window.end + timedelta(days=days.CORRECTED),
    )  # fmt: skip
    for author, team, at, kind, day, companions in session.exec(sent):
        happened, inside = day or at.astimezone(zone).date(), at < window.end
        if not inside and not (day is not None and span[0] <= day <= span[1]):
            continue
        (found.days if inside else found.late_days)[author].add(happened)
        if kind == Visit.kind:
            (found.visits if inside else found.late).update({author, *(companions or ())})
            found.of_team[team or 0] += inside
    _steps_and_lines(session, people, window, span, found)
    return found


def _steps_and_lines(
    session: Session, people: Sequence[int], window: Window, span: tuple[date, date], found: _Done
) -> None:
    zone, who = county.zone(session), set(people)
    taken = select(StepTaken.by_id, StepTaken.at).where(
        window.holds(StepTaken.at), col(StepTaken.by_id).in_(who)
    )
    for person, at in session.exec(taken):
        found.days[person].add(at.astimezone(zone).date())
    said: Any = (DiaryLine.person_id, DiaryLine.day, DiaryLine.at)
    lines = select(*said).where(
        col(DiaryLine.person_id).in_(who), col(DiaryLine.day) >= span[0], col(DiaryLine.day) <= span[1]
    )
    for person, day, at in session.exec(lines):
        (found.days if at < window.end else found.late_days)[person].add(day)


def _away(
    session: Session, people: Iterable[int], asked: Sequence[date]
) -> dict[int, dict[date, AbsenceKind]]:
    found: dict[int, dict[date, AbsenceKind]] = defaultdict(dict)
    away: list[Absence] = (
        absences.within(session, people, asked[0], asked[-1], [AbsenceState.APPROVED]) if asked else []
    )
    for one in away:
        found[one.person_id] |= {day: KINDS[one.kind] for day in asked if one.first <= day <= one.last}
    return found
