"""Rebounds: a problem that looks like one struck off within a year, in the same village: of the same category where
both have one, and in like words, or with a photo that is a copy. Flagged and linked, never decided."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage import county, journal
from storage.db import Utc
from storage.kinds.rectification import STRIKE_OFF, Rectification
from storage.redact import redact
from storage.report import Report, ReportState, StepTaken
from storage.texts import _, listed

WITHIN = timedelta(days=365)
LIKE = 0.5
"""Part of the pairs of characters, of the shorter of two texts, that are in both."""
LEAST = 3
"""Pairs of characters: fewer say nothing."""


class Rebound(SQLModel, table=True):
    """A problem that may have come back after `earlier_id` was struck off: by its words (how like, else null), by
    its photos, or both."""

    report_id: int = Field(primary_key=True, foreign_key="report.id")
    earlier_id: int = Field(primary_key=True, foreign_key="report.id", index=True)
    words: float | None = None
    photos: bool = False
    found_at: datetime = Field(sa_type=Utc)


def pairs(text: str) -> set[str]:
    """Neighbouring letters and digits of a text, without regard to width, case, spaces, signs and personal
    numbers."""
    plain = unicodedata.normalize("NFKC", redact(text)).casefold()
    letters = [one for one in plain if one.isalnum()]
    return {first + second for first, second in pairwise(letters)}


def likeness(one: str, other: str) -> float:
    """How much of the shorter text is in the longer one, 0 to 1."""
    mine, theirs = pairs(one), pairs(other)
    least = min(len(mine), len(theirs))
    return len(mine & theirs) / least if least >= LEAST else 0.0


def find(session: Session, report: Report, now: datetime) -> list[Rebound]:
    """Those that a problem just issued is like, by its words."""
    mine = session.get_one(Rectification, report.id)
    found = []
    for earlier, problem in _struck_off(session, report, now):
        like = likeness(mine.findings, problem.findings)
        if like >= LIKE and _same(mine.category, problem.category):
            found.append(_note(session, report, earlier, now, words=round(like, 3)))
    return found


def by_photo(session: Session, report: Report, earlier: Report, now: datetime) -> Rebound | None:
    """Two reports have a photo in common: a rebound, when they are a problem and one struck off before it was
    issued, in one village."""
    if report.kind != earlier.kind or report.kind != Rectification.kind or report.village != earlier.village:
        return None
    if earlier.id not in {one.id for one, _problem in _struck_off(session, report, report.sent_at)}:
        return None
    known = session.get(Rebound, (report.id, earlier.id))
    if known is None:
        return _note(session, report, earlier, now, photos=True)
    known.photos = True
    return known


def _struck_off(session: Session, report: Report, at: datetime) -> list[tuple[Report, Rectification]]:
    """Problems of the village that were struck off within a year before that moment."""
    closed = select(StepTaken.report_id).where(
        StepTaken.step == STRIKE_OFF, col(StepTaken.at) > at - WITHIN, col(StepTaken.at) <= at
    )
    there = (Report.kind == Rectification.kind, Report.village == report.village, Report.id != report.id)
    found = select(Report, Rectification).join(Rectification, col(Rectification.report_id) == Report.id)
    standing = found.where(*there, Report.state == ReportState.STRUCK_OFF, col(Report.id).in_(closed))
    return [(one, problem) for one, problem in session.exec(standing.order_by(col(Report.id)))]


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _note(
    session: Session,
    report: Report,
    earlier: Report,
    now: datetime,
    *,
    words: float | None = None,
    photos: bool = False,
) -> Rebound:
    made = Rebound(
        report_id=report.id or 0, earlier_id=earlier.id or 0, words=words, photos=photos, found_at=now
    )
    session.add(made)
    session.flush()
    about = f"report:{earlier.number}"
    journal.write(session, None, "rectification.rebound", f"report:{report.number}", now, earlier=about)
    return made


def of(session: Session, report: Report) -> list[Rebound]:
    """What a problem has to do with others, earlier or later."""
    either = or_(Rebound.report_id == report.id, Rebound.earlier_id == report.id)
    return list(session.exec(select(Rebound).where(either).order_by(col(Rebound.earlier_id))))


def earlier_of(session: Session, report: Report) -> list[Report]:
    """The problems that this one may be again."""
    return _there(session, (one.earlier_id for one in of(session, report) if one.report_id == report.id))


def lines(session: Session, report: Report) -> list[str]:
    """For those who see the problem: a line for what it may be again, one for what came after it."""
    found = of(session, report)
    before = [
        _before(session, one, earlier)
        for one in found
        if one.report_id == report.id
        for earlier in _there(session, [one.earlier_id])
    ]
    after = _numbers(session, (one.report_id for one in found if one.earlier_id == report.id))
    return [
        *([_("可能反弹：{numbers}").format(numbers=listed(before))] if before else []),
        *([_("销号后可能又出现：{numbers}").format(numbers=after)] if after else []),
    ]


def _before(session: Session, one: Rebound, earlier: Report) -> str:
    """The earlier problem, the day it was struck off, and what is alike."""
    closed = select(StepTaken.at).where(StepTaken.report_id == earlier.id, StepTaken.step == STRIKE_OFF)
    at = session.exec(closed.order_by(col(StepTaken.id).desc())).first() or earlier.sent_at
    alike = [*([_("问题相似")] if one.words is not None else []), *([_("照片相同")] if one.photos else [])]
    return _("{number}（{day} 销号，{alike}）").format(
        number=earlier.number, day=f"{at.astimezone(county.zone(session)):%Y-%m-%d}", alike=listed(alike)
    )


def _numbers(session: Session, ids: Iterable[int]) -> str:
    return listed(one.number for one in _there(session, ids))


def _there(session: Session, ids: Iterable[int]) -> list[Report]:
    """Those of them that this session may read at all (storage/confining.py)."""
    return [found for one in ids if (found := session.get(Report, one)) is not None]
