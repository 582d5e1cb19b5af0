"""Who hears of a step of a rectification, and what: those who are to act now, with their buttons; the team and
the author quietly. Letters go to private chats only; personal numbers are hidden, they may be forwarded."""

import html
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import county, duties, identity, letters, photos, picking, states
from storage.identity import Actor
from storage.kinds.rectification import ACCEPT, COMPLETE, ISSUE, LIFE, RETURN, STRIKE_OFF
from storage.letters import Lane
from storage.postings import of_team
from storage.rectifications import about, barred, judges, managers, possible
from storage.report import Report, ReportState, StepTaken
from storage.report_letters import clip
from storage.texts import N_, _, speaking

Rows = list[list[dict[str, str]]]
PREFIX = "r"
_HEADS = {
    ISSUE: N_("{name}交办整改 {number}"),
    COMPLETE: N_("{name}完成整改 {number}"),
    ACCEPT: N_("{name}验收了整改 {number}"),
    RETURN: N_("{name}退回整改 {number}"),
    STRIKE_OFF: N_("{name}销号 {number}，这件整改办结了"),
}
_ASKED = {
    ReportState.ISSUED: N_("请整改"),
    ReportState.COMPLETED: N_("请验收"),
    ReportState.ACCEPTED: N_("请核实销号"),
}


def tell(session: Session, report: Report, actor: Actor, taken: StepTaken | None, now: datetime) -> None:
    """Tell of a step that was taken (None: of the issuing)."""
    asked = {*_asked(session, report, now)} - {actor.person_id}
    others = {*_team(session, report, now), *_author(session, report, now)} - asked - {actor.person_id}
    reached = duties.private_chats(session, [*asked, *others])
    for person_id, (person, chat) in reached.items():
        reader = identity.actor(session, person_id, now)
        if reader is None:
            continue
        with speaking(person.language):
            payload = _payload(session, report, actor, taken, reader, asked=person_id in asked, now=now)
        key = f"rectification:{report.id}:{taken.id if taken else 0}:{chat.id}"
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)
    if report.state in (ReportState.ISSUED, ReportState.COMPLETED) and not asked & set(reached):
        _tell_unheard(session, report, actor, now)


def _asked(session: Session, report: Report, now: datetime) -> Iterable[int]:
    """Those whose turn it is."""
    if report.state == ReportState.ISSUED:
        return _team(session, report, now)
    name = {ReportState.COMPLETED: ACCEPT, ReportState.ACCEPTED: STRIKE_OFF}.get(report.state)
    return judges(session, report, now, barred(session, report, LIFE.step(name))) if name else []


def _team(session: Session, report: Report, now: datetime) -> list[int]:
    return [one.person_id for one in of_team(session, report.team_id or 0, now)]


def _author(session: Session, report: Report, now: datetime) -> list[int]:
    """Whoever issued it, as long as they manage the place."""
    posts = managers(session, report.village, now)
    return [one.person_id for one in posts if one.person_id == report.author_id]


def _payload(
    session: Session, report: Report, actor: Actor, taken: StepTaken | None, reader: Actor, *, asked: bool,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    head = _(_HEADS[taken.step if taken else ISSUE]).format(name=actor.name, number=report.number)
    if asked:
        ask = N_("请按退回原因再改") if report.returned else _ASKED[report.state]
        head = _("{head}，{ask}").format(head=head, ask=_(ask))
    lines = [f"<b>{html.escape(head)}</b>", *(html.escape(line) for line in facts(session, report, now))]
    made: dict[str, Any] = {
        "text": "\n".join(lines), "parse_mode": "HTML", "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": buttons(session, reader, report, opened=False)},
    }  # fmt: skip
    return made if asked else made | {"disable_notification": True}


def facts(session: Session, report: Report, now: datetime) -> list[str]:
    """Where, what, until when, with how many photos."""
    place = picking.village_name(session, report.village)
    kinds = ((_("整改前照片"), "before"), (_("整改后照片"), "after"))
    counts = [(label, photos.counts(session, report, question)) for label, question in kinds]
    shown = [
        _("{label} {count} 张").format(label=label, count=one.kept + one.waiting)
        for label, one in counts
        if one.kept + one.waiting
    ]
    return [
        _("村：{village}").format(village=place),
        *(clip(line, 400) for line in about(session, report)),
        *([_("期限：{due}").format(due=due_words(session, report, now))] if report.due_at else []),
        *shown,
    ]


def due_words(session: Session, report: Report, now: datetime) -> str:
    """The day, and how many days are left or overdue while it waits to be mended."""
    zone = county.zone(session)
    if report.due_at is None:
        return ""
    due = report.due_at.astimezone(zone).date()
    day = _("{month}月{day}日").format(month=due.month, day=due.day)
    if report.state != ReportState.ISSUED:
        return day
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


def buttons(session: Session, reader: Actor, report: Report, *, opened: bool) -> Rows:
    """The steps this reader may take now, as the workflow's table has them; `opened`: the record is on the
    screen with its photos."""
    made = [_button(step.title, "fill" if step.needs else "do", step.name, report.id, report.version)
            for step in possible(session, reader, report) if step.name != STRIKE_OFF]  # fmt: skip
    if not opened and report.state == ReportState.ISSUED:
        made = [_button(N_("去整改"), "mend", report.id) for _one in made]
    rows = [_strike_off(report), made] if _may_strike(session, reader, report) else [made]
    return [row for row in (*rows, [] if opened else _look(session, report)) if row]


def _may_strike(session: Session, reader: Actor, report: Report) -> bool:
    return any(step.name == STRIKE_OFF for step in possible(session, reader, report))


def _strike_off(report: Report) -> list[dict[str, str]]:
    """One tap, or with words."""
    return [
        _button(N_("✓ 已核实，销号"), "do", STRIKE_OFF, report.id, report.version),
        _button(N_("写情况销号"), "fill", STRIKE_OFF, report.id),
    ]


def _look(session: Session, report: Report) -> list[dict[str, str]]:
    counts = photos.counts(session, report)
    look = [_button(N_("查看照片"), "photos", report.id)] if counts.kept + counts.waiting else []
    return [*look, _button(N_("查看"), "open", report.id)]


def _button(label: str, *data: object) -> dict[str, str]:
    return {"text": _(label), "callback_data": ":".join(map(str, (PREFIX, *data)))}


def _tell_unheard(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """Nobody who is to act has a chat with us yet."""
    for person, chat in duties.private_chats(session, [actor.person_id]).values():
        with speaking(person.language):
            text = _("{number}：要办这件事的人还没有打开过机器人，收不到通知，请打电话告诉他们。").format(
                number=report.number
            )
        letters.say(session, chat, "sendMessage", {"text": text}, now=now, lane=Lane.NOTICE)
