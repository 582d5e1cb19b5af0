"""What follows from the questions and the answers so far. Pure: no row, no chat, no clock."""

from collections.abc import Callable, Mapping
from typing import Any

from storage.forms.ask import Ask
from storage.forms.media import Location, Photos
from storage.forms.plain import Text
from storage.refusals import Refusal
from storage.texts import _

Asks = Mapping[str, Ask]
Answers = dict[str, Any]
Lines = list[tuple[str, str, str]]


def next_question(asks: Asks, answers: Answers) -> str | None:
    """The first required question without an answer; None when the report may be sent."""
    return next((name for name, ask in asks.items() if not ask.optional and not _has(answers, name)), None)


def _has(answers: Answers, name: str) -> bool:
    # No photos is no answer; "no household" (0) and "none of these" ([]) are.
    return name in answers and answers[name] is not None


def before(asks: Asks, answers: Answers, asking: str | None) -> str | None:
    """The question to go back to: the last answered one before the one asked (or before the summary)."""
    names = list(asks)
    earlier = names[: names.index(asking)] if asking is not None and asking in asks else names
    done = [name for name in earlier if not asks[name].optional and _has(answers, name)]
    return done[-1] if done else None


def left(asks: Asks, answers: Answers) -> list[str]:
    """Optional questions without an answer: buttons on the card."""
    return [name for name, ask in asks.items() if ask.optional and not _has(answers, name)]


def put(asks: Asks, answers: Answers, name: str, given: Any) -> Answers:
    """The answers with one more, checked; what depends on a changed one is asked again. Raises Refusal."""
    value = asks[name].check(given)
    after = answers | {name: value}
    if answers.get(name) != value:
        for other, ask in asks.items():
            if ask.follows == name:
                after.pop(other, None)
    return after


def drop(answers: Answers, name: str) -> Answers:
    return {other: value for other, value in answers.items() if other != name}


def append(asks: Asks, answers: Answers, name: str, text: str) -> Answers:
    """The answers with the text added to what that question has. Raises Refusal when it is too long."""
    old = answers.get(name)
    if old and text in old:
        return answers
    return put(asks, answers, name, f"{old}\n{text}" if old else text)


def reconcile(asks: Asks, answers: Answers) -> tuple[Answers, list[str]]:
    """Stored answers against today's questions: those of unknown questions, or no longer valid, are dropped.
    What is left, and the names dropped (labels of known ones)."""
    good: Answers = {}
    dropped: list[str] = []
    for name, value in answers.items():
        ask = asks.get(name)
        if ask is not None and _valid(ask, value):
            good[name] = value
        else:
            dropped.append(_(ask.label) if ask else name)
    return good, dropped


def _valid(ask: Ask, value: Any) -> bool:
    try:
        ask.check(value)
    except (Refusal, TypeError, ValueError):
        return False
    return True


def lines(asks: Asks, answers: Answers, found: Mapping[str, str]) -> Lines:
    """(name, label, text) of each answer, in order. `found` has the texts of answers that are ids."""
    return [
        (name, _(ask.label), found[name] if name in found else ask.shown(answers[name]))
        for name, ask in asks.items()
        if _has(answers, name)
    ]


def changes(old: Lines, new: Lines) -> Lines:
    """(label, old text, new text) of the lines that differ; an empty text where there was no answer."""
    labels = {name: label for name, label, _text in [*old, *new]}
    was = {name: text for name, _label, text in old}
    now = {name: text for name, _label, text in new}
    return [
        (label, was.get(name, ""), now.get(name, ""))
        for name, label in labels.items()
        if was.get(name, "") != now.get(name, "")
    ]


def text_question(asks: Asks) -> str | None:
    """Where words go that answer nothing that is asked."""
    return _first(asks, lambda ask: isinstance(ask, Text))


def photo_question(asks: Asks, asking: str | None = None) -> str | None:
    """Where a photo goes, whatever is asked."""
    if asking is not None and asking in asks and isinstance(asks[asking], Photos):
        return asking
    return _first(asks, lambda ask: isinstance(ask, Photos))


def place_question(asks: Asks) -> str | None:
    return _first(asks, lambda ask: isinstance(ask, Location))


def _first(asks: Asks, fits: Callable[[Ask], bool]) -> str | None:
    return next((name for name, ask in asks.items() if fits(ask)), None)
