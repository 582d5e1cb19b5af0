"""What the index of words is asked for a list: the words, and of what else is asked for what narrows it."""

from typing import TYPE_CHECKING

from storage import search
from storage.identity import Actor
from storage.report import ReportState

if TYPE_CHECKING:
    from storage.reading import Filter


def question(asked: "Filter", actor: Actor | None) -> str:
    """What the index is asked; "" when nothing narrows the list, or the few reports of a household are read."""
    if asked.households and not (asked.words or asked.number):
        return ""
    words, groups = f"{asked.words} {asked.number}", [*_tokens(asked), _reach(actor)]
    # Beside words one group is enough: of every other the index would walk along all its reports.
    return search.asked(words, *([search.narrowest(groups)] if search.asked(words) else groups))


def _tokens(asked: "Filter") -> list[list[str]]:
    # The usual state is that of nearly all: reading it from the index would narrow nothing.
    states = [] if ReportState.SENT in asked.states else asked.states
    return [
        [search.state_token(state) for state in states],
        [search.kind_token(asked.kind)] if asked.kind else [],
        [search.place_token(code) for code in asked.places],
        [search.team_token(asked.team_id)] if asked.team_id is not None else [],
        [search.author_token(author) for author in asked.authors],
    ]


def _reach(actor: Actor | None) -> list[str]:
    """Tokens of which every visible report has one, so that the index need not be read whole; none when the
    actor sees everything. Wider than the territory does no harm: `scope.visible` decides."""
    if actor is None or "" in actor.regions():
        return []
    return [
        search.author_token(actor.person_id),
        *(search.team_token(team) for team in actor.teams()),
        *(search.place_token(code) for code in actor.regions()),
    ]
