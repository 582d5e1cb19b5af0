"""Who hears of a step of a case, and what: those who are to act now, with their buttons; others, as the table
has them, quietly. Letters go to private chats only; personal numbers are hidden, they may be forwarded."""

import html
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import (
    casework,
    clock_runs,
    county,
    duties,
    handovers,
    identity,
    letters,
    notices,
    photos,
    picking,
    promises,
    states,
    timing,
)
from storage.answers import answers_of
from storage.casework import about, judges, life_of, possible, team_of
from storage.forms import Photos
from storage.identity import Actor
from storage.kinds import KINDS
from storage.kinds.hardship_life import KEPT
from storage.kinds.house_life import SLEEPS
from storage.kinds.rectification import ACCEPT, ASSIGN, STRIKE_OFF
from storage.kinds.referring import ANSWERS, REFER
from storage.letters import Lane
from storage.people import Role
from storage.report import Report, ReportState, StepTaken
from storage.report_letters import clip
from storage.scope import manages
from storage.texts import N_, _, speaking
from storage.workflow import By, Step

Rows = list[list[dict[str, str]]]
PREFIX = "r"
ACROSS = 3
ASIDE = timing.ASIDE | ANSWERS | {ASSIGN, REFER, SLEEPS}
"""Offered on an opened record only."""


def tell(session: Session, report: Report, actor: Actor, taken: StepTaken | None, now: datetime) -> None:
    """Tell of a step that was taken (None: of the one that began the life)."""
    step = life_of(report).step(taken.step) if taken else life_of(report).first
    owing = _asked(session, report, step, now)
    asked = owing - {actor.person_id}
    aloud = asked | (_managers(session, report, now) if _urgent(session, report, taken) else set())
    others = _hearing(session, report, step, now) | aloud
    reached = duties.private_chats(session, others - {actor.person_id})
    for person_id, (person, chat) in reached.items():
        reader = identity.actor(session, person_id, now)
        if reader is None:
            continue
        with speaking(person.language):
            head = _head(session, report, actor, taken, step, asked=person_id in asked)
            payload = _payload(session, report, head, reader, now, quiet=person_id not in aloud)
        key = f"{report.kind}:{report.id}:{taken.id if taken else 0}:{chat.id}"
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)
    if _turns(report, step) and step.name != ACCEPT and not owing & {actor.person_id, *reached}:
        _tell_unheard(session, report, actor, now)


def _asked(session: Session, report: Report, step: Step, now: datetime) -> set[int]:
    """Those whose turn it is, when the step gave it to them."""
    clock = life_of(report).clock_in(report.state)
    if step.name == timing.ASK_TIME:
        return _managers(session, report, now)
    return (
        set(casework.owing(session, report, clock, now))
        if clock is not None and _turns(report, step)
        else set()
    )


def _turns(report: Report, step: Step) -> bool:
    """Whether it is somebody's turn because of that step."""
    return step.after is not None and life_of(report).clock_in(report.state) is not None


def _hearing(session: Session, report: Report, step: Step, now: datetime) -> set[int]:
    found: set[int] = set()
    for one in step.hears:
        found |= _people(session, report, one, now)
    return found


def _people(session: Session, report: Report, by: By, now: datetime) -> set[int]:
    if by == By.MANAGER:
        return _managers(session, report, now)
    if by == By.AUTHOR:
        return _author(session, report, now)
    roles = (Role.LEADER,) if by == By.LEADER else ()
    return set(team_of(session, report, now, *roles))


def _managers(session: Session, report: Report, now: datetime) -> set[int]:
    return set(judges(session, report, now))


def _author(session: Session, report: Report, now: datetime) -> set[int]:
    """Whoever began it, as long as it is theirs to know: of its team, or managing its place; else whoever took over
    from them."""
    if _concerned(session, report, report.author_id, now):
        return {report.author_id}
    heir = handovers.reporter(session, report)
    return {heir} if _concerned(session, report, heir, now) else set()


def _concerned(session: Session, report: Report, person_id: int, now: datetime) -> bool:
    one = identity.actor(session, person_id, now)
    return one is not None and (report.team_id in one.teams() or manages(one, report.village))


def _urgent(session: Session, report: Report, taken: StepTaken | None) -> bool:
    return taken is None and KINDS[report.kind].urgent(answers_of(session, report))


def _head(
    session: Session, report: Report, actor: Actor, taken: StepTaken | None, step: Step, *, asked: bool
) -> str:
    head = _(step.said).format(name=actor.name, number=report.number)
    if _urgent(session, report, taken):
        head = _("【紧急】{head}").format(head=head)
    clock = life_of(report).clock_in(report.state)
    if not asked or clock is None:
        return head
    ask = N_("请按退回原因再改") if report.returned else clock.ask
    if step.name == timing.ASK_TIME:
        ask = N_("请决定")
    return _("{head}，{ask}").format(head=head, ask=_(ask))


def _payload(
    session: Session, report: Report, head: str, reader: Actor, now: datetime, *, quiet: bool
) -> dict[str, Any]:
    lines = [f"<b>{html.escape(head)}</b>", *(html.escape(line) for line in facts(session, report, now))]
    made: dict[str, Any] = {
        "text": "\n".join(lines), "parse_mode": "HTML", "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": buttons(session, reader, report, now, opened=False)},
    }  # fmt: skip
    return made | {"disable_notification": True} if quiet else made


def facts(session: Session, report: Report, now: datetime) -> list[str]:
    """Where, what, until when, with how many photos."""
    place = picking.village_name(session, report.village)
    return [
        _("村：{village}").format(village=place),
        *(clip(line, 400) for line in about(session, report)),
        *filter(None, [notices.day_words(session, report, now)]),
        *([_("期限：{due}").format(due=due_words(session, report, now))] if report.due_at else []),
        *_pictures(session, report),
    ]


def _pictures(session: Session, report: Report) -> Iterable[str]:
    kind = KINDS[report.kind]
    forms = [kind.asks, *(step.asks for step in kind.steps.values())]
    asked = {name: ask.label for asks in forms for name, ask in asks.items() if isinstance(ask, Photos)}
    for name, label in asked.items():
        one = photos.counts(session, report, name)
        if one.kept + one.waiting:
            yield _("{label} {count} 张").format(label=_(label), count=one.kept + one.waiting)


def due_words(session: Session, report: Report, now: datetime) -> str:
    """The day, and how many days are left or overdue while the clock that ends then runs."""
    zone, clock = county.zone(session), life_of(report).clock_in(report.state)
    if report.due_at is None:
        return ""
    due = report.due_at.astimezone(zone).date()
    day = _("{month}月{day}日").format(month=due.month, day=due.day)
    if clock is None or not clock.shown:
        return day
    run = clock_runs.running(session, report)
    if run is not None and run.paused_at is not None:
        return _("{day}（已暂停计时）").format(day=day)
    left = (due - now.astimezone(zone).date()).days
    if left > 0:
        return _("{day}（还有 {left} 天）").format(day=day, left=left)
    if left < 0:
        return _("{day}（逾期 {late} 天）").format(day=day, late=-left)
    return _("{day}（今天截止）").format(day=day)


def state_words(report: Report) -> str:
    """What it waits for, as a reader of lists wants to know it."""
    if report.state == ReportState.ACCEPTED:
        return _("待销号")
    return states.state_of(report)


def buttons(session: Session, reader: Actor, report: Report, now: datetime, *, opened: bool) -> Rows:
    """The steps this reader may take now, as the workflow's table has them; `opened`: the record is on the
    screen with its photos. Steps about the clock alone are offered there only."""
    steps = possible(session, reader, report, now)
    made = [one for step in steps if opened or step.name not in ASIDE
            for one in _step_buttons(session, report, step, opened=opened)]  # fmt: skip
    strike = [_strike_off(report)] if any(step.name == STRIKE_OFF for step in steps) else []
    rows = [*strike, *(made[start : start + ACROSS] for start in range(0, len(made), ACROSS))]
    return [row for row in (*rows, [] if opened else _look(session, report)) if row]


def _step_buttons(session: Session, report: Report, step: Step, *, opened: bool) -> list[dict[str, str]]:
    if step.name == STRIKE_OFF:
        return []
    if step.name == KEPT:
        left = promises.open_ones(session, report)
        return [_kept(report, one) for one in left] if opened else []
    if not opened and step.before == (ReportState.ISSUED,) and step.after is not None:
        return [button(N_("去整改"), "mend", report.id)]
    return [button(step.title, "fill" if step.needs else "do", step.name, report.id, report.version)]


def _kept(report: Report, one: promises.Promise) -> dict[str, str]:
    label = _("✓ {what}").format(what=one.what[:10])
    return button(label, "kept", report.id, report.version, one.number)


def _strike_off(report: Report) -> list[dict[str, str]]:
    """One tap, or with words."""
    return [
        button(N_("✓ 已核实，销号"), "do", STRIKE_OFF, report.id, report.version),
        button(N_("写情况销号"), "fill", STRIKE_OFF, report.id),
    ]


def _look(session: Session, report: Report) -> list[dict[str, str]]:
    counts = photos.counts(session, report)
    look = [button(N_("查看照片"), "photos", report.id)] if counts.kept + counts.waiting else []
    return [*look, to_open(report)]


def to_open(report: Report) -> dict[str, str]:
    """The button that opens the record."""
    return button(N_("查看"), "open", report.id)


def button(label: str, *data: object) -> dict[str, str]:
    """A button of a case: `r:<verb>:<ids>`; `label` is a message id."""
    return {"text": _(label), "callback_data": ":".join(map(str, (PREFIX, *data)))}


def _tell_unheard(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """Nobody who is to act has a chat with us yet."""
    for person, chat in duties.private_chats(session, [actor.person_id]).values():
        with speaking(person.language):
            text = _("{number}：要办这件事的人还没有打开过机器人，收不到通知，请打电话告诉他们。").format(
                number=report.number
            )
        letters.say(session, chat, "sendMessage", {"text": text}, now=now, lane=Lane.NOTICE)
