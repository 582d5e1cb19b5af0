"""The data of buttons: `<prefix>:<verb>:<ids>`. Ids only, never personal data; a press re-reads the state.

Prefixes: f forms, m mine and corrections, r rectification, q query, o open a record, p pictures of photos,
n numbers and who looked, c contact cards, d referrals, v handovers, x exports, w weekly and digest, g groups,
j joining, l language, h help, wd the draft of a week, lv leave, dy diary and days,
il lists to be taken in, ow who owes, po policy mode.
"""

from collections.abc import Callable, Mapping
from datetime import date

from handlers.turn import Button, Turn, button
from storage.draft import Draft
from storage.refusals import Gone
from storage.texts import _

FORMS = "f"
MINE = "m"


def press(label: str, verb: str, *ids: object, prefix: str = FORMS) -> Button:
    """A button that comes back as `<prefix>:<verb>:<ids>`."""
    return button(label, ":".join([prefix, verb, *map(str, ids)]))


def of(draft: Draft, label: str, verb: str, *ids: object) -> Button:
    """A button about a draft: `f:<verb>:<draft>:<ids>`."""
    return press(label, verb, draft.id, *ids)


def parts(rest: str) -> tuple[str, list[str]]:
    """The verb and the ids of what a press brought."""
    verb, *ids = rest.split(":")
    return verb, ids


def act(turn: Turn, rest: str, verbs: Mapping[str, Callable[[Turn, list[str]], None]]) -> None:
    """Do what the verb of a press says, for somebody posted. Raises Gone for a verb of another version."""
    verb, ids = parts(rest)
    turn.person()
    if verb not in verbs:
        raise Gone
    verbs[verb](turn, ids)


def number(ids: list[str], place: int = 0) -> int:
    """An id out of a press; 0, which nothing has, when the data is of another version or forged."""
    return (whole(ids[place]) or 0) if place < len(ids) else 0


def whole(text: str) -> int | None:
    """The number that a text is, small enough for any column; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def day(ids: list[str], place: int = 0) -> date:
    """A day out of a press. Raises Gone for data of another version or forged."""
    try:
        found = date.fromisoformat(ids[place] if place < len(ids) else "")
    except ValueError as error:
        raise Gone from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Gone
    return found


FIRST_YEAR, LAST_YEAR = 2000, 2099


def rows(buttons: list[Button], across: int = 2) -> list[list[Button]]:
    return [buttons[start : start + across] for start in range(0, len(buttons), across)]


def pages(draft: Draft, question: str, page: int, count: int, size: int) -> list[Button]:
    """The row that turns the pages of a picker; empty when one page holds all."""
    last = (count - 1) // size
    if last < 1:
        return []
    return [
        of(draft, "‹", "page", question, page - 1) if page > 0 else idle(" "),
        idle(_("{page}/{pages}").format(page=page + 1, pages=last + 1)),
        of(draft, "›", "page", question, page + 1) if page < last else idle(" "),
    ]


def idle(label: str) -> Button:
    """A button that only shows something."""
    return press(label, "idle")
