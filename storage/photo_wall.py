"""Photos of a territory, newest first, whatever report they belong to; and those that show a problem mended."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from storage import scope
from storage.identity import Actor
from storage.kinds.rectification import Rectification
from storage.photo import Photo, PhotoState
from storage.places import inside
from storage.proofs import AFTER
from storage.report import Report, ReportState


def page(
    session: Session, actor: Actor, within: str = "", before: int = 0, most: int = 24
) -> list[tuple[Photo, Report]]:
    """Kept photos of reports that stand, before one of that number (0: the newest); one more than `most` where there
    are more."""
    found = (
        select(Photo, Report)
        .join(Report, col(Photo.report_id) == Report.id)
        .where(Photo.state == PhotoState.KEPT, *_standing(actor, within))
        .order_by(col(Photo.id).desc())
        .limit(most + 1)
    )
    return list(session.exec(found.where(col(Photo.id) < before) if before else found))


def mended(session: Session, actor: Actor, within: str = "", before: int = 0, most: int = 8) -> list[Report]:
    """Problems with a photo of how they were mended, newest first, before one of that number; one more than `most`."""
    proven = select(Photo.report_id).where(Photo.question == AFTER, Photo.state == PhotoState.KEPT)
    found = (
        select(Report)
        .where(Report.kind == Rectification.kind, col(Report.id).in_(proven), *_standing(actor, within))
        .order_by(col(Report.id).desc())
        .limit(most + 1)
    )
    return list(session.exec(found.where(col(Report.id) < before) if before else found))


def _standing(actor: Actor, within: str) -> tuple[ColumnElement[bool], ...]:
    """SQL over Report: seen by the actor, inside the region, not withdrawn."""
    return scope.visible(actor), inside(Report.village, within), col(Report.state) != ReportState.WITHDRAWN
