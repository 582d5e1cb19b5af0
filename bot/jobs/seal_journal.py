"""The journal's new lines join its chain; whoever subscribed to what they tell is told."""

from datetime import datetime

from sqlmodel import Session

from storage import hooks, journal


def step(session: Session, now: datetime) -> dict[str, int]:
    did = {"sealed": journal.seal(session), "hooks": hooks.wake(session, now)}
    return {name: count for name, count in did.items() if count}
