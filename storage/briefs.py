"""A report in a line: what lists show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import household_list, journal, names, picking, showing
from storage.forms import Text
from storage.households import Household
from storage.identity import Actor
from storage.kinds import KINDS
from storage.people import Team
from storage.redact import HIDDEN, redact
from storage.report import Report
from storage.showing import Channel, Degree, Of


@dataclass(frozen=True)
class Brief:
    """`head` is the household's, "" without one; `words` what was written first, without personal numbers."""

    report: Report
    village: str
    author: str
    head: str
    words: str


def briefs(
    session: Session, reports: Sequence[Report], reader: Actor, record: str, now: datetime
) -> list[Brief]:
    """The lines of one screen in a private chat: heads of the reader's own villages in full (journaled as one
    reading of `record`), others masked."""
    own = [one for one in reports if one.household_id is not None and one.village in reader.villages]
    if own:
        journal.read(session, reader.person_id, "household.head", record, "list", now)
    return [_brief(session, one, showing.degree(Of.HEAD, Channel.LIST, own=one in own)) for one in reports]


def on_page(session: Session, reports: Sequence[Report]) -> list[Brief]:
    """The lines of a page of the console: every head is masked, so that nothing is to be journaled."""
    shown = showing.degree(Of.HEAD, Channel.PAGE)
    return [_brief(session, one, shown) for one in reports]


def _brief(session: Session, report: Report, shown: Degree) -> Brief:
    return Brief(
        report=report,
        village=picking.village_name(session, report.village),
        author=names.full(session, report.author_id),
        head=head(session, report, shown),
        words=first_words(session, report),
    )


def head(session: Session, report: Report, shown: Degree) -> str:
    """The household's head, as much as is shown; "" without one. In full: the caller journals it."""
    if report.household_id is None:
        return ""
    return household_list.called(session, report.household_id, shown)


def household_uid(session: Session, report: Report) -> str | None:
    """What the household is known by outside; None without one."""
    home = session.get(Household, report.household_id) if report.household_id is not None else None
    return home.uid if home else None


def first_words(session: Session, report: Report) -> str:
    """The first text that was written into the report, without personal numbers; "" when there is none."""
    kind = KINDS.get(report.kind)
    row = session.get(kind.table, report.id) if kind else None
    if kind is None or row is None:
        return ""
    texts = (getattr(row, name) for name, ask in kind.table.columns().items() if isinstance(ask, Text))
    return redact(next(filter(None, texts), ""), HIDDEN)


def team_name(session: Session, team_id: int | None) -> str:
    """The team's name; "" without one."""
    team = session.get(Team, team_id) if team_id is not None else None
    return team.name if team else ""
