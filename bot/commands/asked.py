"""What commands are asked and how they answer: a Refusal, or a day that is none, becomes its sentence on standard error
and exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from bot.errors import fail
from storage.refusals import Refusal
from storage.texts import _


@contextmanager
def refusing() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        fail(refusal.sentence)


def date_of(text: str) -> date:
    """A day as somebody typed it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(_("“{day}”不是日期，请写成 2026-10-01。").format(day=text))
