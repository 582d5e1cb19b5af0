"""Once an hour: what was handled or said long ago is emptied."""

from datetime import datetime

from sqlmodel import Session

from storage import arrivals, console, delivering, retention, slots, uploads


def step(session: Session, now: datetime) -> dict[str, int]:
    if not slots.take(session, "prune", f"{now:%Y-%m-%dT%H}", now):
        return {}
    kept = retention.messages_kept(session, now)
    gone = {
        "arrivals": arrivals.prune(session, now, kept),
        "letters": delivering.prune(session, now, kept),
        "slots": slots.prune(session, now),
        "console": console.prune(session, now),
        "lists": uploads.prune(session, now),
    }
    return {name: count for name, count in gone.items() if count}
