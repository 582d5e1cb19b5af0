"""Full text: an index of words over the redacted text of reports: bigrams of our own, because the databases'
own ways find nothing for words of one or two Chinese characters. storage/search_index.py keeps them.

A row's id orders the index as lists are ordered, so that "newest twenty" and a period are read from its end
and never sorted; scope tokens (state, kind, places, team, author) make it fast inside a team too, with words or
without. Both only narrow: whose reports may be seen is decided by storage/scope.py in the same query.
A report is in the index from the insertion of its row, with its scope and number; its words come with
`index_report`, in the same transaction.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, event, inspect
from sqlalchemy.orm import object_session
from sqlmodel import Session, select
from sqlmodel.sql.expression import Select

from storage import search_lines, search_merging
from storage.keeping import Keeping
from storage.kinds import KINDS
from storage.places import around
from storage.redact import redact
from storage.report import Report, ReportState
from storage.search_index import (
    HAN,
    Range,
    answers,
    change_first,
    create,
    index,
    lies,
    remove,
    report_of_row,
)
from storage.search_lines import Line

__all__ = ["create", "remove"]

_PIECE = re.compile(rf"[{HAN}]+|[0-9]+|(?:(?![{HAN}0-9])[^\W_])+")
_WIDE = 6
"""The breadth of a token that says nothing beside words: rows that do not fit are skipped faster."""
_EPOCH = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
EVERYWHERE = Range()
_LAST = (1 << 31) - 2
"""A second more still has its numbers in 64 bits."""


@event.listens_for(Report.__table__, "after_create")  # type: ignore[attr-defined] # SQLModel hides it
def _with_reports(_: Table, connection: Connection, **_more: Any) -> None:
    create(connection)


def pieces(words: str) -> list[str]:
    """Runs of Chinese characters, of digits and of other letters, in one form (NFKC, lower case)."""
    return _PIECE.findall(unicodedata.normalize("NFKC", words).casefold())


def is_han(piece: str) -> bool:
    return re.match(f"[{HAN}]", piece) is not None


def tokens(words: str) -> list[str]:
    """What is indexed of a text: of each Chinese run every pair of neighbours and its last character, so that
    each character begins one token and two runs never join; other pieces whole."""
    return [token for piece in pieces(words) for token in (_pairs(piece) if is_han(piece) else [piece])]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def position(sent_at: datetime, report_id: int) -> int:
    """The row id of a report in the index: by second, then by id, so it grows as lists do. When a report was sent
    never changes. Moments that somebody asks for may lie anywhere: those beyond the numbers' range (1951, 2088)
    are taken as its ends."""
    seconds = max(-_LAST, min(_LAST, int(sent_at.timestamp()) - _EPOCH))
    return seconds << 32 | report_id


def scope_tokens(report: Report) -> list[str]:
    """Where a report belongs, its state first. No word has a colon, so nobody finds them by typing."""
    places = [place_token(code) for code in around(report.village)]
    team = [team_token(report.team_id)] if report.team_id is not None else []
    whose = [kind_token(report.kind), author_token(report.author_id)]
    return [state_token(report.state), *whose, *team, *places]


def state_token(state: str) -> str:
    return f":s{state}"


def kind_token(kind: str) -> str:
    return f":k{kind}"


def place_token(code: str) -> str:
    return f":v{code}"


def team_token(team_id: int) -> str:
    return f":t{team_id}"


def author_token(person_id: int) -> str:
    return f":a{person_id}"


@event.listens_for(Report, "after_insert")
def _from_birth(_: Any, connection: Connection, report: Report) -> None:
    line = Line(_place(report), _id(report), (*scope_tokens(report), *tokens(report.number)), new=True)
    _written(object_session(report), connection, line)


@event.listens_for(Report, "after_update")
def _moved_on(_: Any, connection: Connection, report: Report) -> None:
    """The index follows a report's state, whichever step changes it."""
    if inspect(report).attrs.state.history.has_changes():
        settle(object_session(report))
        change_first(
            connection, _place(report), state_token(report.state), [state_token(one) for one in ReportState]
        )


def index_report(session: Session, report: Report, texts: Iterable[str]) -> None:
    """Index a report anew, in the transaction that writes it. `texts`: its number is added, personal numbers
    are taken out here; names of people and households must not be among them."""
    session.flush()
    found = [token for one in (report.number, *texts) for token in tokens(redact(one))]
    line = Line(_place(report), _id(report), (*scope_tokens(report), *found), new=False)
    _written(session, None, line)


def _written(session: Any, connection: Connection | None, line: Line) -> None:
    """Written at the end of the pen's transactions, or when somebody asks before; by others at once, who may be
    writing many and with nobody beside who puts segments together."""
    if isinstance(session, Keeping):
        session.later(search_lines.write, line)
    else:
        made = connection or session.connection()
        search_lines.write(made, [line])
        search_merging.merge(made)


def settle(session: Any) -> None:
    """Write down what waits for the end of the transaction: somebody asks the index by SQL of their own."""
    if isinstance(session, Keeping):
        session.settle()


def drop(session: Session, report_id: int) -> int:
    """Take a report that still has its row out of the index. How many lines went (0 or 1)."""
    report = session.get_one(Report, report_id)
    here = index.c.rowid == _place(report)
    return session.exec(delete(index).where(here)).rowcount


def asked(words: str, *narrowed: Iterable[str]) -> str:
    """The question for the index: every piece of `words`, Chinese ones as part of a run, others whole; and of
    each group of scope tokens at least one. Empty when nothing narrows the list."""
    groups = [" OR ".join(map(_quoted, group)) for group in narrowed]
    wanted = [_phrase(piece) for piece in pieces(words)] + [f"({group})" for group in groups if group]
    return " AND ".join(wanted)


def narrowest(groups: Iterable[Sequence[str]]) -> Sequence[str]:
    """Of groups of scope tokens the one that probably the fewest reports have one of; none where all are wide."""
    ranked = [(max(map(_breadth, group)), group) for group in groups if group]
    breadth, group = min(ranked, key=lambda one: one[0], default=(_WIDE, ()))
    return group if breadth < _WIDE else ()


def _breadth(token: str) -> int:
    """Which of two tokens more reports have, by a guess: an author's, a village's, those in an unusual state or with a
    life, a team's, a town's, those of a county or without a life."""
    what, said = token[1], token[2:]
    if what == "v":
        return {12: 2, 9: 5}.get(len(said), _WIDE)
    if what == "k":
        return 3 if said in KINDS and KINDS[said].life is not None else _WIDE
    return {"a": 1, "s": 3, "t": 4}[what]


def _phrase(piece: str) -> str:
    if not is_han(piece):
        return _quoted(piece)
    if len(piece) == 1:
        return f"{_quoted(piece)} *"
    return _quoted(" ".join(_pairs(piece)[:-1]))


def _quoted(token: str) -> str:
    return f'"{token}"'


def positions(since: datetime | None = None, until: datetime | None = None) -> Range:
    """Where the index has what was sent in [since, until)."""
    low = EVERYWHERE.low if since is None else position(since, 0)
    # The second in which the period ends belongs to it in part: the records themselves are asked as well.
    return Range(low, EVERYWHERE.high if until is None else position(until, (1 << 32) - 1))


def matching(question: str, within: Range = EVERYWHERE) -> Select[int, int]:
    """Positions and report ids that answer a question of `asked`."""
    ends = within.ends()
    return found_in(tuple(ends)).params(question=question, **ends)


def found_in(ends: tuple[str, ...]) -> Select[int, int]:
    """The same for any `question`, between those ends."""
    columns = select(index.c.rowid.label("position"), report_of_row())
    return columns.where(answers(), *lies(index.c.rowid, ends))


def _place(report: Report) -> int:
    return position(report.sent_at, _id(report))


def _id(report: Report) -> int:
    if report.id is None:
        raise ValueError("the report has no row yet")
    return report.id
