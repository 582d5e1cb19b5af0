"""Texts as Telegram takes them: parsed, trimmed, measured, with commands and links found."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.errors import bad
from bot.sandbox.html_text import parse_html, units

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
Entities = list[dict[str, Any]]

_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)"
    r"|(?P<url>https?://[^\s<>\"，。；）]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.]+)"
    r"|(?P<mention>(?<!\w)@[A-Za-z0-9_]{3,32})"
    r"|(?P<hashtag>(?<!\w)#\w{1,256})"
)


def found(text: str, taken: Entities) -> Entities:
    """Entities Telegram makes by itself, outside of those already `taken`."""
    entities: Entities = []
    for match in _FOUND.finditer(text):
        offset, length = units(text[: match.start()]), units(match[0])
        if not any(e["offset"] < offset + length and offset < e["offset"] + e["length"] for e in taken):
            entities.append({"type": match.lastgroup, "offset": offset, "length": length})
    return entities


def trimmed(text: str, entities: Entities) -> tuple[str, Entities]:
    """Cut blanks at both ends and keep the entities on their words."""
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return text, kept


def formatted(source: str, mode: str, given: Entities | None) -> tuple[str, Entities]:
    """Text and entities of what a bot sent under `parse_mode` (unreadable: ApiError)."""
    if mode.lower() not in ("", "html", "markdown", "markdownv2"):
        raise bad("unsupported parse_mode")
    text, entities = parse_html(source) if mode.lower() == "html" else (source, list(given or ()))
    text, entities = trimmed(text, entities)
    entities += found(text, entities)
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def checked_text(text: str) -> None:
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad("message is too long")


def checked_caption(text: str) -> None:
    if units(text) > CAPTION_LIMIT:
        raise bad("message caption is too long")


def commands_in(text: str, entities: Entities) -> list[str]:
    """The commands written in `text`, with their @bot when there is one."""
    raw = text.encode("utf-16-le")
    spans = [
        (e["offset"] * 2, (e["offset"] + e["length"]) * 2) for e in entities if e["type"] == "bot_command"
    ]
    return [raw[start:stop].decode("utf-16-le") for start, stop in spans]
