"""Reading a phone's screen: messages as the sandbox shows them, their words and buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.sandbox_http import Json

Picture = Path | str | bytes | tuple[str, bytes]


def words(message: Mapping[str, Any]) -> str:
    """What can be read on a message: its text or caption, a file's name, a service line."""
    parts = [message.get("text"), message.get("caption"), message.get("service")]
    return "\n".join(str(part) for part in [*parts, message.get("document", {}).get("name")] if part)


def buttons_of(message: Mapping[str, Any]) -> list[Json]:
    rows = list(message.get("keyboard") or []) + list(
        (message.get("reply_keyboard") or {}).get("keyboard", [])
    )
    return [button for row in rows for button in row]


def best(wish: str, pairs: Sequence[tuple[int, Json]]) -> tuple[int, Json] | None:
    """The pair whose button has this label or data, else the first whose label contains it."""
    whole = (pair for pair in pairs if wish in (pair[1]["text"], pair[1].get("data")))
    return next(whole, None) or next((pair for pair in pairs if wish in pair[1]["text"]), None)


def number_of(message: Mapping[str, Any] | int) -> int:
    return message if isinstance(message, int) else int(message["message_id"])


def each(pictures: Sequence[Picture] | Picture) -> Sequence[Picture]:
    """One picture may be given bare."""
    return [pictures] if isinstance(pictures, bytes | str | Path) else pictures


def named_bytes(picture: Picture, number: int) -> tuple[str, bytes]:
    """A file's name and content; bytes alone get a name from their number."""
    if isinstance(picture, bytes):
        return f"photo{number}.jpg", picture
    if isinstance(picture, tuple):
        return picture
    path = Path(picture)
    return path.name, path.read_bytes()


def line_of(message: Mapping[str, Any]) -> str:
    what = words(message) or next((key for key in ("photo", "location", "sticker") if key in message), "")
    keys = " | ".join(button["text"] for button in buttons_of(message))
    return f"{message['message_id']:>5} {message['from']['name']}: {what}" + (
        f"\n      [{keys}]" if keys else ""
    )
