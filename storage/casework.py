"""Cases: reports with a life. Who may take which step, who owes it, and whom to ask for it. The tables of steps
are in storage/kinds; they are taken in storage/stepping.py."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from storage import alarms, conditions, names, own_reports, places, promises, proofs, rebounds, states, tasks
from storage.answers import sees
from storage.identity import Actor
from storage.kinds import KINDS
from storage.kinds.hardship_life import PLAN
from storage.kinds.rectification import ACCEPT, COMPLETE, RETURN, Rectification
from storage.kinds.referring import ANSWERS, REFER
from storage.people import Posting, Role
from storage.postings import active_at, of_team
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, StepTaken
from storage.scope import manages
from storage.texts import N_, _, labelled, listed
from storage.timing import ASK_TIME, DENY_TIME, PAUSE
from storage.workflow import By, Clock, Step, Workflow

_SECOND = {
    COMPLETE: N_("{number} 是您完成的，要由另一个人来办。"),
    ACCEPT: N_("{number} 是您验收的，销号要由另一个人来办。"),
}
_ANOTHER = N_("{number} 的“{step}”是您办的，这一步要由另一个人来办。")


def life_of(report: Report) -> Workflow:
    """The table of its steps. Raises Gone for a kind without a life."""
    life = KINDS[report.kind].life
    if life is None:
        raise Gone
    return life


def find(session: Session, actor: Actor, report_id: int) -> Report:
    """A case this person may see. Raises Gone or NotYours."""
    report = own_reports.find(session, actor, report_id)
    life_of(report)
    return report


def last(session: Session, report: Report, *steps: str) -> StepTaken | None:
    """The step that was taken last, of those names only when some are given."""
    taken = select(StepTaken).where(StepTaken.report_id == report.id).order_by(col(StepTaken.id).desc())
    return session.exec(taken.where(col(StepTaken.step).in_(steps)) if steps else taken).first()


def is_by(session: Session, actor: Actor, report: Report, now: datetime) -> list[By]:
    """What somebody is to a report: of its team, its leader, a manager of its place, its author, an officer whom it was
    referred to; or nothing."""
    from storage import referrals  # which asks here who manages a place

    referred = any(By.OFFICER in one.by for one in life_of(report).steps)
    team = report.team_id is not None and report.team_id in actor.teams()
    found = {
        By.TEAM: team,
        By.LEADER: team and report.team_id in actor.teams(Role.LEADER),
        By.MANAGER: manages(actor, report.village),
        By.AUTHOR: actor.person_id == report.author_id,
        By.OFFICER: referred and bool(referrals.theirs(session, actor, report, now)),
    }
    return [one for one, true in found.items() if true]


def barred(session: Session, report: Report, step: Step) -> dict[int, str]:
    """Who may not take that step, because of the step they took: two different people. The first step of a
    life was taken by the author."""
    first = life_of(report).first.name
    taken = {name: last(session, report, name) for name in step.not_by if name != first}
    found = {one.by_id: name for name, one in taken.items() if one is not None}
    return {report.author_id: first} | found if first in step.not_by else found


def possible(session: Session, actor: Actor, report: Report, now: datetime) -> list[Step]:
    """The steps this person may take now."""
    steps = life_of(report).possible(report.state, is_by(session, actor, report, now))
    return [
        one
        for one in steps
        if actor.person_id not in barred(session, report, one)
        and not conditions.hidden(session, report, one, now)
    ]


def check(
    session: Session, actor: Actor, report: Report, name: str, now: datetime, version: int | None = None
) -> Step:
    """The step, when this person may take it. Raises NotYours outside role and territory, Gone when the report
    has moved on (since that version), Refusal when it takes a second person or its condition is not met."""
    step = life_of(report).step(name)
    if set(step.by).isdisjoint(is_by(session, actor, report, now)):
        raise NotYours
    if report.state not in step.before:
        raise Gone(_moved_on(session, report))
    before = barred(session, report, step).get(actor.person_id)
    if before is not None:
        raise Refusal(_second(session, report, step, before, now))
    if sentence := conditions.unmet(session, report, step, now):
        raise Refusal(sentence)
    if not step.beside and version not in (None, report.version):
        raise Gone(
            _("{number} 有了新的变化。请发 待办 重新打开；写好的内容还在。").format(number=report.number)
        )
    return step


def _moved_on(session: Session, report: Report) -> str:
    latest = last(session, report)
    who = names.full(session, latest.by_id if latest else report.author_id)
    return _("{number} 现在是“{state}”，上一步由{name}办理，不用再办了。").format(
        number=report.number, state=states.state_of(report), name=who
    )


def _second(session: Session, report: Report, step: Step, before: str, now: datetime) -> str:
    taken = life_of(report).step(before)
    sentence = _SECOND.get(before, _ANOTHER)
    return _(sentence).format(number=report.number, step=_(taken.title)) + whom_to_ask(
        session, report, step, now
    )


def whom_to_ask(session: Session, report: Report, step: Step, now: datetime) -> str:
    """A sentence with the names of those who can take the step."""
    people = can_take(session, report, step, now)
    if people:
        called = listed(names.full(session, person) for person in people[:3])
        return _("可以请{names}办理。").format(names=called)
    if By.TEAM in step.by:
        return _("队里没有别人、这里也没有督导：请管理员用 /invite 再邀请一位。")
    return _("这里还没有第二位督导或管理员：请管理员用 /invite 邀请一位，再由他办理。")


def can_take(session: Session, report: Report, step: Step, now: datetime) -> list[int]:
    """People whose step it is, the nearest first: the leader and (unless it is the leader's alone) the team, else those
    who judge."""
    but = barred(session, report, step)
    roles = () if By.TEAM in step.by else (Role.LEADER,)
    team = team_of(session, report, now, *roles) if not {By.TEAM, By.LEADER}.isdisjoint(step.by) else []
    free = [person for person in team if person not in but]
    return free or (judges(session, report, now, but) if By.MANAGER in step.by else [])


def owing(session: Session, report: Report, clock: Clock, now: datetime) -> list[int]:
    """Who owes the step of that clock: the leader (when nobody else may: the rest of the team), the whole
    team, or those who judge; where a team has nobody who may, those who judge."""
    step = life_of(report).step(clock.step)
    if clock.owes == By.LEADER:
        but = barred(session, report, step)
        leaders = [one for one in team_of(session, report, now, Role.LEADER) if one not in but]
        if leaders:
            return leaders
    return can_take(session, report, step, now)


def team_of(session: Session, report: Report, now: datetime, *roles: Role) -> list[int]:
    """The people of its team (of those roles only when some are given), leaders first."""
    if report.team_id is None:
        return []
    posts = of_team(session, report.team_id, now, *roles)
    ranked = sorted(posts, key=lambda post: post.role != Role.LEADER)
    return list(dict.fromkeys(post.person_id for post in ranked))


def judges(session: Session, report: Report, now: datetime, without: Collection[int] = ()) -> list[int]:
    """Who is asked to judge: the author, as long as they manage the place, and the supervisors nearest to it;
    where there are none, the nearest administrators."""
    posts = [one for one in managers(session, report.village, now) if one.person_id not in without]
    nearest = [one.person_id for one in posts if _rank(one) == _rank(posts[0])]
    author = [one.person_id for one in posts if one.person_id == report.author_id]
    return list(dict.fromkeys([*author, *nearest]))


def managers(session: Session, village: str, now: datetime) -> list[Posting]:
    """Active postings of those who manage a place: supervisors first, the smaller territory first."""
    there = or_(
        col(Posting.region).in_(places.around(village)),
        and_(Posting.role == Role.ADMIN, col(Posting.region).is_(None)),
    )
    ruling = col(Posting.role).in_((Role.SUPERVISOR, Role.ADMIN))
    found = session.exec(select(Posting).where(ruling, there, active_at(now)).order_by(col(Posting.id)))
    return sorted(found, key=_rank)


def _rank(post: Posting) -> tuple[bool, int]:
    return post.role != Role.SUPERVISOR, -len(post.region or "")


def nearest(posts: list[Posting], role: Role) -> tuple[int, ...]:
    """Of these postings the people of that role with the smallest territory."""
    mine = [one for one in posts if one.role == role]
    closest = max((len(one.region or "") for one in mine), default=0)
    return tuple(dict.fromkeys(one.person_id for one in mine if len(one.region or "") == closest))


def nearest_managers(session: Session, region: str, now: datetime) -> list[int]:
    """The supervisors nearest to a region; where there are none, the nearest administrators."""
    posts = managers(session, region, now)
    return list(nearest(posts, Role.SUPERVISOR) or nearest(posts, Role.ADMIN))


def about(session: Session, report: Report) -> list[str]:
    """What a step answers. Of a rectification: the problem, why it was sent back, what was done. Of others:
    the masked lines of the case (all of them when it is new), its promises, and what was said last."""
    from storage import referrals  # as above

    latest = last(session, report)
    if report.kind == Rectification.kind:
        told = latest is not None and latest.step in (ASK_TIME, DENY_TIME, PAUSE)
        return [*_about_problem(session, report), *(_said(report, latest) if told else [])]
    lines = [
        labelled(label, text)
        for name, label, text in sees(session, report, mask=True)
        if (latest is None or name in _TELLING) and name not in _TOLD
    ]
    return [
        *lines,
        *alarms.lines(session, report),
        *promises.lines(session, report),
        *referrals.lines(session, report),
        *_said(report, latest),
    ]


_TELLING = ("household", "category", "urgency", "signs", "findings")
_TOLD = ("village", "photos")
"""Told beside them."""


def _said(report: Report, taken: StepTaken | None) -> list[str]:
    """What was said with the step that was taken last; a plan stands among the promises, an
    answer beside its department."""
    if taken is None or not taken.note or taken.step in (PLAN, REFER, *ANSWERS):
        return []
    titles = [_(one.title) for one in life_of(report).steps if one.name == taken.step]
    return [labelled(title, taken.note) for title in titles]


def _about_problem(session: Session, report: Report) -> list[str]:
    problem = session.get_one(Rectification, report.id)
    lines = [_("问题：{words}").format(words=problem.findings)]
    lines += [_("整改要求：{words}").format(words=problem.demand)] if problem.demand else []
    lines += [*tasks.lines(session, report), *rebounds.lines(session, report)]
    back, done = last(session, report, RETURN), last(session, report, COMPLETE)
    if report.returned and back is not None:
        lines.append(_("退回原因：{words}").format(words=back.note))
    elif done is not None:
        lines.append(_("做了什么：{words}").format(words=done.note))
    return [*lines, *proofs.lines(session, report)]
