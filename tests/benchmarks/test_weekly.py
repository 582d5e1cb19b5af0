"""The busy week of the benchmark, small: what is measured beside each other says the same."""

from pathlib import Path

import pytest
from sqlmodel import Session

from storage.db import Store
from storage.sealing import Keyring
from tests import databases
from tests.benchmarks import busy_week, weekly
from tests.weeks import County

pytestmark = pytest.mark.both_databases
REPORTS, TEAMS = 600, 6


@pytest.fixture
def busy(tmp_path: Path) -> tuple[Store, County]:
    store = Store(databases.url(tmp_path / "busy.db"), Keyring.new())
    county = busy_week.settled(store, TEAMS)
    busy_week.fill(store, county, REPORTS)
    return store, county


def sums(session: Session) -> list[int]:
    """Visits, photo reports, cases and rectifications of all teams, as the plain query counts them."""
    rows = weekly.plain(session)
    return [sum(row[place] for row in rows) for place in range(1, 5)]


def test_figures_and_the_plain_query_count_the_same(busy: tuple[Store, County]) -> None:
    store, county = busy
    with store.reading() as session:
        found = weekly.counted(session).total
        assert sums(session) == [found.visits, found.photos, found.cases, found.issued]
    store.close()
    assert min(found.visits, found.photos, found.cases, found.issued, found.belated, found.ended) > 0
    assert len(weekly.scopes(county)) == TEAMS + TEAMS + 1, "a team, a town of each, and the county"
