"""Reports as rows of a table, many at a time: what a file shows of each. Names are opened once for a batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from storage import county
from storage.forms import Choice, Date, Location, Number, Text
from storage.kinds import KINDS
from storage.known import Known
from storage.photo import Photo, PhotoState
from storage.private_numbers import told
from storage.sealing import open_json
from storage.showing import Channel, Degree, Of, degree
from storage.states import state_of
from storage.texts import _, labelled

_TOWN = 9


@dataclass(frozen=True)
class Row:
    """One report. `happened` is the day that it says, else the day it was sent; moments are local to the county."""

    report_id: int
    number: str
    kind: str
    town: str
    village: str
    head: str
    happened: date
    text: str
    state: str
    author: str
    team: str
    sent_at: datetime
    due_at: datetime | None
    photos: int


@dataclass
class Rows:
    """Makes rows of reports. `channel` and whether a `reason` was given (which the caller journals) say how much of
    names and numbers is shown."""

    session: Session
    channel: Channel
    reason: bool
    zone: ZoneInfo = field(init=False)
    _numbers: Degree = field(init=False)
    _known: Known = field(init=False)
    _chosen: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.zone = county.zone(self.session)
        self._known = Known(self.session, self.channel, self.reason)
        self._numbers = degree(Of.NUMBER, self.channel, reason=self.reason)

    def of(self, reports: Sequence[Any]) -> list[Row]:
        """The rows of a batch of reports (or of plain rows with their columns), in its order."""
        known = self._known
        heads = known.heads(one.household_id for one in reports)
        said = self._said(reports)
        photos = self._photos([one.id or 0 for one in reports])
        return [
            Row(
                report_id=one.id or 0,
                number=one.number,
                kind=_(KINDS[one.kind].title),
                town=known.region(one.village[:_TOWN], unknown=""),
                village=known.region(one.village, unknown=one.village),
                head=heads.get(one.household_id, ""),
                happened=said[one.id or 0][0] or one.sent_at.astimezone(self.zone).date(),
                text=said[one.id or 0][1],
                state=state_of(one),
                author=known.person(one.author_id),
                team=known.team(one.team_id),
                sent_at=one.sent_at.astimezone(self.zone),
                due_at=one.due_at.astimezone(self.zone) if one.due_at else None,
                photos=photos.get(one.id or 0, 0),
            )
            for one in reports
        ]

    def _said(self, reports: Sequence[Any]) -> dict[int, tuple[date | None, str]]:
        """The day and the words of each report's answers, read kind by kind."""
        by_kind: dict[str, list[Any]] = defaultdict(list)
        for one in reports:
            by_kind[one.kind].append(one)
        said: dict[int, tuple[date | None, str]] = {}
        for kind, some in by_kind.items():
            said |= self._of_kind(kind, {one.id or 0: one.uid for one in some})
        return {one.id or 0: said.get(one.id or 0, (None, "")) for one in reports}

    def _of_kind(self, kind: str, uids: dict[int, str]) -> dict[int, tuple[date | None, str]]:
        table = KINDS[kind].table
        columns = SQLModel.metadata.tables[str(table.__tablename__)].c
        asks = [(name, ask, _(ask.label)) for name, ask in table.columns().items() if isinstance(ask, _TOLD)]
        wanted = [columns.report_id, *(columns[name] for name, _ask, _label in asks)]
        found = self.session.connection().execute(select(*wanted).where(columns.report_id.in_(uids)))
        return {row[0]: self._words(kind, uids[row[0]], asks, row[1:]) for row in found}

    def _words(self, kind: str, uid: str, asks: list[Any], kept: Sequence[Any]) -> tuple[date | None, str]:
        day, words = None, []
        for (name, ask, label), value in zip(asks, kept, strict=True):
            if value is None or value == []:
                continue
            if isinstance(ask, Date):
                day = day or date.fromisoformat(str(ask.answer(value)))
            elif not ask.sealed:
                shown = self._shown(f"{kind}.{name}", ask, value)
                words.append(labelled(label, told(self.session, shown, self._numbers)))
            elif self.reason:
                words.append(
                    labelled(label, ask.shown(open_json(self.session, f"{kind}.{name}", uid, value)))
                )
        return day, "\n".join(words)

    def _shown(self, name: str, ask: Any, value: Any) -> str:
        """What was chosen is put in words once for all rows."""
        if isinstance(ask, Text):
            return ask.shown(ask.answer(value))
        key = (name, str(value))
        if key not in self._chosen:
            self._chosen[key] = ask.shown(ask.answer(value))
        return self._chosen[key]

    def _photos(self, ids: list[int]) -> dict[int, int]:
        kept = select(Photo.report_id, func.count()).where(
            col(Photo.report_id).in_(ids), Photo.state == PhotoState.KEPT
        )
        return {one or 0: count for one, count in self.session.exec(kept.group_by(col(Photo.report_id)))}


_TOLD = (Text, Choice, Number, Date, Location)
