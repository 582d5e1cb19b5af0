"""What is put aside is listed with a number (A12, L7, E3) and chosen by it."""

from collections.abc import Callable, Iterable

import typer

from bot.errors import fail
from storage.texts import _

ALL = "ALL"


def each(numbers: list[str], mark: str, known: Iterable[int | None], do: Callable[[int], bool]) -> int:
    """Do something to those known that were asked for, "A12", "12" or "all". How many it was done to."""
    return sum(do(number) for number in chosen(numbers, mark, known))


def chosen(numbers: list[str], mark: str, known: Iterable[int | None]) -> list[int]:
    asked = {number.upper() for number in numbers}
    wanted = {number.removeprefix(mark) for number in asked}
    return [number for number in known if number and (ALL in asked or str(number) in wanted)]


def say(count: int, sentence: str, command: str) -> None:
    """Say what was done to so many; where nothing was found, how to see the numbers."""
    if not count:
        fail(_("没有找到这些编号。用 {command} 查看。").format(command=command))
    typer.echo(sentence.format(count=count))
