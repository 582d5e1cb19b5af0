"""Who did what in a week: a team's people to those who lead or manage it, to a member their own line, of a region the
parts; in private chats only."""

from handlers.keys import press
from handlers.turn import Keyboard, Turn
from handlers.weekly_scopes import key_of
from reports import figures, present, summary
from reports.week import Week
from storage import names, showing
from storage.people import Role
from storage.showing import Channel, Of, degree
from storage.summaries import Scope
from storage.texts import _


def screen(turn: Turn, scope: Scope, week: Week) -> tuple[str, Keyboard]:
    found = figures.of_week(turn.db, scope, week, turn.now)
    back = [press(_("‹ 返回"), "n", key_of(scope), week, prefix="w")]
    if scope.team is None:
        return present.parts(summary.title(found), found), [back]
    actor, shown = turn.person(), found.members
    leads = any(post.role is Role.LEADER and post.team_id == scope.team for post in actor.posts)
    if not leads and scope.team in actor.teams():
        shown = tuple(one for one in shown if one.person == actor.person_id)
    much = degree(Of.COLLEAGUE, Channel.LIST)
    called = {one.person: showing.name(names.full(turn.db, one.person), much) for one in shown}
    return present.members(summary.title(found), shown, called), [back]
