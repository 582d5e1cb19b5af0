"""The buttons under each kind of question."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import keys
from handlers.turn import Button, Turn
from storage import calendar as workdays
from storage import county, deadlines, picking
from storage.draft import Draft
from storage.drafts import Filling
from storage.forms import (
    Ask,
    Choice,
    Date,
    HouseholdPick,
    Number,
    PersonPick,
    Photos,
    TeamPick,
    Text,
    Village,
)
from storage.forms.picks import NOBODY
from storage.texts import _

PAGE = 8
ALL_ON_BUTTON = 16
Rows = list[list[Button]]


@dataclass
class Asked:
    """A question on the screen. `page` counts from 0 (for a calendar: months back from this one); `many` is
    the state in which several are ticked."""

    turn: Turn
    draft: Draft
    name: str
    ask: Ask
    filled: Filling
    page: int = 0
    many: bool = False

    def button(self, label: str, verb: str, *ids: object) -> Button:
        return keys.of(self.draft, label, verb, self.name, *ids)


def buttons(asked: Asked) -> Rows:
    """The rows that answer a question; empty when it is answered by typing or sending."""
    for kind, draw in _DRAW:
        if isinstance(asked.ask, kind):
            return draw(asked)
    return []


def _paged(asked: Asked, options: list[picking.Option]) -> Rows:
    shown = options[asked.page * PAGE : asked.page * PAGE + PAGE]
    made = [asked.button(option.text, "set", option.value) for option in shown]
    return [*keys.rows(made), keys.pages(asked.draft, asked.name, asked.page, len(options), PAGE)]


def _village(asked: Asked) -> Rows:
    words, team = asked.filled.loose or "", asked.filled.answers.get("team")
    return _paged(asked, picking.villages(asked.turn.db, asked.turn.person(), words, team))


def _team(asked: Asked) -> Rows:
    made = _paged(asked, picking.teams(asked.turn.db, asked.turn.person(), asked.filled.loose or ""))
    return [*made, [asked.button(_("看全部工作队"), "page", 0)]] if asked.filled.loose else made


def household_options(asked: Asked) -> list[picking.Option]:
    village = asked.filled.answers.get("village", "")
    turn = asked.turn
    return picking.households(turn.db, village, turn.person(), turn.now, asked.filled.loose or "")


def _household(asked: Asked) -> Rows:
    assert isinstance(asked.ask, HouseholdPick)
    made = _paged(asked, household_options(asked))
    if asked.filled.loose:
        return [*made, [asked.button(_("看全部户"), "page", 0)]]
    return [*made, [asked.button(_("不入户"), "set", NOBODY)]] if asked.ask.allow_none else made


def _choice(asked: Asked) -> Rows:
    ask = asked.ask
    assert isinstance(ask, Choice)
    if asked.many:
        return _ticks(asked, [picking.Option(one.value, _(one.label)) for one in ask.options])
    made = keys.rows([asked.button(_(one.label), "set", one.value) for one in ask.options])
    if ask.none is not None:
        made.append([asked.button(_(ask.none), "none")])
    return [*made, [asked.button(_("多选…"), "more")]] if ask.many else made


def _ticks(asked: Asked, options: list[picking.Option]) -> Rows:
    chosen = asked.filled.answers.get(asked.name) or []
    made = [
        asked.button(("☑ " if option.value in chosen else "☐ ") + option.text, "flip", option.value)
        for option in options
    ]
    return [*keys.rows(made), [asked.button(_("选好了"), "done")]]


def _people(asked: Asked) -> Rows:
    return _ticks(asked, picking.people(asked.turn.db, asked.turn.person(), asked.turn.now))


def _text(asked: Asked) -> Rows:
    assert isinstance(asked.ask, Text)
    return [[asked.button(_(one), "say", place)] for place, one in enumerate(asked.ask.suggest)]


def _number(asked: Asked) -> Rows:
    assert isinstance(asked.ask, Number)
    least = asked.ask.least
    return [[asked.button(str(one), "set", one) for one in range(least, least + 6)]]


def _photos(asked: Asked) -> Rows:
    return [[asked.button(_("发完了"), "done")]] if asked.filled.answers.get(asked.name) else []


def _calendar(asked: Asked) -> Rows:
    """A month of buttons; days on the wrong side of today or of the deadline only show."""
    assert isinstance(asked.ask, Date)
    now, future = county.today(asked.turn.db, asked.turn.now), asked.ask.future
    least, most = deadlines.bounds(asked.turn.db, asked.draft, asked.ask)
    least, most = (max(now, least), most) if future else (least, now)
    first = _month(least if future else now, asked.page if future else -asked.page)
    before, after = (asked.page - 1, asked.page + 1) if future else (asked.page + 1, asked.page - 1)
    head = [
        asked.button("‹", "page", before) if before >= 0 else keys.idle(" "),
        keys.idle(_("{year}年{month}月").format(year=first.year, month=first.month)),
        asked.button("›", "page", after) if after >= 0 else keys.idle(" "),
    ]
    days = [keys.idle(day) for day in _("一二三四五六日")]
    offered = [*_suggested(asked, now, least, most), _near(asked, now, least, most)]
    return [*offered, head, days, *_weeks(asked, first, least, most)]


def _suggested(asked: Asked, now: date, least: date, most: date) -> Rows:
    """Days that are so many working days away from today, or from a deadline that is to come, as the calendar of
    the place counts them."""
    assert isinstance(asked.ask, Date)
    extra = county.rhythm(asked.turn.db, asked.filled.answers.get("village", "")).extra
    since = now if least <= now else least - timedelta(days=1)
    words = _("{count} 个工作日 {month}-{day}") if since == now else _("再加 {count} 个工作日 {month}-{day}")
    days = [(count, workdays.add_workdays(since, count, extra)) for count in asked.ask.workdays]
    return keys.rows(
        [
            asked.button(words.format(count=count, month=day.month, day=day.day), "set", day)
            for count, day in days
            if day <= most
        ]
    )


def _near(asked: Asked, now: date, least: date, most: date) -> list[Button]:
    assert isinstance(asked.ask, Date)
    step = timedelta(days=1 if asked.ask.future else -1)
    words = (_("今天"), _("明天"), _("后天")) if asked.ask.future else (_("今天"), _("昨天"), _("前天"))
    days = [(word, now + step * place) for place, word in enumerate(words)]
    return [asked.button(word, "set", day) for word, day in days if least <= day <= most]


def _weeks(asked: Asked, first: date, least: date, most: date) -> Rows:
    return [
        [
            asked.button(str(day.day), "set", day)
            if day.month == first.month and least <= day <= most
            else keys.idle(str(day.day) if day.month == first.month else " ")
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]


def _month(now: date, away: int) -> date:
    months = now.year * 12 + now.month - 1 + away
    return date(months // 12, months % 12 + 1, 1)


_DRAW: tuple[tuple[type[Ask], Callable[[Asked], Rows]], ...] = (
    (Village, _village),
    (TeamPick, _team),
    (HouseholdPick, _household),
    (Choice, _choice),
    (PersonPick, _people),
    (Text, _text),
    (Number, _number),
    (Photos, _photos),
    (Date, _calendar),
)
