"""/leave: leave, trips and days without a signal, asked in one message or by buttons, decided by a tap.

`lv:<verb>:<ids>` in private chats: `a` kind, `d` kind and first day, `n` kind, first day and number of days; `u` takes
back, `y` and `x` decide, each with an absence's number.
"""

from collections.abc import Callable
from datetime import date, timedelta

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import keys, looking
from handlers.filters import Command, Pressed, Private
from handlers.menu import words_of
from handlers.turn import Button, Turn, escape
from reports.week import weekday_name
from storage import absences, county, duties, names
from storage.absences import KINDS, SILENT, Absence, AbsenceKind, AbsenceState, Wish
from storage.letters import Lane
from storage.refusals import Gone, Refusal
from storage.texts import _, labelled, speaking

router = Router(name="leave")
PREFIX = "lv"
LENGTHS = (1, 2, 3, 5, 7)
Drawn = tuple[str, list[list[Button]]]


@router.message(Private(), Command("leave"))
async def leave(message: Message, turn: Turn, rest: str) -> None:
    """请假 明天 2天 家里有事; 出差 and 没信号 the same; alone: what I have, and buttons."""
    kind = _kind_of((message.text or "").split()[0])
    if not rest:
        turn.say(*(_first_day(turn, kind) if kind is not AbsenceKind.LEAVE else _mine(turn)))
        return
    wish = absences.wished(rest, county.today(turn.db, turn.now))
    if wish is None:
        raise Refusal(_("没看懂是哪几天。请这样写：请假 明天 2天 家里有事，或 出差 11-23到11-25 开会。"))
    turn.say(*_asked(turn, kind.value, wish))
    looking.drop(turn, message)


def _kind_of(word: str) -> AbsenceKind:
    """What the command was called by; in Latin it is leave."""
    called = dict(zip(words_of("leave"), AbsenceKind, strict=True))
    return called.get(word.removeprefix("/").partition("@")[0], AbsenceKind.LEAVE)


def _mine(turn: Turn) -> Drawn:
    """What somebody has from today on, and what may be asked."""
    actor, today = turn.person(), county.today(turn.db, turn.now)
    found = absences.within(turn.db, [actor.person_id], today, today + timedelta(days=366))
    lines = [_line(one) for one in found] or [_("现在没有请假、出差。")]
    kinds = [keys.press(_(one.label), "a", one.value, prefix=PREFIX) for one in AbsenceKind]
    back = [
        keys.press(_("撤回 {days}").format(days=absences.span(one)), "u", one.id, prefix=PREFIX)
        for one in found
    ]
    advice = _("也可以一句话写完：请假 明天 2天 家里有事")
    return "\n".join([*lines, "", advice]), [kinds, *keys.rows(back)]


def _line(one: Absence) -> str:
    return _("{kind} {days}（{count} 天）：{state}").format(
        kind=_(KINDS[one.kind].label), days=absences.span(one), count=one.days,
        state=_(absences.STATES[one.state]),
    )  # fmt: skip


def _first_day(turn: Turn, kind: AbsenceKind) -> Drawn:
    """From which day?"""
    today = county.today(turn.db, turn.now)
    days = [today + timedelta(days=number) for number in range(8)]
    near = {0: _("今天"), 1: _("明天"), 2: _("后天")}
    found = [
        keys.press(
            near.get(number) or f"{weekday_name(day.weekday())} {day:%m-%d}", "d", kind.value, day.isoformat(),
            prefix=PREFIX,
        )
        for number, day in enumerate(days)
    ]  # fmt: skip
    return _("{kind}：从哪天起？").format(kind=_(kind.label)), keys.rows(found, 4)


def _length(kind: AbsenceKind, first: date) -> Drawn:
    """For how many days?"""
    most = [days for days in LENGTHS if kind is not AbsenceKind.NO_SIGNAL or days <= SILENT]
    found = [
        keys.press(
            _("{count} 天").format(count=days), "n", kind.value, first.isoformat(), days, prefix=PREFIX
        )
        for days in most
    ]
    text = _("{kind}：{day} 起，一共几天？")
    return text.format(kind=_(kind.label), day=f"{first:%m-%d}"), keys.rows(found, 5)


def _asked(turn: Turn, kind: str, wish: Wish) -> Drawn:
    """Written down; those who decide are told."""
    one = absences.ask(turn.db, turn.person(), kind, wish, turn.now)
    if one.state == AbsenceState.ASKED:
        _tell_approvers(turn, one)
    return _shown(turn, one)


def _shown(turn: Turn, one: Absence) -> Drawn:
    reason = absences.reason_of(turn.db, one)
    lines = [_line(one), *([labelled(_("事由"), reason)] if reason else [])]
    back = [[keys.press(_("撤回"), "u", one.id, prefix=PREFIX)]] if one.state in absences.HOLDING else []
    return escape("\n".join(lines)), back


def _tell_approvers(turn: Turn, one: Absence) -> None:
    people = absences.approvers(turn.db, one, turn.now)
    readers = duties.private_chats(turn.db, people).values()
    if not readers:
        raise Refusal(_("现在没有人能同意：队里没有别的队长，这里也没有督导。请联系管理员。"))
    for person, chat in readers:
        with speaking(person.language):
            turn.say(_wanted(turn, one), [_answers(one)], chat=chat, lane=Lane.NOTICE)


def _wanted(turn: Turn, one: Absence) -> str:
    """What is asked, as whoever decides reads it in private."""
    name = names.full(turn.db, one.person_id)
    head = _("{name}：{kind} {days}（{count} 天）").format(
        name=name, kind=_(KINDS[one.kind].label), days=absences.span(one), count=one.days
    )
    reason = absences.reason_of(turn.db, one)
    return escape("\n".join([head, *([labelled(_("事由"), reason)] if reason else [])]))


def _answers(one: Absence) -> list[Button]:
    return [
        keys.press(_("同意"), "y", one.id, prefix=PREFIX),
        keys.press(_("不同意"), "x", one.id, prefix=PREFIX),
    ]


@router.callback_query(Private(), Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    turn.person()
    if verb not in _VERBS:
        raise Gone
    turn.redraw(query, *_VERBS[verb](turn, ids))


def _kind(ids: list[str]) -> AbsenceKind:
    kind = KINDS.get(ids[0] if ids else "")
    if kind is None:
        raise Gone
    return kind


def _for_days(turn: Turn, ids: list[str]) -> Drawn:
    days = keys.number(ids, 2)
    if days not in LENGTHS:
        raise Gone
    first = keys.day(ids, 1)
    return _asked(turn, _kind(ids).value, Wish(first, first + timedelta(days=days - 1)))


def _withdrawn(turn: Turn, ids: list[str]) -> Drawn:
    return _shown(turn, absences.withdraw(turn.db, turn.person(), keys.number(ids), turn.now))


def _decided(turn: Turn, ids: list[str], yes: bool) -> Drawn:
    """The asker hears of it."""
    one = absences.decide(turn.db, turn.person(), keys.number(ids), yes, turn.now)
    for person, chat in duties.private_chats(turn.db, [one.person_id]).values():
        with speaking(person.language):
            turn.say(escape(_line(one)), chat=chat, lane=Lane.NOTICE)
    return f"{_wanted(turn, one)}\n{_(absences.STATES[one.state])}", []


_VERBS: dict[str, Callable[[Turn, list[str]], Drawn]] = {
    "a": lambda turn, ids: _first_day(turn, _kind(ids)),
    "d": lambda _turn, ids: _length(_kind(ids), keys.day(ids, 1)),
    "n": _for_days,
    "u": _withdrawn,
    "y": lambda turn, ids: _decided(turn, ids, yes=True),
    "x": lambda turn, ids: _decided(turn, ids, yes=False),
}
