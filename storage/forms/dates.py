"""A day: by calendar buttons, or typed as 11-21, 11月21日, 昨天, 周三."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from storage.forms.ask import Ask
from storage.refusals import Refusal
from storage.texts import _

_WORDS = {  # not for people: understood when typed
    "今天": 0,
    "昨天": 1,
    "前天": 2,
    "大前天": 3,
    "明天": -1,
    "后天": -2,
}
_WEEKDAYS = "一二三四五六日天"  # not for people: understood when typed
_WEEKDAY = re.compile(r"(上)?(?:周|星期|礼拜)([一二三四五六日天])")  # not for people: understood when typed
_DAY = re.compile(  # not for people: understood when typed
    r"(?:(?P<year>\d{4}|\d{2})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?"
)


class Bound(StrEnum):
    """Later than the deadline, or until it."""

    AFTER = "after"
    WITHIN = "within"


@dataclass(frozen=True, kw_only=True)
class Date(Ask):
    """A day as ISO text. A day without a year is the nearest one on the side that the question looks to.
    `workdays` are days to suggest: so many working days from today. `bound`: on which side of the case's deadline
    the day must be (storage/deadlines.py); of days after it, those to suggest are counted from there."""

    future: bool = False
    bound: Bound | None = None
    workdays: tuple[int, ...] = ()

    def check(self, given: Any) -> str:
        try:
            return date.fromisoformat(str(given)).isoformat()
        except ValueError:
            raise Refusal(_("请点日历选一天，或发送日期，例如 11-21、昨天。")) from None

    def on(self, given: str, today: date) -> str:
        """The day that a text says, seen from today. Raises Refusal when it is none, or on the wrong side."""
        day = day_in(given, today, future=self.future)
        if day is None:
            return self.check(given)
        if not self.future and day > today:
            raise Refusal(_("日期不能晚于今天。请点日历选一天，或发送日期，例如 昨天。"))
        if self.future and day < today:
            raise Refusal(_("日期不能早于今天。请点日历选一天，或发送日期，例如 明天。"))
        return day.isoformat()

    def kept(self, answer: Any) -> date | None:
        return None if answer is None else date.fromisoformat(answer)

    def answer(self, kept: Any) -> str | None:
        return None if kept is None else kept.isoformat()

    def shown(self, answer: Any) -> str:
        day = date.fromisoformat(answer)
        return _("{month}月{day}日").format(month=day.month, day=day.day)


def day_in(text: str, today: date, *, future: bool = False) -> date | None:
    """The day that a text says, seen from today; None when it says none."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if plain in _WORDS:
        return today - timedelta(days=_WORDS[plain])
    if found := _WEEKDAY.fullmatch(plain):
        return _weekday(found[2], bool(found[1]), today, future)
    if found := _DAY.fullmatch(plain):
        return _numbers(found["year"], int(found["month"]), int(found["day"]), today, future)
    return None


def _weekday(name: str, last: bool, today: date, future: bool) -> date:
    monday = today - timedelta(days=today.weekday() + (7 if last else 0))
    day = monday + timedelta(days=min(_WEEKDAYS.index(name), 6))
    if last:
        return day
    if future and day < today:
        return day + timedelta(days=7)
    return day - timedelta(days=7) if not future and day > today else day


def _numbers(year: str | None, month: int, day: int, today: date, future: bool) -> date | None:
    if year is not None:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = _date(today.year, month, day)
    if this is None:
        return None
    if future and this < today:
        return _date(today.year + 1, month, day)
    return _date(today.year - 1, month, day) if not future and this > today else this


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
