"""Managing groups: binding a group (or forum topic) to a region, inside it and by buttons."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers.filters import AskedByStranger, Command, Group, Migrated, Pressed, Private
from handlers.keys import number, parts, press, rows
from handlers.turn import Button, Keyboard, Turn, escape
from reports.week import weekday_name
from storage import county, delivering, groups, summaries
from storage.identity import Actor
from storage.names import spoken
from storage.people import Role
from storage.places import Level, Region
from storage.refusals import NotYours, Refusal
from storage.texts import _

router = Router(name="groups")
PAGE = 20


@router.message(Group(), AskedByStranger())
async def stranger(message: Message, turn: Turn) -> None:
    """Told politely, once a day; silence after that."""
    if groups.may_refuse(turn.db, turn.chat, turn.telegram_id, turn.now):
        turn.say(_("您还没有加入工作队，所以我不能回答。请向队长或管理员要一个邀请链接。"))


@router.message(Private(), Command("unbind"))
@router.message(Private(), Command("bind"))
async def not_here(message: Message, turn: Turn, rest: str) -> None:
    turn.person()
    raise Refusal(_("请把我加进管理组的群，在群里发送 /bind 绑定区域。"))


@router.message(Group(), Command("bind"))
async def bind(message: Message, turn: Turn, rest: str) -> None:
    """Which region this group is about: the own territories by buttons."""
    actor = _ruler(turn)
    turn.say(*_choose(turn, actor, None, 0))


@router.message(Group(), Command("unbind"))
async def unbind(message: Message, turn: Turn, rest: str) -> None:
    groups.unbind(turn.db, turn.chat, _ruler(turn), turn.now)
    turn.say(_("已解除绑定。本群不再收到简报和周报。"))


@router.callback_query(Pressed("g"))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    actor = _ruler(turn)
    verb, ids = parts(rest)
    code = ids[0] if ids else ""
    if verb == "b":
        found = groups.bind(turn.db, turn.chat, code, actor, turn.now)
        turn.redraw(query, _bound(turn, found))
    elif verb == "u":
        groups.unbind(turn.db, turn.chat, actor, turn.now)
        turn.redraw(query, _("已解除绑定。本群不再收到简报和周报。"))
    else:
        turn.redraw(query, *_choose(turn, actor, code or None, number(ids, 1)))


@router.message(Migrated())
async def migrated(message: Message, turn: Turn, new_id: int) -> None:
    """The group became a supergroup: its rows take the new id, bindings and letters stay."""
    delivering.migrate(turn.db, turn.chat.id or 0, new_id)


def _ruler(turn: Turn) -> Actor:
    """Somebody with a territory. Raises Stranger or NotYours."""
    actor = turn.person()
    if not actor.has(Role.SUPERVISOR, Role.ADMIN):
        raise NotYours
    return actor


def _bound(turn: Turn, region: Region) -> str:
    rhythm = county.rhythm(turn.db, region.code)
    return _(
        "本群已绑定 <b>{name}</b>。\n有新情况时每天 {digest} 发简报，每{weekday} {time} 发周报；"
        "随时可发 /weekly 看任一周。"
    ).format(
        name=escape(spoken(region.name)),
        digest=f"{rhythm.digest_time:%H:%M}",
        weekday=weekday_name(rhythm.summary_weekday),
        time=f"{rhythm.summary_time:%H:%M}",
    )


def _choose(turn: Turn, actor: Actor, inside: str | None, page: int) -> tuple[str, Keyboard]:
    found = groups.to_choose(turn.db, actor, inside)
    shown = found[page * PAGE : (page + 1) * PAGE]
    keyboard = rows([_one(region) for region in shown])
    wider = [one for one in found if one.level != Level.VILLAGE] if inside is None else []
    keyboard += [[press(_below(one), "d", one.code, 0, prefix="g")] for one in wider[:10]]
    keyboard.append(_pages(inside, page, len(found)))
    if turn.chat.region is not None:
        keyboard.append([press(_("解除绑定"), "u", prefix="g")])
    return _question(turn), [row for row in keyboard if row]


def _one(region: Region) -> Button:
    return press(spoken(region.name), "b", region.code, prefix="g")


def _below(region: Region) -> str:
    return _("{name}下面的…").format(name=spoken(region.name))


def _pages(inside: str | None, page: int, count: int) -> list[Button]:
    turning = []
    if page > 0:
        turning.append(press("‹", "d", inside or "", page - 1, prefix="g"))
    if (page + 1) * PAGE < count:
        turning.append(press("›", "d", inside or "", page + 1, prefix="g"))
    return turning


def _question(turn: Turn) -> str:
    code = turn.chat.region
    if code is None:
        return _("本群是哪个区域的管理组？请选一个：")
    name = spoken(summaries.region_names(turn.db, [code])[code])
    return _("本群现在绑定的是 <b>{name}</b>。要换成哪一个？").format(name=escape(name))
