"""Reports as data for other programs and spreadsheets: flat records as JSON, CSV or the cells of a table."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from sqlmodel import Session

from storage import briefs, county, history, names, photos, picking, private_numbers, reading, showing
from storage.answers import answers_of
from storage.forms import Date, HouseholdPick, PersonPick, Photos, Village
from storage.forms.ask import Ask
from storage.kinds import KINDS
from storage.reading import Filter
from storage.redact import HIDDEN, redact
from storage.report import Report
from storage.showing import Channel, Of, degree

BOM = "\ufeff"
"""Spreadsheets take a CSV file for UTF-8 only when it begins with this."""
COLUMNS = (
    "number", "kind", "author", "team", "village", "village_name", "state", "sent_at", "happened", "revision",
    "due_at", "household", "answers", "photos",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet read a cell as a formula, at once or after trimming."""

Record = dict[str, Any]


def records(
    session: Session, asked: Filter, limit: int = 0, *, reveal: bool = False, life: bool = False
) -> Iterator[Record]:
    """Every report that fits, newest first, at most `limit` (0: all). Authors are shown in full; heads of
    households, places and personal numbers in texts only with `reveal`, which the caller journals. `life` adds former
    revisions and steps."""
    for report in reading.every(session, asked, limit):
        made = record(session, report, reveal=reveal)
        yield made | history.kept(session, report) if life else made


def record(session: Session, report: Report, *, reveal: bool = False) -> Record:
    """One report. Times are ISO in UTC, days ISO in the county's zone, `village` is a 12-digit code, `household_uid`
    tells households apart and says nothing of them."""
    answers = answers_of(session, report)
    asks = KINDS[report.kind].asks
    return {
        "number": report.number,
        "kind": report.kind,
        "author": _colleague(session, report.author_id),
        "team": briefs.team_name(session, report.team_id) or None,
        "village": report.village,
        "village_name": picking.village_name(session, report.village),
        "state": report.state.value,
        "returned": report.returned,
        "sent_at": report.sent_at.astimezone(UTC).isoformat(),
        "happened": _happened(session, report, asks, answers),
        "revision": report.revision,
        "due_at": report.due_at.astimezone(UTC).isoformat() if report.due_at else None,
        "household": briefs.head(session, report, degree(Of.HEAD, Channel.COMMAND, reason=reveal)) or None,
        "household_uid": briefs.household_uid(session, report),
        "answers": {
            name: _answer(session, asks[name], value, reveal=reveal)
            for name, value in answers.items()
            if not isinstance(asks[name], Village | HouseholdPick | Photos)
        },
        "photos": _photos(session, report),
    }


def _happened(session: Session, report: Report, asks: dict[str, Ask], answers: dict[str, Any]) -> str:
    """The day that the report says, else the day it was sent."""
    said = next((value for name, value in answers.items() if isinstance(asks[name], Date)), None)
    return str(said or report.sent_at.astimezone(county.zone(session)).date().isoformat())


def _answer(session: Session, ask: Ask, value: Any, *, reveal: bool) -> Any:
    if isinstance(ask, PersonPick):
        return [_colleague(session, person) for person in value]
    if reveal:
        shown = degree(Of.NUMBER, Channel.COMMAND, reason=True)
        return private_numbers.told(session, value, shown) if isinstance(value, str) else value
    if ask.sealed:
        return HIDDEN
    return redact(value, HIDDEN) if isinstance(value, str) else value


def _colleague(session: Session, person_id: int) -> str:
    return showing.name(names.full(session, person_id), degree(Of.COLLEAGUE, Channel.COMMAND))


def _photos(session: Session, report: Report) -> list[Record]:
    return [
        {
            "sha256": one.sha256, "bytes": one.length, "mime": one.mime, "width": one.width,
            "height": one.height, "state": one.state.value,
        }
        for one in photos.of_report(session, report)
    ]  # fmt: skip


def as_json(found: Iterable[Record]) -> Iterator[str]:
    """One JSON object a line."""
    return (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in found)


def as_csv(found: Iterable[Record]) -> Iterator[str]:
    """Lines of a CSV file, the head first. No cell begins a formula, whoever wrote it."""
    yield BOM + _csv_line(COLUMNS)
    for one in found:
        yield _csv_line(cell(one[column]) for column in COLUMNS)


def cell(value: Any) -> str:
    """One cell as text: lists of photos as their number, answers as JSON."""
    if value is None:
        return ""
    if isinstance(value, list):
        return str(len(value))
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return "'" + text if text.startswith(_FORMULA) else text


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
