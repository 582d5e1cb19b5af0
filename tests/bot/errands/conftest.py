"""What the errands about photos share: a sandbox for a module, and a world in which photos are fetched from it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.bot.errands.photo_fetching import Fetching, fetching
from tests.phone import Sandbox
from tests.storage.photo_world import NOW


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=NOW.isoformat()) as running:
        yield running


@pytest.fixture
async def f(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Fetching]:
    async with fetching(sandbox, tmp_path) as made:
        yield made
