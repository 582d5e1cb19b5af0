"""A column that chooses no index: SQLite is told, PostgreSQL is not; nothing else changes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError
from sqlmodel import Session, col

from storage.report import Report
from storage.unindexed import unindexed

DIALECTS: list[Any] = [one.dialect() for one in (sqlite, postgresql)]
MOMENT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_sqlite_is_told_and_postgresql_is_not() -> None:
    statement = select(col(Report.id)).where(unindexed(Report.village) >= "12")
    said = {made.name: str(statement.compile(dialect=made)) for made in DIALECTS}
    assert "WHERE +report.village >= " in said["sqlite"]
    assert "WHERE report.village >= " in said["postgresql"]


def test_the_column_keeps_its_type() -> None:
    """A moment without a zone is refused, as it is beside the column itself."""
    statement = select(col(Report.id)).where(unindexed(Report.sent_at) < MOMENT.replace(tzinfo=None))
    with pytest.raises(StatementError, match="naive"), Session(create_engine("sqlite://")) as session:
        session.connection().execute(statement)
