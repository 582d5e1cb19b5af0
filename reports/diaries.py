"""A day of a diary and a month of days in words, and the month as a Word document in the official layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.week import weekday_name
from storage.days import INSIDE, NAMES, Day, Where, totals
from storage.diary import Entry, Page
from storage.texts import _, labelled


@dataclass(frozen=True)
class Month:
    """A member's month; `pages` are the days on which something is to be told."""

    name: str
    team: str
    first: date
    counted: tuple[tuple[Where, int], ...]
    pages: tuple[Page, ...]


def month(name: str, team: str, pages: Sequence[Page]) -> Month:
    """Of all its days."""
    counted = totals(one.day for one in pages)
    told = (one for one in pages if one.entries or one.line or one.day.where in (Where.TRIP, Where.LEAVE))
    return Month(name, team, pages[0].day.day, tuple(counted.items()), tuple(told))


def head(day: date) -> str:
    return _("{month}月{day}日 {weekday}").format(
        month=day.month, day=day.day, weekday=weekday_name(day.weekday())
    )


def where(one: Day) -> str:
    """What the day counts as, and whether the person said so."""
    name = _(NAMES[one.where])
    return _("{what}（本人更正）").format(what=name) if one.marked else name


def lines(page: Page) -> list[str]:
    """What a day says: its reports and steps, then the line of one's own."""
    found = [_entry(one) for one in page.entries]
    return [*found, *([labelled(_("补记"), page.line)] if page.line else [])]


def _entry(one: Entry) -> str:
    place = " ".join(filter(None, [one.place, one.head]))
    said = labelled(f"{one.at:%H:%M} {one.what}", place)
    return " ".join(filter(None, [said, one.words, f"（{one.number}）"]))


def count(found: Sequence[tuple[Where, int]]) -> str:
    """The month in numbers."""
    days = dict(found)
    return _("在村 {inside} 天（有报告 {report} 天，其他工作日 {workday} 天），出差 {trip} 天，请假 {leave} 天").format(
        inside=sum(days.get(one, 0) for one in INSIDE), report=days.get(Where.REPORT, 0),
        workday=days.get(Where.WORKDAY, 0), trip=days.get(Where.TRIP, 0), leave=days.get(Where.LEAVE, 0),
    )  # fmt: skip
