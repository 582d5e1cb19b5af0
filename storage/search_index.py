"""Where the words of storage/search.py are kept: an FTS5 table on SQLite, a `tsvector` under a GIN index on
PostgreSQL. Tokens and questions are written once, in FTS5's language; the types here say them in PostgreSQL's.
Both find the same.
"""

import re
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Label,
    Text,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR, array
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Boolean, TypeDecorator

from storage import search_merging

NAME = "report_search"
"""Tables of this name, and those that begin with it and "_", are the index's own: not for autogenerate."""

HAN = (
    "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # not for people: ranges of characters
)
_CHINESE = re.compile(f"[{HAN}]")
_REPORT = (1 << 32) - 1
"""The bits of a row's number that are its report's (`search.position`)."""
_LONGEST = 500
"""Characters of a token that PostgreSQL is told: it refuses tokens of 2 KB, and nobody means the rest of one."""
_TERM = re.compile(r'"([^"]*)"(?: \*)?')
_KEPT = re.compile(r"'((?:[^']|'')*)'")
_PLACED = re.compile(r"'((?:[^']|'')*)':([0-9,]+)")
_MOST = 16_383
"""PostgreSQL's last position in a text; what comes later stands there too and is found as words, not as runs."""


SPANS = (48, 52, 56)
"""Row numbers without so many of their last bits are spans of time: 18 hours, 12 days, 194 days (`search.position`)."""
_SPAN = "rowid >> 48, (rowid >> 52) + (1::bigint << 40), (rowid >> 56) + (2::bigint << 40)"
"""Those that a row lies in, as PostgreSQL's index knows them: numbers of different lengths are not the same."""


class Words(TypeDecorator[str]):
    """Tokens, as they follow each other, with spaces between. PostgreSQL is told the first character of each Chinese
    one as well, without a place in the text, because it would merge all tokens that begin so whenever it is asked."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        found = value.split()
        placed = [f"{_lexeme(token)}:{min(at, _MOST)}" for at, token in enumerate(found, 1)]
        return " ".join([*placed, *map(_lexeme, sorted(_begun(found)))])


def _begun(tokens: list[str]) -> set[str]:
    """The characters that Chinese tokens begin with."""
    return {token[0] for token in tokens if _CHINESE.match(token)}


def token_set(words: str) -> set[str]:
    """The tokens of a row's words, as either database gives them back, and first characters."""
    found = _KEPT.findall(words) if words.startswith("'") else words.split()
    return {token[:_LONGEST] for token in found} | _begun(found)


def in_order(words: str) -> str:
    """The tokens of a row of PostgreSQL as they followed each other, with spaces between; very long ones stay cut."""
    placed = [
        (int(at), token.replace("''", "'").replace("\\\\", "\\"))
        for token, places in _PLACED.findall(words)
        for at in places.split(",")
    ]
    return " ".join(token for _at, token in sorted(placed))


class Question(TypeDecorator[str]):
    """A question as `search.asked` writes it: "token", "follows each" "other", "begins so" * (of a single
    character), AND, OR, ( )."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(TSQUERY() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        return _TERM.sub(_phrase, value).replace(" AND ", " & ").replace(" OR ", " | ")


def _phrase(term: re.Match[str]) -> str:
    return "(" + " <-> ".join(_lexeme(token) for token in term[1].split()) + ")"


def _lexeme(token: str) -> str:
    return "'" + token[:_LONGEST].replace("\\", "\\\\").replace("'", "''") + "'"


class Range(NamedTuple):
    """Of row numbers; both ends belong to it."""

    low: int = -(1 << 63)
    high: int = (1 << 63) - 1

    def length(self) -> int:
        return self.high - self.low + 1

    def common(self, other: "Range") -> "Range":
        return Range(max(self.low, other.low), min(self.high, other.high))

    def ends(self) -> dict[str, int]:
        """Those that there are, by name."""
        every = Range()
        return {name: end for name, end in self._asdict().items() if end != getattr(every, name)}

    def beyond(self, other: "Range", *, rising: bool) -> "Range":
        """What follows a part of it."""
        return self.common(Range(low=other.high + 1) if rising else Range(high=other.low - 1))


class Spans(NamedTuple):
    """Neighbours of one of the lengths of SPANS."""

    length: int
    first: int
    last: int

    def numbers(self) -> list[int]:
        """As the index knows them."""
        return [span + (self.length << 40) for span in range(self.first, self.last + 1)]

    def range(self) -> Range:
        return Range(self.first << SPANS[self.length], (self.last + 1 << SPANS[self.length]) - 1)


index = table(NAME, column("rowid", BigInteger), column("words", Words), column("report_id", BigInteger))


class _Answers(GenericFunction[bool]):
    """Whether the words of a row answer a question."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Answers":  # noqa: ARG002 - SQLAlchemy's signature
        """As it stands: SQLite would be asked whether it equals 1, which a full text match cannot bear."""
        return self


@compiles(_Answers, "sqlite")
def _match(element: _Answers, compiler: SQLCompiler, **more: Any) -> str:
    (question,) = element.clauses
    return f"{NAME} MATCH {compiler.process(question, **more)}"


@compiles(_Answers, "postgresql")
def _matches(element: _Answers, compiler: SQLCompiler, **more: Any) -> str:
    (question,) = element.clauses
    return f"{NAME}.words @@ {compiler.process(question, **more)}"


class _ReportOfRow(GenericFunction[int]):
    """The report of a row. Its column says so; on SQLite that lies among all the words of the row, while the row's
    number ends in the report's."""

    type = BigInteger()
    inherit_cache = True


@compiles(_ReportOfRow, "sqlite")
def _end_of_number(_element: _ReportOfRow, _compiler: SQLCompiler, **_more: Any) -> str:
    return f"{NAME}.rowid & {_REPORT}"


@compiles(_ReportOfRow, "postgresql")
def _column(_element: _ReportOfRow, _compiler: SQLCompiler, **_more: Any) -> str:
    return f"{NAME}.report_id"


def report_of_row() -> Label[int]:
    return _ReportOfRow().label("report_id")


def answers() -> ColumnElement[bool]:
    """That a row answers the `question`."""
    return _Answers(bindparam("question", type_=Question()))


def lies(number: ColumnElement[int], ends: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """That a row's number is in a range with these ends (`Range.ends`)."""
    low = [number >= bindparam("low", type_=BigInteger)] if "low" in ends else []
    return [*low, number <= bindparam("high", type_=BigInteger)] if "high" in ends else low


def lies_in_spans() -> ColumnElement[bool]:
    """The same of `spans`, asked of PostgreSQL's index."""
    kind = ARRAY(BigInteger)
    there = literal_column(f"ARRAY[{_SPAN}]", kind)
    return there.op("&&", return_type=Boolean())(bindparam("spans", type_=kind))


def create(connection: Connection) -> None:
    """Make the index, for a migration; nothing happens when it is there. `create_all` makes it too."""
    if connection.dialect.name == "postgresql":
        columns = "rowid bigint PRIMARY KEY, words tsvector NOT NULL, report_id bigint NOT NULL"
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {NAME} ({columns})"))
        connection.execute(
            text(f"CREATE INDEX IF NOT EXISTS {NAME}_words ON {NAME} USING gin (words, (ARRAY[{_SPAN}]))")
        )
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS {NAME}_report ON {NAME} (report_id)"))
        return
    # "ascii" takes every other character as a letter, whatever Unicode tables SQLite was built with.
    options = """report_id UNINDEXED, prefix='1', tokenize="ascii tokenchars ':'" """
    connection.execute(text(f"CREATE VIRTUAL TABLE IF NOT EXISTS {NAME} USING fts5(words, {options})"))
    search_merging.own_pace(connection)


def remove(connection: Connection) -> None:
    """Take the index away, for a migration back."""
    connection.execute(text(f"DROP TABLE IF EXISTS {NAME}"))


def change_first(connection: Connection, position: int, first: str, others: list[str]) -> None:
    """Put another token in the place of a row's first one, which is one of `others`."""
    if connection.dialect.name == "postgresql":
        words: Any = literal(first, Words()).op("||")(func.ts_delete(index.c.words, array(others)))
    else:
        words = literal(first, Words()).concat(func.substr(index.c.words, func.instr(index.c.words, " ")))
    connection.execute(update(index).where(index.c.rowid == position).values(words=words))
