"""Fixtures for the tests of storage."""

from tests.storage.county import here

__all__ = ["here"]
