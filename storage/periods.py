"""Periods as people write them: 今天, 上周, 10月, 2026年10月, 2026-10-01..2026-10-31.

A week here is Monday to Sunday, as in everyday speech; the weekly summary's own week ends with its close.
"""
# not for people: all of it is matched, nothing is said.

import re
from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """[first, after), and how many characters of the text said it."""

    first: date
    after: date
    said: int


_DAY = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_RANGE = re.compile(rf"{_DAY}(?:\.\.+|--|~|～|—+|至|到){_DAY}")
_ISO = re.compile(_DAY)
_MONTH = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:份|(\d{1,2})[日号])?")
_YEAR = re.compile(r"(\d{4})年")
_LAST = re.compile(r"最?近(\d{1,3})天")
_WORDS = (
    "今天", "今日", "昨天", "前天", "本周", "这周", "上周", "本月", "这个月", "上月", "上个月",
    "今年", "去年",
)  # fmt: skip


def period_at(text: str, today: date) -> Period | None:
    """The period that the text begins with, seen from today; None when it begins with none."""
    for pattern, read in ((_RANGE, _range), (_ISO, _iso), (_MONTH, _month), (_YEAR, _year), (_LAST, _last)):
        found = pattern.match(text)
        if found is None:
            continue
        try:
            first, after = read(found, today)
        except ValueError:
            return None
        return Period(first, after, found.end())
    word = next((word for word in _WORDS if text.startswith(word)), None)
    return None if word is None else Period(*_named(word, today), len(word))


def _range(found: re.Match[str], _today: date) -> tuple[date, date]:
    numbers = [int(number) for number in found.groups()]
    first, last = sorted((date(*numbers[:3]), date(*numbers[3:])))
    return first, last + timedelta(days=1)


def _iso(found: re.Match[str], _today: date) -> tuple[date, date]:
    first = date(*(int(number) for number in found.groups()))
    return first, first + timedelta(days=1)


def _month(found: re.Match[str], today: date) -> tuple[date, date]:
    """Without a year it is the last such month or day that has begun."""
    month, day = int(found[2]), int(found[3] or 1)
    year = int(found[1]) if found[1] else today.year - (date(today.year, month, day) > today)
    first = date(year, month, day)
    return first, first + timedelta(days=1) if found[3] else _next_month(first)


def _year(found: re.Match[str], _today: date) -> tuple[date, date]:
    return date(int(found[1]), 1, 1), date(int(found[1]) + 1, 1, 1)


def _last(found: re.Match[str], today: date) -> tuple[date, date]:
    return today - timedelta(days=int(found[1]) - 1), today + timedelta(days=1)


def _named(word: str, today: date) -> tuple[date, date]:
    if word.endswith("周"):
        monday = today - timedelta(days=today.weekday() + 7 * (word == "上周"))
        return monday, monday + timedelta(days=7)
    if word.endswith("月"):
        first = today.replace(day=1)
        if word.startswith("上"):
            first = (first - timedelta(days=1)).replace(day=1)
        return first, _next_month(first)
    if word.endswith("年"):
        year = today.year - (word == "去年")
        return date(year, 1, 1), date(year + 1, 1, 1)
    first = today - timedelta(days={"昨": 1, "前": 2}.get(word[0], 0))
    return first, first + timedelta(days=1)


def _next_month(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=31)).replace(day=1)
