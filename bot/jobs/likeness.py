"""Photos that are like another report's: those who supervise are told, when the photo is in a report."""

from datetime import datetime

from sqlmodel import Session

from storage import likeness_told


def step(session: Session, now: datetime) -> dict[str, int]:
    told = likeness_told.tell_supervisors(session, now)
    return {"alike": told} if told else {}
