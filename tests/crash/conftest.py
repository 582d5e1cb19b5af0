"""The program is loaded once for all runs of this folder."""

from collections.abc import Iterator

import pytest

from tests.crash.starter import Starter


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    made = Starter()
    yield made
    made.close()
