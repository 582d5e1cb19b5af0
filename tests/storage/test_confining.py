"""A query without a where-clause, in a session that the database itself confines: no row of another's territory."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from storage import confining, scope
from storage.db import Store
from storage.households import Household
from storage.identity import Actor, Post
from storage.people import Role
from storage.photo import Photo
from storage.report import Report, StepTaken
from storage.tables import metadata
from tests import databases
from tests.storage.asking import NOW, PLACES, County, add_photo, add_report, new_store, settle

pytestmark = pytest.mark.postgresql_only

PEOPLE = ("王爱民", "李明", "赵建国", "孙丽", "周正", "吴敏")
UNBOUND = {"teamvillage", "report_search"}
"""Which village is whose is no secret; the index says words without names, and joined to reports says none."""


@pytest.fixture(scope="module")
def world(
    database: databases.Kind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, County]]:
    """Reports of everybody, each with a photo, a step and a household."""
    store = new_store(str(tmp_path_factory.mktemp(database) / "z.db"))
    with store.writing() as session:
        county, chance = settle(session), random.Random(7)
        homes = [Household(uid=f"h{place}", head=b"", village=place) for place in PLACES]
        session.add_all(homes)
        session.flush()
        for number in range(60):
            who, place = chance.choice(list(county.people.values())), chance.randrange(len(PLACES))
            team = chance.choice([None, *county.teams.values()])
            report = add_report(
                session, who, PLACES[place], text="屋顶漏雨", team=team, at=NOW - timedelta(days=number),
                number=f"ZF-20261120-{number:04d}",
            )  # fmt: skip
            report.household_id = homes[place].id
            add_photo(session, report)
            session.add(
                StepTaken(report_id=report.id or 0, step="x", before="sent", after="sent", by_id=who, at=NOW)
            )
    yield store, county
    store.close()


def seen(session: Session) -> tuple[set[int], set[int], set[int]]:
    """Ids of reports, and of the reports that photos and steps belong to: all that there are."""
    reports = {one or 0 for one in session.exec(select(Report.id))}
    photos = {one or 0 for one in session.exec(select(Photo.report_id))}
    return reports, photos, set(session.exec(select(StepTaken.report_id)))


@pytest.mark.parametrize("name", PEOPLE)
def test_a_query_that_forgot_the_territory_finds_nobody_elses(world: tuple[Store, County], name: str) -> None:
    store, county = world
    with store.reading() as session:
        actor = county.actor(session, name)
        mine = {one or 0 for one in session.exec(select(Report.id).where(scope.visible(actor)))}
        homes = set(session.exec(select(Household.id).where(scope.places(actor, Household.village))))
        homes |= set(session.exec(select(Report.household_id).where(scope.visible(actor))))
        assert len(seen(session)[0]) == 60, "not confined yet"
        assert confining.confine(session, actor)
        assert seen(session) == (mine, mine, mine)
        assert set(session.exec(select(Household.id))) == homes
        assert name == "周正" or len(mine) < 60
        session.rollback()
        assert seen(session) == (mine, mine, mine), "the next transaction is confined as well"


def test_another_session_is_not_confined(world: tuple[Store, County]) -> None:
    store, county = world
    with store.reading() as session:
        confining.confine(session, county.actor(session, "王爱民"))
        assert len(seen(session)[0]) < 60
    with store.reading() as session:
        assert len(seen(session)[0]) == 60, "the connection goes back without the role"


def test_whoever_has_no_posting_reads_nothing(world: tuple[Store, County]) -> None:
    store, _county = world
    strangers = [
        Actor(10_000, "", "", "zh", None, posts, ())
        for posts in ((), (Post(Role.SUPERVISOR, None, "99", None),), (Post(Role.MEMBER, 999, None, None),))
    ]
    for stranger in strangers:
        with store.reading() as session:
            confining.confine(session, stranger)
            assert seen(session) == (set(), set(), set())
            assert session.exec(select(Household.id)).all() == []


def test_a_confined_session_writes_nothing(world: tuple[Store, County]) -> None:
    store, county = world
    with store.session(store.write) as session:
        confining.confine(session, county.actor(session, "周正"))
        with pytest.raises(DBAPIError, match="permission denied"):
            session.connection().execute(text("UPDATE report SET version = 9"))


def test_every_table_that_hangs_on_a_report_is_bound(world: tuple[Store, County]) -> None:
    store, _county = world
    told = {"report", "household", "photo"}
    hanging = {
        table.name
        for table in metadata.sorted_tables
        if table.name in told
        or {"village", "photo_id"} & set(table.c.keys())
        or any(key.column.table.name in told for key in table.foreign_keys)
    }
    with store.reading() as session:
        bound = {
            str(name)
            for (name,) in session.connection().execute(
                text("SELECT relname FROM pg_class WHERE relrowsecurity")
            )
        }
    assert hanging - UNBOUND == bound


def test_a_server_without_the_role_is_told_of(world: tuple[Store, County]) -> None:
    store, county = world
    with store.session(store.write) as session:
        assert confining.possible(session)
        session.connection().execute(text(f"REVOKE SELECT ON report FROM {confining.ROLE}"))
        assert not confining.possible(session)
        assert not confining.confine(session, county.actor(session, "王爱民"))
        session.rollback()
        assert confining.possible(session)
