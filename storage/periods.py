"""Periods as people write them: 今天, 上周, 上周五, 10月, 三季度, 2026年春节前, 9月以来, 2026-10-01..2026-10-31.

A week here is Monday to Sunday, as in everyday speech; the weekly summary's own week ends with its close.
"""
# not for people: all of it is matched, nothing is said.

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from storage import festivals


class Period(NamedTuple):
    """[first, after), None where it has no end, and how many characters of the text said it."""

    first: date | None
    after: date | None
    said: int


Days = tuple[date, date]
_DAY = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_YEARS = r"(?:(\d{4})年|(今年|去年|前年))?的?"
_RANGE = re.compile(rf"{_DAY}(?:\.\.+|--|~|～|—+|至|到){_DAY}")
_ISO = re.compile(_DAY)
_QUARTER = re.compile(rf"{_YEARS}第?([一二三四1-4])季度")
_HALF = re.compile(rf"{_YEARS}([上下])半年")
_ROUND = re.compile(r"(本|这个?|上个?)季度")
_MONTH = re.compile(rf"{_YEARS}(\d{{1,2}})月(?:份|(\d{{1,2}})[日号])?")
_YEAR = re.compile(r"(\d{4})年")
_LAST = re.compile(r"最?近([\d一二两三四五六七八九十半]{1,3})个?(天|日|周|星期|礼拜|月|年)内?")
_WEEK = re.compile(r"(上上|上|本|这|这一)个?(?:周|星期|礼拜)([一二三四五六日天])?")
_FROM = re.compile(
    r"(以来|开始|起(?![火诉]))|(之前|以前|前(?![进面后往门院屋街庄村头]))|(之后|以后|过后|后(?![面院山街庄村头墙坡]))"
)
_WORDS = (
    "今天", "今日", "昨天", "昨日", "前天", "本月", "这个月", "上月", "上个月", "上上个月", "上上月", "今年", "去年",
    "前年",
)  # fmt: skip
_NUMBERS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_AGO = {"今年": 0, "去年": 1, "前年": 2}


def period_at(text: str, today: date) -> Period | None:
    """The period that the text begins with, seen from today; None when it begins with none."""
    for pattern, read in _READ:
        found = pattern.match(text)
        if found is None:
            continue
        try:
            first, after = read(found, today)
        except (ValueError, OverflowError):
            return None
        return _open(first, after, text, found.end(), today)
    word = max((word for word in _WORDS if text.startswith(word)), key=len, default=None)
    return None if word is None else _open(*_named(word, today), text, len(word), today)


def midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    """Where that day begins; None where a period has no end."""
    return None if day is None else datetime.combine(day, time(), zone)


def _open(first: date, after: date, text: str, said: int, today: date) -> Period:
    """What stands behind a period opens one of its ends: 春节前, 10月以来, 国庆后."""
    found = _FROM.match(text, said)
    if found is None:
        return Period(first, after, said)
    if found[1]:
        return Period(first, max(today, first) + timedelta(days=1), found.end())
    return Period(None, first, found.end()) if found[2] else Period(after, None, found.end())


def _range(found: re.Match[str], _today: date) -> Days:
    numbers = [int(number) for number in found.groups()]
    first, last = sorted((date(*numbers[:3]), date(*numbers[3:])))
    return first, last + timedelta(days=1)


def _iso(found: re.Match[str], _today: date) -> Days:
    first = date(*(int(number) for number in found.groups()))
    return first, first + timedelta(days=1)


def _in_year(first: date, today: date, number: str | None, word: str | None) -> int:
    """The year that is named; else that of the last such day that has begun."""
    if number:
        return int(number)
    return today.year - (_AGO[word] if word else first > today)


def _month(found: re.Match[str], today: date) -> Days:
    month, day = int(found[3]), int(found[4] or 1)
    year = _in_year(date(today.year, month, day), today, found[1], found[2])
    first = date(year, month, day)
    return first, first + timedelta(days=1) if found[4] else _later(first, 1)


def _year(found: re.Match[str], _today: date) -> Days:
    return date(int(found[1]), 1, 1), date(int(found[1]) + 1, 1, 1)


def _quarter(found: re.Match[str], today: date) -> Days:
    number, word, which = found.groups()
    month = 3 * (_NUMBERS.get(which) or int(which)) - 2
    first = date(_in_year(date(today.year, month, 1), today, number, word), month, 1)
    return first, _later(first, 3)


def _half(found: re.Match[str], today: date) -> Days:
    month = 1 if found[3] == "上" else 7
    first = date(_in_year(date(today.year, month, 1), today, found[1], found[2]), month, 1)
    return first, _later(first, 6)


def _round(found: re.Match[str], today: date) -> Days:
    first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    first = _later(first, -3) if found[1].startswith("上") else first
    return first, _later(first, 3)


def _last(found: re.Match[str], today: date) -> Days:
    """近7天 is today and the six days before; 近半年 the last six months to today."""
    said, unit = found[1], found[2]
    tomorrow = today + timedelta(days=1)
    if said == "半" and unit in "月年":
        return (today - timedelta(days=14) if unit == "月" else ago(today, 6)), tomorrow
    count = int(said) if said.isdecimal() else _NUMBERS.get(said, 0)
    if not count:
        raise ValueError(said)
    if unit in "月年":
        return ago(today, count * (12 if unit == "年" else 1)), tomorrow
    return today - timedelta(days=count * (1 if unit in "天日" else 7) - 1), tomorrow


def ago(today: date, months: int) -> date:
    """The same day so many months ago, or the last one of a shorter month; the day after it begins the period."""
    first = _later(today.replace(day=1), -months)
    return min(first + timedelta(days=today.day), _later(first, 1))


def _week(found: re.Match[str], today: date) -> Days:
    back = {"上": 1, "上上": 2}.get(found[1], 0)
    monday = today - timedelta(days=today.weekday() + 7 * back)
    if found[2] is None:
        return monday, monday + timedelta(days=7)
    day = monday + timedelta(days=6 if found[2] in "日天" else _NUMBERS[found[2]] - 1)
    return day, day + timedelta(days=1)


def _named(word: str, today: date) -> Days:
    if word.endswith("月"):
        first = _later(today.replace(day=1), -word.count("上"))
        return first, _later(first, 1)
    if word.endswith("年"):
        year = today.year - _AGO[word]
        return date(year, 1, 1), date(year + 1, 1, 1)
    first = today - timedelta(days={"昨": 1, "前": 2}.get(word[0], 0))
    return first, first + timedelta(days=1)


def _later(first: date, months: int) -> date:
    """The first day of a month, so many months later."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


_READ: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]], ...] = (
    (_RANGE, _range), (_ISO, _iso), (festivals.NAMED, festivals.days_of), (_QUARTER, _quarter), (_HALF, _half),
    (_ROUND, _round), (_MONTH, _month), (_YEAR, _year), (_LAST, _last), (_WEEK, _week),
)  # fmt: skip
