"""A list is read, in a process of its own, which loads no more than it needs for that."""

from storage import sheets
from storage.refusals import Refusal
from storage.sheets import Read
from storage.texts import _, speaking


def read(given: tuple[str, bytes, str]) -> Read | str:
    """Of (name, bytes, language): the list, or why it is none."""
    name, data, language = given
    with speaking(language):
        try:
            return sheets.parse(name, data, sheets.MOST)
        except Refusal as refusal:
            return refusal.sentence
        except Exception:  # noqa: BLE001 - a stranger's file: whatever it breaks, it is no list
            return unreadable(name)


def unreadable(name: str) -> str:
    return _("{file} 打不开，请另存为 xlsx 再发。").format(file=name)
