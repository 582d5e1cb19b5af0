"""What the errands share: a sandbox for a module, with a world in which photos are fetched from it, or with workers of
the asked county."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.bot.errands.photo_fetching import Fetching, fetching
from tests.bot.errands.running import Running, running
from tests.phone import Sandbox
from tests.storage import asking, photo_world


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=photo_world.NOW.isoformat()) as made:
        yield made


@pytest.fixture
async def f(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Fetching]:
    async with fetching(sandbox, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def county_sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=asking.NOW.isoformat()) as made:
        yield made


@pytest.fixture
async def r(county_sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(county_sandbox, tmp_path) as made:
        yield made
