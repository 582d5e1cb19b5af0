"""Numbers of a record: opened with a reason, on the record's card; and who looked. `n:<verb>:<report>:<query>`."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import keys
from handlers.filters import Pressed, Private
from handlers.turn import Button, Turn, escape
from storage import county, looking, names, own_reports
from storage.draft import Draft
from storage.looking import Reason
from storage.redact import found
from storage.refusals import Gone
from storage.report import Report
from storage.texts import _, labelled

router = Router(name="looking")

PREFIX = "n"
BACK = "back"


def of_record(turn: Turn, report: Report, query_id: int) -> list[Button]:
    """The buttons of a record that is on the screen."""
    actor, made = turn.person(), []
    if looking.anything(turn.db, actor, report):
        made.append(keys.press(_("看号码"), "why", report.id, query_id, prefix=PREFIX))
    if looking.readings(turn.db, actor, report):
        made.append(keys.press(_("谁看过"), "who", report.id, query_id, prefix=PREFIX))
    return made


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    report = own_reports.find(turn.db, turn.person(), keys.number(ids))
    query_id = keys.number(ids, 1)
    if verb == "why":
        text, rows = _why(report, query_id)
    elif verb == "who":
        text, rows = _who(turn, report), []
    elif verb == "show" and len(ids) == 3:
        text, rows = _numbers(turn, report, ids[2]), []
    else:
        raise Gone
    turn.redraw(query, text, [*rows, [_back(report, query_id)]])


def _back(report: Report, query_id: int) -> Button:
    return keys.press(_("‹ 收起"), str(report.id), query_id, BACK, prefix="o")


def _why(report: Report, query_id: int) -> tuple[str, list[list[Button]]]:
    made = [
        keys.press(_(one.label), "show", report.id, query_id, one.value, prefix=PREFIX)
        for one in Reason.__members__.values()
    ]
    text = _("为什么要看 {number} 的完整号码？会记入日志，负责这一户的人看得到。")
    return escape(text.format(number=report.number)), keys.rows(made)


def _numbers(turn: Turn, report: Report, reason: str) -> str:
    lines = looking.opened(turn.db, turn.person(), report, reason, turn.now)
    told = [escape(labelled(one.label, one.text)) for one in lines]
    return "\n".join([f"<code>{report.number}</code>", *told, "", escape(_("看完请点“收起”。"))])


def _who(turn: Turn, report: Report) -> str:
    zone = county.zone(turn.db)
    told = [
        f"{one.at.astimezone(zone):%m-%d %H:%M} "
        f"{names.full(turn.db, one.by_id) if one.by_id else _('服务器命令行')} {one.why}"
        for one in looking.readings(turn.db, turn.person(), report)
    ]
    head = _("谁看过 {number} 和这一户的个人信息，最近的在前：").format(number=report.number)
    return "\n".join([f"<b>{escape(head)}</b>", *map(escape, told)])


def tidy(turn: Turn, message: Message, draft: Draft | None = None) -> None:
    """Personal numbers that were typed are sealed by now: the message that shows them goes, and its writer hears
    why, once for each draft. A photo's message goes when the photo is kept."""
    if not turn.chat.private or not found(message.text or message.caption or ""):
        return
    if message.text:
        turn.delete(message.message_id)
    about = draft.uid if draft is not None else f"person:{turn.person().person_id}"
    text = _(
        "写的身份证号、电话或卡号已加密保存，这里只显示头尾几位；为保护隐私，带号码的那条消息会从聊天里删掉。"
    )
    turn.say(escape(text), key=f"numbers:{about}")


def drop(turn: Turn, message: Message) -> None:
    """Personal numbers that were typed where none are kept: they are left out, and the message that shows them goes."""
    if turn.chat.private and found(message.text or ""):
        turn.delete(message.message_id)
        turn.say(escape(_("这里不记身份证号、电话和卡号：已隐去，带号码的那条消息会从聊天里删掉。")))
