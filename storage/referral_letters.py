"""What is said about referrals. An officer is told what their department needs and nothing else of the case; heads are
initials until they are asked for."""

import html
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from storage import briefs, casework, chats, county, duties, handovers, letters, names, picking, showing
from storage.kinds.referring import CANNOT, GIVEN, TAKE_ON, consent
from storage.letters import Lane
from storage.people import Role
from storage.places import around
from storage.report import Report
from storage.showing import Channel, Degree, Of
from storage.texts import N_, _, labelled, listed, speaking

if TYPE_CHECKING:
    from storage.referrals import Referral

PREFIX = "d"


def asked(session: Session, report: Report, one: "Referral", officers: Sequence[int], now: datetime) -> None:
    """To the department's officers; where it has none, to those who manage the place and to their group, and
    whoever asked hears that."""
    people = officers or casework.judges(session, report, now)
    for person, chat in duties.private_chats(session, people).values():
        with speaking(person.language):
            payload = card(session, report, one, showing.degree(Of.HEAD, Channel.REFERRAL))
        _say(session, chat, payload, now, f"referral:{one.id}:{chat.id}")
    if not officers:
        _no_officer(session, report, one, people, now)


def card(session: Session, report: Report, one: "Referral", shown: Degree) -> dict[str, Any]:
    """The referral as its department sees it; `shown` is how much of the head's name."""
    due = one.due_at.astimezone(county.zone(session)) if one.due_at else None
    who = names.full(session, one.asked_by)
    team = briefs.team_name(session, report.team_id)
    head = _("{name}请{department}办理 {number}").format(name=who, department=one.title, number=report.number)
    lines = [
        _("要解决什么：{words}").format(words=one.what),
        _("村：{village}").format(village=picking.village_name(session, report.village)),
        *([_("户：{head}").format(head=briefs.head(session, report, shown))] if report.household_id else []),
        labelled(_("户主意见"), _(consent(one.consent).label)),
        _("联系：{name}").format(name=_("，").join(filter(None, [who, team]))),
        *([_("请在 {day} 前答复").format(day=f"{due:%m-%d}")] if due else []),
    ]
    text = "\n".join([f"<b>{html.escape(head)}</b>", *map(html.escape, lines)])
    return {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": buttons(one, shown)}}


def about(session: Session, report: Report) -> list[str]:
    """What stands above an officer's form: the place and whose it is, by initials."""
    shown = showing.degree(Of.HEAD, Channel.REFERRAL)
    lines = [_("村：{village}").format(village=picking.village_name(session, report.village))]
    return [
        *lines,
        *([_("户：{head}").format(head=briefs.head(session, report, shown))] if report.household_id else []),
    ]


def buttons(one: "Referral", shown: Degree) -> list[list[dict[str, str]]]:
    """The answers; and the name where it is not shown in full. None once it was answered."""
    from storage.referrals import OPEN, Answer

    if one.answer not in OPEN:
        return []
    take = [_button(N_("接办"), "r", "do", TAKE_ON, one.report_id, 0)] if one.answer is Answer.ASKED else []
    more = [_button(N_("看户主姓名"), PREFIX, "name", one.id)] if shown is not Degree.FULL else []
    rest = [
        _button(N_("不能办"), "r", "fill", CANNOT, one.report_id),
        _button(N_("已办结"), "r", "fill", GIVEN, one.report_id),
    ]
    return [row for row in ([*take, *rest], more) if row]


def _button(label: str, *data: object) -> dict[str, str]:
    return {"text": _(label), "callback_data": ":".join(map(str, data))}


def _no_officer(
    session: Session, report: Report, one: "Referral", people: Sequence[int], now: datetime
) -> None:
    """Said aloud: to whoever asked, and without any personal data to the nearest group."""
    called = listed(names.full(session, person) for person in people[:3])
    for person, chat in duties.private_chats(session, [one.asked_by]).values():
        with speaking(person.language):
            text = _("{department}还没有接办人，{number} 已转给管理组：{names}。").format(
                department=one.title, number=report.number, names=called or _("还没有人")
            )
        _say(session, chat, {"text": text}, now, f"referral:{one.id}:asked:{chat.id}")
    bound = (chats.groups(session, code) for code in reversed(around(report.village)))
    for chat in next(filter(None, bound), []):
        text = _("{number} 要转给{department}，那里还没有接办人，请管理组安排。").format(
            number=report.number, department=one.title
        )
        _say(session, chat, {"text": text}, now, f"referral:{one.id}:group:{chat.id}")


def all_answered(session: Session, report: Report, together: Sequence["Referral"], now: datetime) -> None:
    """One plain reply to whoever asked, the author and the leaders: what each department said, and what is missing."""
    from storage import referrals

    zone, gaps = county.zone(session), referrals.gaps(list(together))
    leaders = casework.team_of(session, report, now, Role.LEADER)
    for person, chat in duties.private_chats(
        session, {together[0].asked_by, handovers.reporter(session, report), *leaders}
    ).values():
        with speaking(person.language):
            lines = [_("{number} 的转办，各部门都答复了：").format(number=report.number)]
            lines += [f"· {labelled(one.title, referrals.state(one, zone))}" for one in together]
            missing = _("还缺：{gaps}。请另想办法，或补齐条件再转。").format(gaps=listed(gaps))
            lines.append(missing if gaps else _("没有缺口。"))
            row = [_button(N_("查看"), "r", "open", report.id)]
        payload = {"text": "\n".join(lines), "reply_markup": {"inline_keyboard": [row]}}
        _say(session, chat, payload, now, f"referral:{together[0].step_id}:all:{chat.id}")


def _say(session: Session, chat: chats.Chat, payload: dict[str, Any], now: datetime, key: str) -> None:
    letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)
