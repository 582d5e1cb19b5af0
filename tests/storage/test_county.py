"""A region's rhythm: its own settings before those around it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import county, journal
from storage.calendar import is_workday
from storage.county import RegionSettings, Rhythm, Rhythms, rhythm
from tests.weeks import new_store

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = new_store(tmp_path / "c.db")
    with store.writing() as session:
        yield session
    store.close()


def test_without_settings_the_defaults_hold(session: Session) -> None:
    assert rhythm(session, "120114001") == Rhythm()
    assert str(county.zone(session)) == "Asia/Shanghai"


def test_a_town_takes_from_its_county_what_it_does_not_set(session: Session) -> None:
    county.change(session, "120114", {"summary_weekday": 3, "summary_time": "17:30"}, [], [], NOW)
    county.change(session, "120114001", {"digest_time": "19:00"}, [], [], NOW)
    town = rhythm(session, "120114001")
    assert (town.summary_weekday, town.summary_time, town.digest_time) == (3, time(17, 30), time(19))
    assert rhythm(session, "120114002").digest_time == time(18)
    assert rhythm(session, "120115") == Rhythm()


def test_a_village_is_ruled_by_what_is_around_it(session: Session) -> None:
    county.change(session, "120114001", {"quiet_from": "20:00"}, [], [], NOW)
    rhythms = Rhythms(session)
    assert rhythms.of("120114001007").quiet_from == time(20)
    assert rhythms.of("120114002007").quiet_from == time(21)
    assert len(rhythms.all()) == 2


def test_days_off_are_added_up_along_the_way(session: Session) -> None:
    county.change(session, "", {}, ["2026-11-19"], [], NOW)
    county.change(session, "120114", {}, ["2026-11-20"], ["2026-11-19"], NOW)
    extra = rhythm(session, "120114001").extra
    assert is_workday(date(2026, 11, 19), extra)
    assert not is_workday(date(2026, 11, 20), extra)


def test_a_day_is_either_off_or_on(session: Session) -> None:
    county.change(session, "120114", {}, ["2026-11-20"], [], NOW)
    county.change(session, "120114", {}, [], ["2026-11-20"], NOW)
    row = session.get_one(RegionSettings, "120114")
    assert (row.days_off, row.days_on) == ([], ["2026-11-20"])


def test_one_zone_for_the_installation(session: Session) -> None:
    county.set_zone(session, "Asia/Urumqi")
    assert str(county.zone(session)) == "Asia/Urumqi"
    assert rhythm(session, "120114").zone.key == "Asia/Urumqi"


def test_a_change_is_journaled(session: Session) -> None:
    county.change(session, "120114", {"digest_time": "19:00"}, [], [], NOW)
    (line,) = journal.history(session, "region:120114")
    assert (line["action"], line["what"]) == ("settings.change", ["digest_time"])
