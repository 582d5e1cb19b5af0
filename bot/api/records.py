"""Reports of every kind, those with a life, and their photos."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.api import asked
from bot.api.call import Answer, Call, Picture
from reports.given import Giving, plain
from storage import queries, reading, served
from storage.kinds import KINDS
from storage.reading import UNFINISHED, Filter, Page
from storage.refusals import Gone, NotThere
from storage.report import Report, ReportState

_LIVES = tuple(name for name, kind in KINDS.items() if kind.life is not None)


def reports(
    call: Call, kind: asked.Kind = None, region: asked.Within = None, team: asked.TeamId = None,
    state: asked.States = None, since: asked.Since = None, until: asked.Until = None, words: asked.Words = "",
    late: asked.Late = False, unfinished: asked.Unfinished = False, oldest: asked.Oldest = False,
    cursor: asked.Cursor = "", limit: asked.Most = 50,
) -> Answer:  # fmt: skip
    wanted = Filter(
        kind=kind or "", places=_places(call, region), team_id=team, states=_states(state, unfinished, late),
        since=_moment(since), until=_moment(until), words=words, oldest=oldest,
        due_before=call.now if late else None,
    )  # fmt: skip
    return _page(call, wanted, cursor, limit, Giving(call.session, call.actor).rows)


def cases(
    call: Call, kind: asked.Case = None, region: asked.Within = None, team: asked.TeamId = None,
    state: asked.States = None, late: asked.Late = False, unfinished: asked.Unfinished = False,
    oldest: asked.Oldest = False, cursor: asked.Cursor = "", limit: asked.Most = 20,
) -> Answer:  # fmt: skip
    wanted = Filter(
        kind=kind or "", places=_places(call, region), team_id=team, oldest=oldest,
        states=_states(state, unfinished, late), due_before=call.now if late else None,
    )  # fmt: skip
    giving = Giving(call.session, call.actor)
    if kind:
        return _page(call, wanted, cursor, limit, giving.cases)
    return _merged(call, wanted, cursor, limit, giving.cases)


def _merged(
    call: Call, wanted: Filter, cursor: str, limit: int, give: Callable[[Sequence[Report]], Sequence[Any]]
) -> Answer:
    """A page of the kinds together: each is read by its own index, and the newest (or oldest) of all are taken."""
    place = _place(cursor)
    pages = [
        reading.page(call.session, call.actor, replace(wanted, kind=name), place, limit) for name in _LIVES
    ]
    found = sorted(
        (one for page in pages for one in page.rows),
        key=lambda one: (one.sent_at, one.id or 0),
        reverse=not wanted.oldest,
    )
    more = len(found) > limit or any(page.next for page in pages)
    rows = found[:limit]
    last = reading.Cursor(rows[-1].sent_at, rows[-1].id or 0) if rows and more else None
    return _told(call, Page(rows, last), give)


def _page(
    call: Call, wanted: Filter, cursor: str, limit: int, give: Callable[[Sequence[Report]], Sequence[Any]]
) -> Answer:
    return _told(call, reading.page(call.session, call.actor, wanted, _place(cursor), limit), give)


def _told(call: Call, page: Page, give: Callable[[Sequence[Report]], Sequence[Any]]) -> Answer:
    if page.rows:
        call.tells("reports", f"reports:{len(page.rows)}")
    return {"items": give(page.rows), "next": queries.token(page.next) if page.next else None}


def _place(cursor: str) -> reading.Cursor | None:
    try:
        return queries.place(cursor) if cursor else None
    except Gone:
        raise NotThere from None


def _places(call: Call, region: str | None) -> tuple[str, ...]:
    return (call.within(region),) if region else ()


def _states(given: Sequence[ReportState] | None, unfinished: bool, late: bool) -> tuple[ReportState, ...]:
    if not unfinished and not late:
        return tuple(given or ())
    return tuple(one for one in UNFINISHED if given is None or one in given) or (ReportState.SENT,)


def _moment(given: datetime | None) -> datetime | None:
    """As the database can compare it: at the ends of the calendar another zone may have no day for it."""
    try:
        return given.astimezone(UTC) if given else None
    except OverflowError:
        return given.replace(tzinfo=UTC) if given else None


def report(call: Call, number: asked.Number) -> Answer:
    found = served.report(call.session, call.actor, number)
    call.tells("report", f"report:{found.number}")
    return Giving(call.session, call.actor).whole(found)


def manifest(call: Call, number: asked.Number) -> Answer:
    found = served.report(call.session, call.actor, number)
    return {"items": Giving(call.session, call.actor).manifest(found)}


def photo(call: Call, uid: asked.Uid) -> Answer:
    found = served.photo(call.session, call.actor, uid)
    sha = plain(call.session, found)
    if sha is None:
        raise NotThere
    call.tells("photo", f"photo:{found.id}")
    return Picture(sha)
