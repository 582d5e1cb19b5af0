"""One sandbox for a file of tests, and people who have written to the bot in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.phone import Phone, Sandbox

MONDAY = "2026-11-16T09:00+08:00"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=MONDAY) as running:
        yield running


@pytest.fixture
def wang(sandbox: Sandbox) -> Phone:
    """A person of this test alone, who has pressed Start."""
    phone = sandbox.phone("王五")
    phone.says("/start")
    return phone
