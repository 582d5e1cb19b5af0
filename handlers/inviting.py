"""/invite and /rebind: links with a QR picture, for a newcomer or for a changed phone.

The way of an invitation is in the buttons' data: `r:<role>`, `w:<role>:<page>`, `p:<role>:<place>`,
`u:<role>:<place>:<uses>`; place is a team's id or a region's code. Each press checks the right again.
"""

from collections.abc import Sequence
from datetime import timedelta

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import keys
from handlers.filters import Command, Pressed, Private
from handlers.turn import Button, Keyboard, Turn, button, escape
from storage import errands, invitations, inviting, roster, roster_list
from storage.identity import Actor
from storage.people import Role
from storage.postings import TEAM_ROLES
from storage.refusals import Gone, NotYours, Refusal
from storage.texts import _

router = Router(name="inviting")

USES = (1, 5, 20)
PAGE = 8
VALID = timedelta(days=7)


@router.message(Private(), Command("invite"))
async def invite(message: Message, turn: Turn, rest: str) -> None:
    offered = inviting.roles(turn.person())
    if not offered:
        raise Refusal(_("邀请新人由队长或管理员来做，请把需要告诉他们。"))
    turn.say(_("邀请谁加入？"), [[button(_(roster.ROLES[role]), f"i:r:{role.value}")] for role in offered])


@router.message(Private(), Command("rebind"))
async def rebind(message: Message, turn: Turn, rest: str) -> None:
    actor = turn.person()
    if not actor.has(Role.LEADER, Role.ADMIN):
        raise Refusal(_("换手机由队长或管理员来办，请联系他们。"))
    turn.say(*_people(turn, actor, 0))


@router.callback_query(Pressed("i"))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    actor = turn.person()
    step, *more = rest.split(":")
    try:
        shown = _step(turn, actor, step, more)
    except ValueError as error:
        # Data that no button of ours carries.
        raise Gone from error
    turn.redraw(query, *shown)


def _step(turn: Turn, actor: Actor, step: str, more: list[str]) -> tuple[str, Keyboard | None]:
    match step, more:
        case "r", [role]:
            return _where(turn, actor, Role(role), 0)
        case "w", [role, page]:
            return _where(turn, actor, Role(role), _number(page))
        case "p", [role, place]:
            return _how_often(Role(role), place)
        case "u", [role, place, uses]:
            return _made(turn, actor, Role(role), place, _number(uses))
        case "x", [invitation]:
            used = invitations.revoke_own(turn.db, actor, _number(invitation), turn.now)
            return _("这个链接已经有人用过了，作废不了。") if used else _("这个邀请已作废。"), None
        case "l", [page]:
            return _people(turn, actor, _number(page))
        case "b", [person]:
            return _rebound(turn, actor, _number(person))
    raise Gone


def _number(text: str) -> int:
    found = keys.whole(text)
    if found is None:
        raise Gone
    return found


def _where(turn: Turn, actor: Actor, role: Role, page: int) -> tuple[str, Keyboard | None]:
    if role not in inviting.roles(actor):
        raise NotYours
    choices = _places(turn, actor, role)
    if not choices:
        raise Refusal(_("还没有工作队或区划。请先用命令行添加：zhucun team add，zhucun regions import。"))
    if len(choices) == 1:
        return _how_often(role, choices[0][0])
    rows = [[button(name, f"i:p:{role.value}:{place}")] for place, name in _part(choices, page)]
    text = _("加入哪个工作队？") if role in TEAM_ROLES else _("负责哪个区域？")
    return text, [*rows, _turning(f"i:w:{role.value}", page, len(choices))]


def _places(turn: Turn, actor: Actor, role: Role) -> list[tuple[str, str]]:
    team = role in TEAM_ROLES
    return inviting.teams(turn.db, actor) if team else inviting.territories(turn.db, actor)


def _part(items: Sequence[tuple[str, str]], page: int) -> Sequence[tuple[str, str]]:
    return items[page * PAGE : (page + 1) * PAGE]


def _turning(data: str, page: int, count: int) -> list[Button]:
    """Buttons to the pages before and after."""
    before = [button(_("‹ 上一页"), f"{data}:{page - 1}")] if page > 0 else []
    after = [button(_("下一页 ›"), f"{data}:{page + 1}")] if (page + 1) * PAGE < count else []
    return [*before, *after]


def _how_often(role: Role, place: str) -> tuple[str, Keyboard | None]:
    offered = [
        button(_("{number} 人").format(number=uses), f"i:u:{role.value}:{place}:{uses}") for uses in USES
    ]
    return _("给几个人用？链接七天内有效。"), [offered]


def _made(turn: Turn, actor: Actor, role: Role, place: str, uses: int) -> tuple[str, Keyboard | None]:
    team_id, region = (_number(place), None) if role in TEAM_ROLES else (None, place)
    if uses not in USES:
        raise Gone
    here = place in dict(_places(turn, actor, role))
    if not here or not invitations.may_invite(turn.db, actor, role, team_id, region):
        raise NotYours
    token = invitations.make(
        turn.db,
        role,
        team_id=team_id,
        region=region,
        uses=uses,
        valid=VALID,
        by=actor.person_id,
        now=turn.now,
    )
    text = _("邀请链接（{role}，可用 {uses} 次，七天内有效）：\n{link}\n转发给要加入的人即可。")
    return _shown(turn, token, text, _("扫码加入"), role=_(roster.ROLES[role]), uses=uses)


def _shown(
    turn: Turn, token: str, text: str, caption: str, **facts: str | int
) -> tuple[str, Keyboard | None]:
    """The link with a button that revokes it; the QR picture follows."""
    link = invitations.link(turn.db, turn.bot, token)
    body = {"chat_id": turn.chat.id, "text": caption, "link": link}
    errands.send_on(turn.db, turn.bot, "qr", body, due_at=turn.now)
    made = invitations.opened(turn.db, token, turn.now)
    return text.format(link=escape(link), **facts), [[button(_("作废"), f"i:x:{made.id}")]]


def _people(turn: Turn, actor: Actor, page: int) -> tuple[str, Keyboard | None]:
    colleagues = roster_list.led(turn.db, actor, turn.now)
    if not colleagues:
        raise Refusal(_("您的工作队里还没有人。用“邀请”请他们加入。"))
    named = [(str(one.person_id), f"{one.name} · {one.place}") for one in colleagues]
    rows = [[button(label, f"i:b:{person}")] for person, label in _part(named, page)]
    return _("谁换了手机或账号？"), [*rows, _turning("i:l", page, len(named))]


def _rebound(turn: Turn, actor: Actor, person_id: int) -> tuple[str, Keyboard | None]:
    if not invitations.may_rebind(turn.db, actor, person_id, turn.now):
        raise NotYours
    token = invitations.make_claim(turn.db, person_id, valid=VALID, by=actor.person_id, now=turn.now)
    text = _("换绑链接（只能用一次，七天内有效）：\n{link}\n请只发给本人，在新手机上打开。")
    return _shown(turn, token, text, _("只给本人：在新手机上扫码换绑"))
