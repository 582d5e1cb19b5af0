"""Settings of a region: its zone, its days off and when it is reminded, told and summed up.

A region takes what it does not set itself from the region around it, up to "" (the whole installation).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, select

from storage import journal, places
from storage.calendar import NONE, Extra

DEFAULT_ZONE = "Asia/Shanghai"


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


class RegionSettings(SQLModel, table=True):
    """What one region sets; null means as around it. Times are "HH:MM" in the zone, weekday 0 is Monday,
    days are ISO dates. `zone` is read from the row of "" alone: one installation has one zone."""

    region: str = Field(primary_key=True)
    zone: str | None = None
    summary_weekday: int | None = None
    summary_time: str | None = None
    digest_time: str | None = None
    remind_time: str | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    days_off: list[str] = Field(default_factory=list, sa_type=JSON)
    days_on: list[str] = Field(default_factory=list, sa_type=JSON)


@dataclass(frozen=True)
class Rhythm:
    """What holds for a region. Quiet hours run over midnight, from `quiet_from` to `quiet_until`."""

    zone: ZoneInfo = field(default_factory=lambda: _zone(DEFAULT_ZONE))
    summary_weekday: int = 4
    summary_time: time = time(16)
    digest_time: time = time(18)
    remind_time: time = time(10)
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    extra: Extra = NONE


def zone(session: Session) -> ZoneInfo:
    """The zone in which times are shown and days counted."""
    row = session.get(RegionSettings, "")
    return _zone(row.zone if row and row.zone else DEFAULT_ZONE)


def today(session: Session, now: datetime) -> date:
    """The day that it is in that zone."""
    return now.astimezone(zone(session)).date()


def set_zone(session: Session, name: str) -> None:
    """Take the installation's zone (setting ZHUCUN_TIMEZONE, checked before)."""
    row = settings(session, "")
    if row.zone != name:
        row.zone = name
        session.flush()


class Rhythms:
    """What holds where, read with one query: `rhythms.of(region)`."""

    def __init__(self, session: Session) -> None:
        self._rows = {row.region: row for row in session.exec(select(RegionSettings))}
        self._known: dict[str, Rhythm] = {}

    def of(self, region: str) -> Rhythm:
        """A region's own settings before those around it."""
        codes = ("", *places.around(region))
        own = max((code for code in codes if code in self._rows), key=len, default="")
        if own not in self._known:
            self._known[own] = self._made([code for code in codes if code in self._rows])
        return self._known[own]

    def regions(self) -> set[str]:
        """The regions that set something themselves."""
        return set(self._rows)

    def all(self) -> list[Rhythm]:
        """Every rhythm that holds somewhere."""
        return [self.of(region) for region in {"", *self._rows}]

    def _made(self, codes: list[str]) -> Rhythm:
        whole = self._rows.get("")
        found = Rhythm(zone=_zone(whole.zone if whole and whole.zone else DEFAULT_ZONE))
        for row in (self._rows[code] for code in codes):
            extra = found.extra.plus(_days(row.days_off), _days(row.days_on))
            found = replace(found, **_set(row), extra=extra)
        return found


def rhythm(session: Session, region: str) -> Rhythm:
    """What holds for one region (code)."""
    return Rhythms(session).of(region)


def _set(row: RegionSettings) -> dict[str, Any]:
    times = ("summary_time", "digest_time", "remind_time", "quiet_from", "quiet_until")
    chosen: dict[str, Any] = {
        name: time.fromisoformat(value) for name in times if (value := getattr(row, name)) is not None
    }
    if row.summary_weekday is not None:
        chosen["summary_weekday"] = row.summary_weekday
    return chosen


def _days(days: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in days)


def settings(session: Session, region: str) -> RegionSettings:
    """The row of a region, made when it is new. Its caller has checked what it puts in."""
    row = session.get(RegionSettings, region)
    if row is None:
        row = RegionSettings(region=region)
        session.add(row)
    return row


def change(
    session: Session,
    region: str,
    values: dict[str, str | int],
    days_off: list[str],
    days_on: list[str],
    now: datetime,
    by: int | None = None,
) -> None:
    """Set columns of a region's row; days are added to those that are there, a day is either off or on."""
    row = settings(session, region)
    for name, value in values.items():
        setattr(row, name, value)
    row.days_off = sorted((set(row.days_off) | set(days_off)) - set(days_on))
    row.days_on = sorted((set(row.days_on) | set(days_on)) - set(days_off))
    session.flush()
    journal.write(session, by, "settings.change", f"region:{region}", now, what=sorted(values))
