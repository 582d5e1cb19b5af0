"""A message's text as safe HTML for the page: every character escaped, only known tags, only web links."""

from __future__ import annotations

from html import escape
from typing import Any

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_CLASSES = {
    "spoiler": "spoiler",
    "bot_command": "command",
    "mention": "mention",
    "hashtag": "hashtag",
    "email": "email",
}


def safe_html(text: str, entities: list[dict[str, Any]]) -> str:
    """Entities are nested outer first; one that crosses another is cut at the outer's end."""
    raw = text.encode("utf-16-le")
    return _span(raw, sorted(entities, key=lambda e: (e["offset"], -e["length"])), 0, len(raw) // 2)


def _span(raw: bytes, entities: list[dict[str, Any]], start: int, stop: int) -> str:
    parts: list[str] = []
    at = start
    rest = list(entities)
    while rest:
        entity = rest.pop(0)
        begin, end = entity["offset"], min(entity["offset"] + entity["length"], stop)
        if begin < at or begin >= end:
            continue
        inner = [other for other in rest if other["offset"] < end]
        rest = rest[len(inner) :]
        parts += [_piece(raw, at, begin), _tagged(entity, raw, _span(raw, inner, begin, end))]
        at = end
    return "".join([*parts, _piece(raw, at, stop)])


def _piece(raw: bytes, start: int, stop: int) -> str:
    return escape(raw[start * 2 : stop * 2].decode("utf-16-le", "replace"))


def _tagged(entity: dict[str, Any], raw: bytes, inner: str) -> str:
    kind = entity["type"]
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>{inner}</{_TAGS[kind]}>"
    if kind in _CLASSES:
        return f'<span class="{_CLASSES[kind]}">{inner}</span>'
    if kind in ("text_link", "url"):
        start, stop = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        return _link(entity.get("url") or raw[start:stop].decode("utf-16-le", "replace"), inner)
    return inner


def _link(url: str, inner: str) -> str:
    if not url.lower().startswith(("http://", "https://", "tg://")):
        return inner
    return f'<a href="{escape(url)}" rel="noreferrer noopener" target="_blank">{inner}</a>'
