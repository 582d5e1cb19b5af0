"""Fixtures for the tests of reports."""

from tests.reports.told import filled, told
from tests.storage.week_county import session

__all__ = ["filled", "session", "told"]
