"""Answers of the command line: a Refusal becomes its sentence on standard error and exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import fail
from storage.refusals import Refusal


@contextmanager
def refusing() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        fail(refusal.sentence)
