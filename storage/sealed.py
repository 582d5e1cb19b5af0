"""Every sealed column, with the name and uid its boxes are bound to: what a change of keys has to pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, Table, cast, literal

from storage import tables
from storage.kinds import KINDS


@dataclass(frozen=True)
class Column:
    """A column of boxes. `name` and `uid` are SQL: what a box of that row is bound to. `index` is the column of the
    blind index made from the same number, `joined` where uid comes from another table."""

    table: Table
    column: str
    name: ColumnElement[str]
    uid: ColumnElement[str]
    index: str | None = None
    joined: FromClause | None = None

    @property
    def box(self) -> Any:
        return self.table.c[self.column]

    @property
    def key(self) -> Any:
        """The table's primary key."""
        return next(iter(self.table.primary_key.columns))

    @property
    def source(self) -> FromClause:
        return self.table if self.joined is None else self.joined

    def __str__(self) -> str:
        return f"{self.table.name}.{self.column}"


_NAMED = {
    "letter.payload": "letter",
    "card.wanted": "card",
    "errand.body": "errand",
    "draft.answers": "draft.answers",
    "revision.answers": "revision.answers",
    "query.filter": "query.filter",
    "export.filter": "export.filter",
    "export.reason": "export.reason",
    "export.files": "export.files",
    "listupload.data": "listupload.data",
    "listupload.shown": "listupload.shown",
    "savedquery.name": "savedquery.name",
    "savedquery.filter": "savedquery.filter",
    "photo.place": "photo.place",
    "absence.reason": "absence.reason",
    "daymark.reason": "daymark.reason",
    "diaryline.text": "diaryline.text",
    "suggestion.text": "suggestion.text",
    "suggestion.answer": "suggestion.answer",
    "hook.address": "hook.address",
    "hook.secret": "hook.secret",
    "person.name": "person.name",
    "household.head": "household.head",
}
_FOUND = {
    "person.phone": "phone_index",
    "household.phone": "phone_index",
    "household.id_number": "id_index",
    "household.card": "card_index",
}


@cache
def columns() -> tuple[Column, ...]:
    return tuple(_columns())


def _columns() -> Iterator[Column]:
    of = tables.metadata.tables
    for place, name in _NAMED.items():
        table, _dot, column = place.partition(".")
        yield Column(of[table], column, literal(name), of[table].c.uid)
    for place, index in _FOUND.items():
        table, _dot, column = place.partition(".")
        yield Column(of[table], column, literal(place), of[table].c.uid, index)
    arrival, number, report = of["arrival"], of["privatenumber"], of["report"]
    uid = cast(arrival.c.bot, String) + literal(":") + cast(arrival.c.update_id, String)
    yield Column(arrival, "body", literal("arrival"), uid)
    yield Column(number, "number", literal("private.") + number.c.kind, number.c.uid, "blind")
    for kind in KINDS.values():
        for column, ask in kind.table.columns().items():
            if ask.sealed:
                detail = of[str(kind.table.__tablename__)]
                joined = detail.join(report, detail.c.report_id == report.c.id)
                yield Column(detail, column, literal(f"{kind.name}.{column}"), report.c.uid, joined=joined)
