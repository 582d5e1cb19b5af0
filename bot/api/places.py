"""Where and who: the token itself, kinds, regions, teams, people, households; and weeks."""

from typing import Any

from bot.api import asked
from bot.api.call import Answer, Call, after
from reports import figures
from reports.week import parse, running
from storage import administering, county, household_list, served, showing, summaries
from storage.households import Household
from storage.kinds import KINDS
from storage.known import Known
from storage.places import MILLION, Region
from storage.refusals import NotThere
from storage.report import ReportState
from storage.scope import manages
from storage.served import Served
from storage.showing import Channel, Of
from storage.states import STATES
from storage.summaries import Scope
from storage.texts import _


def me(call: Call) -> Answer:
    (post,) = call.actor.posts
    return {
        "label": call.caller.label, "role": post.role, "expires_at": call.caller.expires_at,
        "team": Known(call.session, Channel.API).team(post.team_id) or None,
        "regions": call.actor.regions(), "villages": call.actor.villages,
    }  # fmt: skip


def kinds(call: Call) -> Answer:  # noqa: ARG001 - every resource is handed the call
    return {"items": [_kind(name) for name in KINDS]}


def _kind(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    states = [kind.state] if kind.life is None else [one for one in ReportState if _passes(name, one)]
    return {
        "kind": name, "name": _(kind.title), "prefix": kind.prefix,
        "questions": [
            {"name": key, "label": _(ask.label), "sealed": ask.sealed} for key, ask in kind.asks.items()
        ],
        "states": [{"state": one, "name": _(STATES[one])} for one in states],
    }  # fmt: skip


def _passes(name: str, state: ReportState) -> bool:
    life = KINDS[name].life
    return life is not None and any(state == one.after or state in one.before for one in life.steps)


def regions(
    call: Call, region: asked.Within = None, cursor: asked.Cursor = "", limit: asked.Most = 100
) -> Answer:
    within = call.within(region or "")
    found = served.regions(call.session, call.actor, within, cursor, limit)
    return {"items": [_region(one) for one in found[:limit]], "next": _next(found, limit, "code")}


def _region(one: Region) -> dict[str, Any]:
    def degrees(part: int | None) -> float | None:
        return None if part is None else part / MILLION

    return {
        "code": one.code, "name": one.name, "level": one.level, "parent": one.parent, "closed": one.closed,
        "latitude": degrees(one.latitude), "longitude": degrees(one.longitude),
    }  # fmt: skip


def _next(found: list[Any], limit: int, key: str) -> str | None:
    """The key of the last row that is told, when there are more."""
    return str(getattr(found[limit - 1], key)) if len(found) > limit else None


def teams(call: Call, cursor: asked.Cursor = "", limit: asked.Most = 50) -> Answer:
    found = served.teams(call.session, call.actor, after(cursor), limit, call.now)
    call.tells("people", f"teams:{len(found)}")
    items, rows = [_team(call, one) for one in found[:limit]], [one.team for one in found]
    return {"items": items, "next": _next(rows, limit, "id")}


def team(call: Call, team: asked.Team) -> Answer:
    found = served.team(call.session, call.actor, team, call.now)
    call.tells("people", f"team:{team}")
    return _team(call, found)


def _team(call: Call, one: Served) -> dict[str, Any]:
    known = Known(call.session, Channel.API)
    return {
        "id": one.team.id, "name": one.team.name, "unit": one.unit, "region": one.team.region,
        "villages": one.villages,
        "people": [{"name": known.person(number), "role": role} for number, role in one.posted],
    }  # fmt: skip


def people(call: Call, cursor: asked.Cursor = "", limit: asked.Most = 50) -> Answer:
    found = administering.page(call.session, call.actor, call.now, after(cursor), limit)
    call.tells("people", f"people:{len(found)}")
    shown = showing.degree(Of.COLLEAGUE, Channel.API)
    items = [
        {
            "id": one.person_id, "name": showing.name(one.name, shown), "phone": one.phone,
            "joined": one.joined, "posts": one.posts,
        }
        for one in found[:limit]
    ]  # fmt: skip
    return {"items": items, "next": _next(found, limit, "person_id")}


def households(
    call: Call, region: asked.Within = None, cursor: asked.Cursor = "", limit: asked.Most = 50
) -> Answer:
    within = call.within(region or "")
    found = served.households(call.session, call.actor, within, after(cursor), limit)
    call.tells("households", f"region:{within}")
    return {"items": [_household(call, one) for one in found[:limit]], "next": _next(found, limit, "id")}


def household(call: Call, uid: asked.Uid) -> Answer:
    found = served.household(call.session, call.actor, uid)
    call.tells("household", f"household:{found.id}")
    return _household(call, found)


def _household(call: Call, one: Household) -> dict[str, Any]:
    return {"uid": one.uid} | vars(household_list.shown(call.session, one, Channel.API))


def weeks(call: Call, scope: asked.Scope = None, cursor: asked.Cursor = "", limit: asked.Most = 50) -> Answer:
    found = summaries.closed(call.session, _scope(call, scope), cursor, limit)
    return {"items": found[:limit], "next": _next(found, limit, "week")}


def week(call: Call, week: asked.Week, scope: asked.Scope = None) -> Answer:
    wanted = _scope(call, scope)
    try:
        asked_for = parse(week)
    except ValueError:
        raise NotThere from None
    if asked_for > running(call.now, county.rhythm(call.session, wanted.region)):
        raise NotThere
    found = figures.of_week(call.session, wanted, asked_for, call.now)
    if found.members:
        call.tells("members", str(wanted))
    return found.as_json()


def _scope(call: Call, text: str | None) -> Scope:
    """Whose week it is, as in the chat. Raises NotThere outside the territory."""
    found = summaries.scope_of(call.session, text) if text else _own(call)
    if found is None or not (manages(call.actor, found.region) or found.team in call.actor.teams()):
        raise NotThere
    return found


def _own(call: Call) -> Scope | None:
    teams = summaries.team_scopes(call.session, call.actor.teams())
    return teams[0] if teams else Scope(call.actor.regions()[0])
