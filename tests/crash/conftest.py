"""The program is loaded once for all runs of this folder."""

import pytest

from tests import starter as starting
from tests.starter import Starter


@pytest.fixture(scope="session")
def starter() -> Starter:
    return starting.starter()
