"""Making the index of words anew from the reports, beside the running program: some reports to a transaction."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage import answers, search
from storage.db import Store
from storage.report import Report
from storage.search_index import index


def prepare(store: Store) -> None:
    """Make the index where it is missing."""
    with store.write.begin() as connection:
        search.create(connection)


def everything(session: Session) -> list[int]:
    """Ids of all reports, newest first: what is asked for most is found again first."""
    newest = select(Report.id).order_by(col(Report.sent_at).desc(), col(Report.id).desc())
    return [one or 0 for one in session.exec(newest)]


def write(session: Session, ids: Sequence[int]) -> int:
    """Index these reports anew, by what they say now. How many there were; one erased meanwhile is none."""
    found = session.exec(select(Report).where(col(Report.id).in_(ids))).all()
    for report in found:
        answers.index(session, report)
    session.flush()
    return len(found)


def strays(session: Session, after: int, limit: int = 1000) -> tuple[int | None, int]:
    """Take lines without a report out of the index, among the next `limit` after a position. The last position that
    was looked at (None at the end), and how many went."""
    lines = session.exec(
        select(index.c.rowid, index.c.report_id)
        .where(index.c.rowid > after)
        .order_by(index.c.rowid)
        .limit(limit)
    ).all()
    known = select(Report.sent_at, Report.id).where(col(Report.id).in_([one for _at, one in lines]))
    there = {search.position(sent_at, report_id or 0) for sent_at, report_id in session.exec(known)}
    gone = [at for at, _report in lines if at not in there]
    for at in gone:
        session.exec(delete(index).where(index.c.rowid == at))
    return (lines[-1][0] if lines else None), len(gone)
