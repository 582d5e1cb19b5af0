"""Fixtures for the tests of storage."""

from tests.storage.county import here
from tests.storage.reporting_world import desk

__all__ = ["desk", "here"]
