"""/owe: who did what this week and who owes. A member sees their own line, a leader their team by name, those who
manage each team's totals and behind a button its people; groups hear totals, names only where policy mode says so.

`ow:w:<scope>:<week>`: how a scope stood in a week; a team by name in private chats only.
"""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import keys
from handlers.filters import Command, Pressed
from handlers.turn import Keyboard, Turn
from handlers.weekly_scopes import key_of, may_read, readable, scope_from
from reports import figures, owed
from reports.week import Week, parse, running
from storage import county, duty_states, names, policy, showing, summaries
from storage.duty_states import Standing
from storage.names import spoken
from storage.people import Role
from storage.policy import Policy
from storage.refusals import Gone, NotYours
from storage.showing import Channel, Of, degree
from storage.summaries import Scope
from storage.texts import _

router = Router(name="owe")
PREFIX = "ow"


@router.message(Command("owe"))
async def owe(message: Message, turn: Turn, rest: str) -> None:
    """This week so far, of the first scope one may read."""
    scope = readable(turn)[0]
    week = running(turn.now, county.rhythm(turn.db, scope.region))
    turn.say(*_screen(turn, scope, week))


@router.callback_query(Pressed(PREFIX))
async def pressed(query: CallbackQuery, turn: Turn, rest: str) -> None:
    verb, ids = keys.parts(rest)
    if verb != "w" or len(ids) != 2:
        raise Gone
    scope = may_read(turn, scope_from(turn, ids[0]))
    if scope.team is not None and not turn.chat.private:
        raise NotYours  # a team's people are named in private chats only
    try:
        week = parse(ids[1])
    except ValueError as error:
        raise Gone from error
    turn.redraw(query, *_screen(turn, scope, week))


def _screen(turn: Turn, scope: Scope, week: Week) -> tuple[str, Keyboard]:
    window = figures.closed_week(turn.db, scope, week).window
    found = duty_states.standings(turn.db, scope, window, turn.now)
    name, around = spoken(summaries.name_of(turn.db, scope)), _weeks(turn, scope, week)
    if scope.team is not None:
        return _team(turn, scope, name, week, found), [around]
    text = owed.units(name, str(week), found)
    if not turn.chat.private:
        switch = policy.allowed(turn.db, scope.region, Policy.NAMES, turn.now)
        return (f"{text}\n{owed.named(found, _names(turn, found), switch)}" if switch else text), [around]
    teams = dict.fromkeys(Scope(one.region, one.team_id) for one in found)
    called = {one.team_id: one.team for one in found}
    buttons = [
        keys.press(called[one.team or 0], "w", key_of(one), week, prefix=PREFIX)
        for one in teams
        if one != scope
    ]
    return text, [around, *keys.rows(buttons[: owed.MOST])]


def _team(turn: Turn, scope: Scope, name: str, week: Week, found: list[Standing]) -> str:
    """By name to its leader and to those who manage; a member sees their own line."""
    actor = turn.person()
    leads = any(post.role is Role.LEADER and post.team_id == scope.team for post in actor.posts)
    if not leads and scope.team in actor.teams():
        found = [one for one in found if one.person_id == actor.person_id]
    ranked = policy.allowed(turn.db, scope.region, Policy.RANKING, turn.now)
    text = owed.people(name, str(week), found, _names(turn, found), ranked=ranked is not None)
    return f"{text}\n{owed.switched(ranked)}" if ranked else text


def _names(turn: Turn, found: list[Standing]) -> dict[int, str]:
    """As the chat may show colleagues: in a group no more than the family name, whatever is turned on."""
    shown = degree(Of.COLLEAGUE, Channel.LIST if turn.chat.private else Channel.GROUP)
    return {one.person_id: showing.name(names.full(turn.db, one.person_id), shown) for one in found}


def _weeks(turn: Turn, scope: Scope, week: Week) -> list[dict[str, str]]:
    """To the week before, to the one after unless that has not begun, and to the week's summary."""
    newest = running(turn.now, county.rhythm(turn.db, scope.region))
    places = [(_("‹ 第 {week} 周"), week.plus(-1))]
    if week < newest:
        places.append((_("第 {week} 周 ›"), week.plus(1)))
    around = [
        keys.press(label.format(week=other.number), "w", key_of(scope), other, prefix=PREFIX)
        for label, other in places
    ]
    return [*around, keys.press(_("周报"), "s", key_of(scope), week, prefix="w")]
