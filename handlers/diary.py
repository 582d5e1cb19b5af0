"""/diary: my day made of my reports, with a line of my own; /days: my days in the village, and correcting one.

`dy:<verb>:<ids>` in private chats: `d` a day, `m` the month of a day in days, `f` the same as a file.
"""

from collections.abc import Callable
from datetime import date, timedelta

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import keys, looking
from handlers.filters import Command, Pressed, Private
from handlers.turn import Button, Turn, escape
from reports import diaries
from storage import county, days, diary, diary_files
from storage.calendar import is_workday
from storage.days import Day, Where
from storage.forms.dates import day_in
from storage.refusals import Gone, Refusal
from storage.texts import _

router = Router(name="diary")
PREFIX = "dy"
Drawn = tuple[str, list[list[Button]]]
_INSIDE = {"在": True, "在村": True, "不在": False, "不在村": False}  # not for people: matched


@router.message(Private(), Command("diary"))
async def written(message: Message, turn: Turn, rest: str) -> None:
    """日记: today; 日记 昨天: that day; 日记 words, or 日记 昨天 words: a line of one's own."""
    today = county.today(turn.db, turn.now)
    first, _space, words = rest.partition(" ")
    day = day_in(first, today) if first else today
    if day is None:
        day, words = today, rest
    if words.strip():
        diary.add(turn.db, turn.person(), day, words, turn.now)
        looking.drop(turn, message)
    turn.say(*_page(turn, day))


@router.message(Private(), Command("days"))
async def counted(message: Message, turn: Turn, rest: str) -> None:
    """驻村天数: this month; 驻村天数 11-21 在 周六入户: correct a day."""
    if rest:
        _correct(turn, rest)
        looking.drop(turn, message)
    turn.say(*_month(turn, county.today(turn.db, turn.now)))


def _correct(turn: Turn, text: str) -> None:
    parts = text.split(maxsplit=2)
    day = day_in(parts[0], county.today(turn.db, turn.now))
    if day is None or len(parts) < 2 or parts[1] not in _INSIDE:
        raise Refusal(
            _("没看懂要改哪一天。请这样写：驻村天数 11-21 在 周六入户，或 驻村天数 11-20 不在 回单位。")
        )
    days.correct(turn.db, turn.person(), day, _INSIDE[parts[1]], "".join(parts[2:]), turn.now)


def _page(turn: Turn, day: date) -> Drawn:
    (page,) = diary.pages(turn.db, turn.person().person_id, day, day, turn.now)
    said = diaries.lines(page) or [_("这一天还没有报告。")]
    title = f"<b>{escape(diaries.head(day))}</b>　{escape(diaries.where(page.day))}"
    advice = _("想补一句，发送：日记 加一段话")
    around = [_key("‹", "d", day - timedelta(days=1))]
    if day < county.today(turn.db, turn.now):
        around.append(_key("›", "d", day + timedelta(days=1)))
    more = [_key(_("本月天数"), "m", day), _key(_("本月文档"), "f", day)]
    return "\n".join([title, *map(escape, said), "", advice]), [around, more]


def _month(turn: Turn, day: date) -> Drawn:
    first, last = days.month_of(day)
    person, extra = turn.person().person_id, county.rhythm(turn.db, "").extra
    found = days.days(turn.db, person, first, last, turn.now)
    reasons = days.reasons(turn.db, person, first, last)
    head = _("<b>{year}年{month}月 驻村天数</b>").format(year=first.year, month=first.month)
    lines = [head, diaries.count(tuple(days.totals(found).items()))]
    lines += [_told(one, reasons) for one in found if _telling(one, workday=is_workday(one.day, extra))]
    advice = _("要更正，发送：驻村天数 11-21 在 周六入户")
    around = [_key(_("‹ 上月"), "m", first - timedelta(days=1)), _key(_("本月文档"), "f", first)]
    return "\n".join([*lines, "", advice]), [around]


def _telling(one: Day, *, workday: bool) -> bool:
    """Days that are not as the calendar would have them."""
    usual = Where.WORKDAY if workday else Where.OFF
    return one.marked or one.where not in (usual, Where.REPORT, Where.AHEAD)


def _told(one: Day, reasons: dict[date, str]) -> str:
    reason = f" {reasons[one.day]}" if one.day in reasons else ""
    return escape(f"{diaries.head(one.day)}　{diaries.where(one)}{reason}")


def _key(label: str, verb: str, day: date) -> Button:
    return keys.press(label, verb, day.isoformat(), prefix=PREFIX)


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    day = keys.day(ids)
    if verb == "f":
        diary_files.ask(turn.db, turn.person(), turn.chat, day, turn.now)
        await query.answer(_("正在做，马上就好。"))
        return
    if verb not in _VERBS or day > county.today(turn.db, turn.now):
        raise Gone
    turn.redraw(query, *_VERBS[verb](turn, day))


_VERBS: dict[str, Callable[[Turn, date], Drawn]] = {"d": _page, "m": _month}
