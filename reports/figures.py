"""The figures of a scope's week: read once from storage, frozen, kept, and shown as text and chart."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from sqlmodel import Session

from reports import week_lines
from reports.week import Closed, Week, close_of, window
from reports.week_lines import NO_CARDS, NOBODY, Line
from storage import (
    contact_share,
    county,
    journal,
    matters,
    member_tallies,
    peers,
    presence,
    silences,
    summaries,
    tallies,
    teams_sent,
)
from storage.contact_share import Contacts
from storage.matters import Matter
from storage.member_tallies import Member
from storage.names import spoken
from storage.peers import Peers
from storage.presence import Presence
from storage.summaries import Scope
from storage.tallies import Tally, Window
from storage.teams_sent import TeamCount


class Parts(StrEnum):
    """What a scope consists of."""

    CITIES = "cities"
    COUNTIES = "counties"
    TOWNS = "towns"
    TEAMS = "teams"
    VILLAGES = "villages"


NOTHING = Tally()
_PARTS = {0: Parts.CITIES, 2: Parts.CITIES, 4: Parts.COUNTIES, 6: Parts.TOWNS}


@dataclass(frozen=True)
class Restated:
    """A count of the week before (a field of Tally) that is not any more what was told then."""

    name: str
    told: int
    now: int


@dataclass(frozen=True)
class Figures:
    """A week in numbers. Times are ISO in the county's zone; `days` are (ISO date, visits); `silent` names
    the teams that sent nothing; `journal` is the head of the journal's chain when this was counted. `year` is the same
    week a year before: only what was done then, not what stood. `excused` are those of the silent that were all away,
    with how (AbsenceKind). `late` are (kind, clock, count) of the steps that were overdue at the end. `members` are the
    people of a team, none of a region. `presence` and `contacts` of the week before, `contacts` of a year before are
    what was told then. `peers` of a town or team are told in a week that is kept alone."""

    scope: str
    name: str
    week: str
    start: str
    end: str
    total: Tally
    before: Tally
    lines: tuple[Line, ...]
    teams: int
    silent: tuple[str, ...]
    days: tuple[tuple[str, int], ...]
    urgent: tuple[Matter, ...]
    overdue: tuple[Matter, ...]
    journal: str
    counted_at: str
    year: Tally = NOTHING
    restated: tuple[Restated, ...] = ()
    excused: tuple[tuple[str, str], ...] = ()
    late: tuple[tuple[str, str, int], ...] = ()
    presence: Presence = NOBODY
    presence_before: Presence = NOBODY
    members: tuple[Member, ...] = ()
    presence_year: Presence = NOBODY
    contacts: Contacts = NO_CARDS
    contacts_before: Contacts = NO_CARDS
    contacts_year: Contacts = NO_CARDS
    peers: Peers | None = None

    @property
    def closed(self) -> bool:
        return datetime.fromisoformat(self.counted_at) >= datetime.fromisoformat(self.end)

    @property
    def parts(self) -> Parts:
        """What its lines are."""
        if ":" in self.scope:
            return Parts.VILLAGES
        return _PARTS.get(len(self.scope), Parts.TEAMS)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "urgent": [_matter(one) for one in self.urgent],
            "overdue": [_matter(one) for one in self.overdue],
        }


def _matter(matter: Matter) -> dict[str, Any]:
    return asdict(matter) | {"at": matter.at.isoformat()}


def from_json(data: dict[str, Any]) -> Figures:
    """Figures as they were kept."""
    return Figures(**data | {
        "total": Tally(**data["total"]),
        "before": Tally(**data["before"]),
        "lines": tuple(_line(line) for line in data["lines"]),
        "silent": tuple(data["silent"]),
        "days": tuple((day, count) for day, count in data["days"]),
        "urgent": tuple(_matter_from(one) for one in data["urgent"]),
        "overdue": tuple(_matter_from(one) for one in data["overdue"]),
        "year": Tally(**data.get("year", {})),
        "excused": tuple((name, kind) for name, kind in data.get("excused", ())),
        "late": tuple((kind, clock, count) for kind, clock, count in data.get("late", ())),
        "restated": tuple(Restated(**one) for one in data.get("restated", ())),
        **{name: Presence(**data.get(name, {})) for name in ("presence", "presence_before", "presence_year")},
        **{name: Contacts(**data.get(name, {})) for name in ("contacts", "contacts_before", "contacts_year")},
        "members": tuple(Member(**one) for one in data.get("members", ())),
        "peers": peers.from_json(data.get("peers")),
    })  # fmt: skip


def _line(data: dict[str, Any]) -> Line:
    return Line(**data | {
        "now": Tally(**data["now"]), "before": Tally(**data["before"]),
        "presence": Presence(**data.get("presence", {})), "contacts": Contacts(**data.get("contacts", {})),
    })  # fmt: skip


def _matter_from(data: dict[str, Any]) -> Matter:
    return Matter(**data | {"at": datetime.fromisoformat(data["at"])})


def of_week(session: Session, scope: Scope, week: Week, now: datetime) -> Figures:
    """The week's figures: those that were kept, else counted now from the records."""
    kept = summaries.stored(session, scope, str(week))
    return from_json(kept.figures) if kept else count(session, scope, closed_week(session, scope, week), now)


def window_of(session: Session, scope: Scope, week: Week, now: datetime) -> Window:
    """What a week's figures are counted over: the window that was kept, else its own so far."""
    kept = summaries.stored(session, scope, str(week))
    if kept is not None:
        return Window(kept.window_start, kept.window_end)
    return _so_far(closed_week(session, scope, week).window, now)


def _so_far(window: Window, now: datetime) -> Window:
    """A week that still runs is counted up to now: what falls due tomorrow is not overdue yet."""
    return Window(window.start, max(window.start, min(window.end, now)))


def closed_week(session: Session, scope: Scope, week: Week) -> Closed:
    """A week with the window it has, or would have, for that scope."""
    rhythm = county.rhythm(session, scope.region)
    before = summaries.last(session, scope, close_of(week, rhythm))
    return Closed(week, window(week, rhythm, before.window_end if before else None))


def make(session: Session, scope: Scope, closed: Closed, now: datetime) -> Figures:
    """Count a closed week and keep its figures for good; the ones that are kept already, if any."""
    kept = summaries.stored(session, scope, str(closed.week))
    if kept is not None:
        return from_json(kept.figures)
    beside = peers.of(session, scope, str(closed.week), closed.window)
    figures = replace(count(session, scope, closed, now), peers=beside)
    bounds = (closed.window.start, closed.window.end)
    summaries.freeze(session, scope, str(closed.week), bounds, figures.as_json(), now)
    journal.write(session, None, "summary.make", f"summary:{scope}:{closed.week}", now)
    return figures


def count(session: Session, scope: Scope, closed: Closed, now: datetime) -> Figures:
    """Count a window's records. Each scope counts its own: nothing is added up from the scopes inside."""
    span = _so_far(closed.window, now)
    zone = county.zone(session)
    teams = teams_sent.teams(session, scope, span)
    total, parts = tallies.tally(session, scope, span)
    served = presence.served(session, scope, span)
    cards = contact_share.due(session, scope, span, served)
    then, year = _before(session, scope, closed), _year_before(session, scope, closed.week)
    return Figures(
        scope=str(scope),
        name=spoken(summaries.name_of(session, scope)),
        week=str(closed.week),
        start=span.start.astimezone(zone).isoformat(),
        end=closed.window.end.astimezone(zone).isoformat(),
        total=total,
        before=then.total,
        lines=week_lines.lines(session, scope, (parts, then.parts), (teams, served, cards)),
        teams=len(teams),
        silent=tuple(team.name for team in teams if not team.sent),
        days=_days(session, scope, closed.window, span),
        urgent=tuple(matters.urgent_cases(session, scope, span)),
        overdue=tuple(matters.overdue(session, scope, span.end)),
        journal=journal.head(session),
        counted_at=now.astimezone(zone).isoformat(),
        year=year.total,
        restated=_restated(session, scope, closed.week.plus(-1)),
        late=tallies.late(session, scope, span),
        excused=_excused(session, [team for team in teams if not team.sent], closed.window),
        presence=presence.total(served),
        presence_before=then.presence,
        members=()
        if scope.team is None
        else member_tallies.members(session, scope.team, span, served, contact_share.by_person(cards)),
        presence_year=year.presence,
        contacts=contact_share.total(cards),
        contacts_before=then.contacts,
        contacts_year=year.contacts,
    )


class _Then(NamedTuple):
    """An earlier week, whole and by part."""

    total: Tally
    parts: dict[str, Tally]
    presence: Presence
    contacts: Contacts


def _before(session: Session, scope: Scope, closed: Closed) -> _Then:
    """As it was told then; else its records are counted now."""
    kept = summaries.stored(session, scope, str(closed.week.plus(-1)))
    if kept is not None:
        figures = from_json(kept.figures)
        parts = {line.key: line.now for line in figures.lines}
        return _Then(figures.total, parts, figures.presence, figures.contacts)
    span = Window(closed.window.start - timedelta(weeks=1), closed.window.start)
    return _Then(*tallies.tally(session, scope, span), NOBODY, NO_CARDS)


def _year_before(session: Session, scope: Scope, week: Week) -> _Then:
    """What was done in that week a year before, counted from the records; whose contact was due then was told, or is
    not known any more."""
    window = closed_week(session, scope, week.year_before()).window
    counted = tallies.tally(session, scope, window, all_of_it=False)
    kept = summaries.stored(session, scope, str(week.year_before()))
    cards = Contacts(**kept.figures.get("contacts", {})) if kept else NO_CARDS
    if not tallies.known(session, window):
        return _Then(*counted, NOBODY, cards)
    return _Then(*counted, presence.total(presence.served(session, scope, window)), cards)


def _restated(session: Session, scope: Scope, week: Week) -> tuple[Restated, ...]:
    """What was done in a week as it was told, where corrections and withdrawals have changed it since. What stood
    then is not done again."""
    kept = summaries.stored(session, scope, str(week))
    if kept is None:
        return ()
    told = kept.figures.get("total", {})
    now = tallies.tally(session, scope, Window(kept.window_start, kept.window_end), all_of_it=False)[0]
    found = ((name, told[name], count) for name, count in asdict(now).items() if name in told)
    return tuple(
        Restated(name, then, count) for name, then, count in found if name in tallies.DONE and then != count
    )


def _excused(session: Session, silent: list[TeamCount], window: Window) -> tuple[tuple[str, str], ...]:
    away = silences.excused(session, silent, window)
    return tuple((team.name, away[team.id].value) for team in silent if team.id in away)


def _days(session: Session, scope: Scope, whole: Window, span: Window) -> tuple[tuple[str, int], ...]:
    """Visits by local day, the days without one too."""
    zone = county.zone(session)
    first, last = (at.astimezone(zone) for at in (whole.start, whole.end - timedelta(microseconds=1)))
    length = (last.date() - first.date()).days + 1
    days = [first.date() + timedelta(days=number) for number in range(length + 1)]
    edges = [datetime.combine(day, time(), zone).astimezone(UTC) for day in days]
    counts = tallies.visits_by_day(session, scope, span, list(pairwise(edges)))
    return tuple((day.isoformat(), count) for day, count in zip(days, counts, strict=False))
