"""The records of a county as they are exported, read by whoever knows nothing of the program (tests/plain_week.py)."""

import json
from datetime import datetime

from sqlmodel import Session

from reports import cases, contact_records, export
from storage.kinds import KINDS
from storage.reading import Filter
from tests import plain_week
from tests.plain_week import Record


def cards(session: Session) -> list[Record]:
    """Contact cards as `zhucun contacts list --format json` writes them."""
    return list(map(json.loads, export.as_json(contact_records.records(session))))


def exported(session: Session, now: datetime) -> list[Record]:
    lines: list[str] = []
    for kind in KINDS:
        asked = Filter(kind=kind)
        found = cases.records(session, asked, now) if KINDS[kind].life else export.records(session, asked)
        lines += export.as_json(found)
    return plain_week.read(lines)
