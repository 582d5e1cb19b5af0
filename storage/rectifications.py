"""Rectifications: what waits for whom, who may take which step, and whom to ask for it. The table of steps is
in storage/kinds/rectification.py; they are taken in storage/rectifying.py."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from storage import names, own_reports, scope, states
from storage.identity import Actor
from storage.kinds.rectification import ACCEPT, COMPLETE, LIFE, RETURN, Rectification
from storage.people import Posting, Role
from storage.postings import active_at
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, ReportState, StepTaken
from storage.scope import manages
from storage.texts import _, listed
from storage.workflow import By, Step

PAGE = 8
_REGIONS = (2, 4, 6, 9, 12)


def find(session: Session, actor: Actor, report_id: int) -> Report:
    """A rectification this person may see. Raises Gone or NotYours."""
    report = own_reports.find(session, actor, report_id)
    if report.kind != Rectification.kind:
        raise Gone
    return report


def to_do(actor: Actor) -> ColumnElement[bool]:
    """SQL over Report: what waits for this person. The own teams' wait to be mended; those of a territory one
    manages to be accepted or struck off."""
    mend = and_(Report.state == ReportState.ISSUED, col(Report.team_id).in_(actor.teams()))
    look = col(Report.state).in_((ReportState.COMPLETED, ReportState.ACCEPTED))
    mine = or_(mend, and_(look, scope.within(Report.village, actor.regions())))
    return and_(Report.kind == Rectification.kind, scope.visible(actor), mine)


def count(session: Session, actor: Actor) -> int:
    return session.exec(select(func.count()).select_from(Report).where(to_do(actor))).one()


def page(session: Session, actor: Actor, number: int) -> list[Report]:
    """A page (from 0) of what waits for this person, the most urgent first."""
    waiting = select(Report).where(to_do(actor)).order_by(col(Report.due_at), col(Report.id))
    return list(session.exec(waiting.offset(number * PAGE).limit(PAGE)))


def last(session: Session, report: Report, *steps: str) -> StepTaken | None:
    """The step that was taken last, of those names only when some are given."""
    taken = select(StepTaken).where(StepTaken.report_id == report.id).order_by(col(StepTaken.id).desc())
    return session.exec(taken.where(col(StepTaken.step).in_(steps)) if steps else taken).first()


def is_by(actor: Actor, report: Report) -> list[By]:
    """What somebody is to a report: of its team, a manager of its place, both or nothing."""
    team = report.team_id is not None and report.team_id in actor.teams()
    return [*([By.TEAM] if team else []), *([By.MANAGER] if manages(actor, report.village) else [])]


def barred(session: Session, report: Report, step: Step) -> dict[int, str]:
    """Who may not take that step, because of the step they took: two different people."""
    taken = {name: last(session, report, name) for name in step.not_by}
    return {one.by_id: name for name, one in taken.items() if one is not None}


def possible(session: Session, actor: Actor, report: Report) -> list[Step]:
    """The steps this person may take now."""
    steps = LIFE.possible(report.state, is_by(actor, report))
    return [one for one in steps if actor.person_id not in barred(session, report, one)]


def check(
    session: Session, actor: Actor, report: Report, name: str, now: datetime, version: int | None = None
) -> Step:
    """The step, when this person may take it. Raises NotYours outside role and territory, Gone when the report
    has moved on (since that version), Refusal when it takes a second person."""
    step = LIFE.step(name)
    if step.by not in is_by(actor, report):
        raise NotYours
    if report.state not in step.before:
        raise Gone(_moved_on(session, report))
    before = barred(session, report, step).get(actor.person_id)
    if before is not None:
        raise Refusal(_second(session, report, step, before, now))
    if version not in (None, report.version):
        raise Gone(
            _("{number} 有了新的变化。请发 整改 重新打开；写好的内容还在。").format(number=report.number)
        )
    return step


def _moved_on(session: Session, report: Report) -> str:
    latest = last(session, report)
    who = names.full(session, latest.by_id if latest else report.author_id)
    return _("{number} 现在是“{state}”，上一步由{name}办理，不用再办了。").format(
        number=report.number, state=states.state_of(report), name=who
    )


def _second(session: Session, report: Report, step: Step, before: str, now: datetime) -> str:
    said = {
        COMPLETE: _("{number} 是您完成的，要由另一个人来办。"),
        ACCEPT: _("{number} 是您验收的，销号要由另一个人来办。"),
    }
    return said[before].format(number=report.number) + whom_to_ask(session, report, step, now)


def whom_to_ask(session: Session, report: Report, step: Step, now: datetime) -> str:
    """A sentence with the names of those who can take the step."""
    people = judges(session, report, now, barred(session, report, step))
    if people:
        called = listed(names.full(session, person) for person in people[:3])
        return _("可以请{names}办理。").format(names=called)
    return _("这里还没有第二位督导或管理员：请管理员用 /invite 邀请一位，再由他办理。")


def judges(session: Session, report: Report, now: datetime, without: Collection[int] = ()) -> list[int]:
    """Who is asked to judge: the author, as long as they manage the place, and the supervisors nearest to it;
    where there are none, the nearest administrators."""
    posts = [one for one in managers(session, report.village, now) if one.person_id not in without]
    nearest = [one.person_id for one in posts if _rank(one) == _rank(posts[0])]
    author = [one.person_id for one in posts if one.person_id == report.author_id]
    return list(dict.fromkeys([*author, *nearest]))


def managers(session: Session, village: str, now: datetime) -> list[Posting]:
    """Active postings of those who manage a place: supervisors first, the smaller territory first."""
    around = [village[:length] for length in _REGIONS]
    there = or_(
        col(Posting.region).in_(around), and_(Posting.role == Role.ADMIN, col(Posting.region).is_(None))
    )
    ruling = col(Posting.role).in_((Role.SUPERVISOR, Role.ADMIN))
    found = session.exec(select(Posting).where(ruling, there, active_at(now)).order_by(col(Posting.id)))
    return sorted(found, key=_rank)


def _rank(post: Posting) -> tuple[bool, int]:
    return post.role != Role.SUPERVISOR, -len(post.region or "")


def about(session: Session, report: Report) -> list[str]:
    """What a step answers: the problem, why it was sent back, what was done."""
    problem = session.get_one(Rectification, report.id).findings
    lines = [_("问题：{words}").format(words=problem)]
    back, done = last(session, report, RETURN), last(session, report, COMPLETE)
    if report.returned and back is not None:
        lines.append(_("退回原因：{words}").format(words=back.note))
    elif done is not None:
        lines.append(_("做了什么：{words}").format(words=done.note))
    return lines
