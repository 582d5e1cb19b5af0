"""The process in which errands of tests do heavy work: spawned once, for that takes seconds of processor time."""

import atexit
from functools import cache

from bot.workers import Processes


@cache
def processes() -> Processes:
    made = Processes()
    atexit.register(made.close)
    return made
