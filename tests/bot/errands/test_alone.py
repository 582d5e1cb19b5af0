"""A decoder that crashes takes its own picture only."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from bot.errands.alone import alone
from bot.workers import Processes
from storage.photo_faults import DAMAGED, NOT_A_PICTURE
from storage.picture import Facts, Unreadable, read
from tests.drawn import drawn


def reader(data: bytes) -> Facts:
    """As `read`, with a bug that ends the process."""
    if data == b"poison":
        os.kill(os.getpid(), signal.SIGKILL)
    return read(data)


@pytest.fixture
def processes() -> Iterator[Processes]:
    made = Processes()
    yield made
    made.close()


@pytest.mark.fault("photo that crashes the decoder")
async def test_only_the_culprit_is_refused(processes: Processes) -> None:
    good = [drawn("PNG", (20 + n, 20)) for n in range(3)]
    given = [good[0], b"poison", good[1], b"poison", good[2]]
    found = await asyncio.gather(*(alone(processes, reader, data) for data in given), return_exceptions=True)
    assert [one.width for one in found if isinstance(one, Facts)] == [20, 21, 22]
    assert [one.sentence for one in found if isinstance(one, Unreadable)] == [DAMAGED] * 2
    assert (await alone(processes, reader, good[0])).width == 20


async def test_what_is_unreadable_stays_so(processes: Processes) -> None:
    with pytest.raises(Unreadable) as caught:
        await alone(processes, reader, b"text")
    assert caught.value.sentence == NOT_A_PICTURE
