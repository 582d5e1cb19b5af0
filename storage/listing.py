"""Counts of the whole installation, for its operator."""

from sqlalchemy import func
from sqlmodel import Session, select

from storage.people import Person
from storage.places import Level, Region
from storage.report import Report


def sizes(session: Session) -> tuple[int, int, int]:
    """How many people, villages and reports there are."""
    people = session.exec(select(func.count()).select_from(Person)).one()
    villages = session.exec(
        select(func.count()).select_from(Region).where(Region.level == Level.VILLAGE)
    ).one()
    reports = session.exec(select(func.count()).select_from(Report)).one()
    return people, villages, reports
