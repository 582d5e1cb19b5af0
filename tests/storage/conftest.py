"""Fixtures for the tests of storage."""

from tests.storage.county import here
from tests.storage.reporting_world import desk
from tests.storage.week_county import session

__all__ = ["desk", "here", "session"]
