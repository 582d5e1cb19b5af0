"""How the index of words is read in the order of lists.

SQLite reads it in that order by itself: one question is enough. A GIN index of PostgreSQL gives what it finds in no
order, and nothing tells how far back a page of answers reaches; so it is asked by stretches of time until the page is
full. The nearest reports are looked at one by one, which is quickest for what many of them say; of each stretch behind
them the index says which reports answer, and it is as long as the ones before let expect.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, Subquery, bindparam, func, literal_column, select
from sqlmodel import Session

from storage.engines import on_postgresql
from storage.prepared import run
from storage.search import found_in
from storage.search_index import NAME, SPANS, Range, Spans, answers, index, lies, lies_in_spans

NEAR = 1000
"""Reports that are looked at one by one: it takes as long as to fetch a few hundred that lie far apart."""
_LONGER = 16
"""How many times as long as all before it a stretch is at most."""
_LISTS = 32
"""Spans that make a stretch, about at most: the index merges as many lists."""

Read = Callable[[Subquery, dict[str, Any], int], int]
"""Reads what answers: a sub-query `found` of positions and report ids, the values it needs, and how many are wanted
still. How many there were."""
_SHAPES = 100
"""Sub-queries are made once each, so that statements around them are, too. There are fewer."""


def read(session: Session, question: str, within: Range, wanted: int, more: Read, *, rising: bool) -> None:
    """Let `more` read until so many reports were found that answer, or there are no others. All of one sub-query come
    before all of the next, in the order wanted."""
    ends, said = within.ends(), {"question": question}
    if not on_postgresql(session.connection()):
        more(_anywhere(tuple(ends)), said | ends, wanted)
        return
    found = more(_one_by_one(tuple(ends), rising), said | ends | {"near": NEAR}, wanted)
    if found == wanted:
        return
    count, near, every = _nearest(session, within, rising)
    left, passed = within.common(every).beyond(near, rising=rising), near.length()
    while count == NEAR and found < wanted and left.low <= left.high:
        spans = stretch(left, passed * longer(found, wanted), rising=rising)
        here = left.common(spans.range())
        all_there_is = here == every.beyond(near, rising=rising)
        ends = here.ends()
        rows = _indexed(tuple(ends), in_spans=not all_there_is)
        found += more(rows, said | ends | {"spans": spans.numbers()}, wanted - found)
        left, passed = left.beyond(here, rising=rising), passed + here.length()


def longer(found: int, wanted: int) -> int:
    """How many times as long as all before it the next stretch is: twice of what should be enough."""
    return min(_LONGER, 2 * (wanted - found) // max(found, 1) + 1)


def stretch(left: Range, length: int, *, rising: bool) -> Spans:
    """Those that cover the next so many numbers of what is left, of the shortest length of which they are few."""
    here = left.common(Range(left.low, left.low + length) if rising else Range(left.high - length, left.high))
    made = [Spans(at, here.low >> bits, here.high >> bits) for at, bits in enumerate(SPANS)]
    return next((spans for spans in made if spans.last - spans.first < _LISTS), made[-1])


@lru_cache(_SHAPES)
def _anywhere(ends: tuple[str, ...]) -> Subquery:
    return found_in(ends).subquery("found")


@lru_cache(_SHAPES)
def _one_by_one(ends: tuple[str, ...], rising: bool) -> Subquery:
    """Of the `near` reports at the end of a range."""
    near = _in_order(rising, index.c.rowid, index.c.words, index.c.report_id).where(
        *lies(index.c.rowid, ends)
    )
    some = near.limit(bindparam("near", type_=Integer)).subquery(NAME)
    return select(some.c.rowid.label("position"), some.c.report_id).where(answers()).subquery("found")


def _in_order(rising: bool, *columns: Any) -> Select[Any]:
    return select(*columns).order_by(index.c.rowid.asc() if rising else index.c.rowid.desc())


def _looked_at(rising: bool) -> Select[Any]:
    """How many rows are looked at one by one, from which to which, and from which to which there are any."""
    ends = index.c.rowid >= bindparam("low"), index.c.rowid <= bindparam("high")
    near = (
        _in_order(rising, index.c.rowid).where(*ends).limit(bindparam("most", type_=Integer)).subquery("near")
    )
    every = [select(end(index.c.rowid)).scalar_subquery() for end in (func.min, func.max)]
    return select(func.count(), func.min(near.c.rowid), func.max(near.c.rowid), *every)


_LOOKED_AT = {rising: _looked_at(rising) for rising in (False, True)}


def _nearest(session: Session, within: Range, rising: bool) -> tuple[int, Range, Range]:
    asked = {"low": within.low, "high": within.high, "most": NEAR}
    count, *ends = run(session, _LOOKED_AT[rising], **asked)[0]
    least, most, first, last = (end or 0 for end in ends)
    return count, Range(least, most), Range(first, last)


@lru_cache(_SHAPES)
def _indexed(ends: tuple[str, ...], *, in_spans: bool) -> Subquery:
    """A limit that limits nothing keeps PostgreSQL from reading the rows in their order instead, as it would when it
    takes words to be more frequent than they are."""
    found = (
        select(index.c.rowid.label("position"), index.c.report_id)
        .where(answers(), *([lies_in_spans()] if in_spans else []))
        .offset(literal_column("0"))
        .subquery("answers")
    )
    return select(found).where(*lies(found.c.position, ends)).subquery("found")
