"""What the users do, step by step: press a button they see, or type; and by what they know the answer."""

from dataclasses import dataclass
from typing import Any

HEAD = "户主"
"""Heads of households are called 户主甲一, 户主甲二 …"""
PURPOSE = "了解情况"
SEND = "发送"
NUMBER = "ZF-"
"""Receipt numbers begin so."""


@dataclass(frozen=True)
class Step:
    """`types` is typed, or a button whose label holds `presses` is pressed. The answer is the first message sent
    or edited that holds `answer` in its text or on a button; others (reminders) are nobody's answer."""

    answer: str
    types: str = ""
    presses: str = ""


Talk = tuple[Step, ...]

VISIT: Talk = (
    Step(types="走访", answer=HEAD),
    Step(presses=HEAD, answer=PURPOSE),
    Step(presses=PURPOSE, answer="一两句"),
    Step(types="第{number}次入户：老人身体还好，屋后排水沟要清，已经和村里说了。", answer=SEND),
    Step(presses=SEND, answer=NUMBER),
)
ECHO: Talk = (Step(types="第{number}次入户：老人身体还好。", answer="第{number}次"),)


def labels(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and data of a message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [(one["text"], one["callback_data"]) for row in rows for one in row if "callback_data" in one]


def answers(message: dict[str, Any], wanted: str) -> bool:
    return wanted in message["text"] or any(wanted in label for label, _data in labels(message))


def button(message: dict[str, Any], wanted: str, turn: int) -> str:
    """The data of a button with that label; of several, another one each turn."""
    found = [data for label, data in labels(message) if wanted in label]
    if not found:
        raise LookupError(f"no button {wanted} under: {message['text']}")
    return found[turn % len(found)]
