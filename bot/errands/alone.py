"""Reading bytes of strangers: a decoder that crashes must take nothing else along."""

from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TypeVar

from bot.workers import Processes
from storage.photo_faults import DAMAGED
from storage.picture import Unreadable

T = TypeVar("T")
G = TypeVar("G")


async def alone(process: Processes, function: Callable[[G], T], data: G) -> T:
    """`function(data)` in a spawned process. When that process dies, other pictures on their way die with it:
    each is tried again in a process of its own, and whichever kills that one too is Unreadable."""
    with suppress(BrokenProcessPool):
        return await process(function, data)
    own = Processes()
    try:
        return await own(function, data)
    except BrokenProcessPool as error:
        raise Unreadable(DAMAGED) from error
    finally:
        own.close()
