"""From a claimed letter to the parameters of its call."""

from typing import Any

from storage.claiming import Claimed
from storage.texts import _


def parameters(letter: Claimed) -> dict[str, Any]:
    """The parameters of a claimed letter's call."""
    made = dict(letter.payload)
    if letter.method == "answerCallbackQuery":
        return made
    made["chat_id"] = letter.telegram_id
    if letter.topic and letter.method.startswith("send"):
        made["message_thread_id"] = letter.topic
    return _aloud(made) if letter.repeats_aloud else made


def _aloud(made: dict[str, Any]) -> dict[str, Any]:
    """Mark a repeat, for the reader may have it already; where there is room for it."""
    field, most = ("text", 4096) if "text" in made else ("caption", 1024)
    marked = f"{_('（重发）')}{made.get(field, '')}"
    if "media" not in made and len(marked) <= most:
        made[field] = marked
    return made


def references(value: Any) -> set[str]:
    """SHA-256 of the files that a payload refers to, anywhere inside it."""
    if isinstance(value, dict):
        if "$file" in value:
            return {value["$file"]}
        return set().union(*(references(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(references(item) for item in value))
    return set()
