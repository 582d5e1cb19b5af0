"""Whose week somebody may read: supervisors and administrators their territory, teams their own, and anybody
posted, in a bound group, that group's region."""

from handlers.turn import Turn
from storage import groups, summaries
from storage.refusals import Gone, NotYours, Refusal
from storage.scope import manages
from storage.summaries import Scope
from storage.texts import _


def key_of(scope: Scope) -> str:
    """A scope in the data of a button."""
    return scope.region if scope.team is None else f"t{scope.team}"


def scope_from(turn: Turn, key: str) -> Scope:
    """The scope of a pressed button. Raises Gone when there is no such region or team."""
    text = f"team:{key[1:]}" if key.startswith("t") else key
    found = summaries.scope_of(turn.db, text)
    if found is None:
        raise Gone
    return found


def may_read(turn: Turn, scope: Scope) -> Scope:
    """The scope itself. Raises Stranger or NotYours."""
    actor = turn.person()
    if turn.chat.private:
        allowed = manages(actor, scope.region) or scope.team in actor.teams()
    else:
        allowed = turn.chat.region is not None and scope.region.startswith(turn.chat.region)
    if not allowed:
        raise NotYours
    return scope


def readable(turn: Turn) -> list[Scope]:
    """Where somebody may begin to read: the group's region; in private the own territories and teams."""
    actor = turn.person()
    if not turn.chat.private:
        if turn.chat.region is None:
            raise Refusal(_("本群还没有绑定区域。请管理员在群里发送 /bind。"))
        return [Scope(turn.chat.region)]
    regions = [Scope(region.code) for region in groups.to_choose(turn.db, actor, None)]
    found = [*regions, *summaries.team_scopes(turn.db, actor.teams())]
    if not found:
        raise Refusal(_("没有您能看的周报：您没有所属的工作队，也没有负责的区域。需要的话请联系管理员。"))
    return list(dict.fromkeys(found))


def choices(turn: Turn, scope: Scope) -> list[Scope]:
    """What lies directly below: regions, or the teams of a town."""
    return summaries.parts(turn.db, scope)
