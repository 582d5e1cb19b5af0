"""Fixtures for the tests of reports."""

from tests.reports.told import filled, told

__all__ = ["filled", "told"]
