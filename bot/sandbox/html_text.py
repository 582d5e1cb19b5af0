"""Telegram's HTML read as its server reads it: the same tags, the same sentences for what is wrong.

The order of checks and the sentences follow tdlib's MessageEntity.cpp; offsets in errors are bytes, those
of entities are UTF-16 units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import ApiError, bad

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot);?")
_VALUE = re.compile(r"[A-Za-z0-9.\-]*")


def units(text: str) -> int:
    """Length in UTF-16 units, Telegram's measure."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def decoded(text: str) -> str:
    return _CHARACTER.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if not name.startswith("#"):
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


@dataclass
class _Open:
    tag: str
    offset: int
    at: int
    attributes: dict[str, str] = field(default_factory=dict)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.pos = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def wrong(self, sentence: str, at: int, more: str = "") -> ApiError:
        byte = len(self.source[:at].encode())
        return bad(f"can't parse entities: {sentence} at byte offset {byte}{more}")

    def read(self) -> tuple[str, list[dict[str, Any]]]:
        while self.pos < len(self.source):
            mark = self.source.find("<", self.pos)
            self.plain(self.source[self.pos : mark if mark >= 0 else None])
            if mark < 0:
                break
            self.pos = mark + 1
            if self.source.startswith("/", self.pos):
                self.end_tag(mark)
            else:
                self.start_tag(mark)
        if self.open:
            tag = self.open[-1].tag
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def plain(self, piece: str) -> None:
        text = decoded(piece)
        self.parts.append(text)
        self.length += units(text)

    def until(self, stops: str) -> str:
        begin = self.pos
        while self.pos < len(self.source) and self.source[self.pos] not in stops:
            self.pos += 1
        return self.source[begin : self.pos]

    def skip_space(self) -> str:
        """Skip blanks and return the character reached ("" at the end)."""
        while self.pos < len(self.source) and self.source[self.pos].isspace():
            self.pos += 1
        return self.source[self.pos : self.pos + 1]

    def start_tag(self, mark: int) -> None:
        tag = self.until(" \t\r\n>").lower()
        if self.pos >= len(self.source):
            raise self.wrong("Unclosed start tag", mark)
        if tag not in _TYPES:
            raise self.wrong(f'Unsupported start tag "{tag}"', mark)
        opened = _Open(tag, self.length, mark)
        while self.skip_space() not in ("", ">"):
            name = self.until(" \t\r\n=>").lower()
            opened.attributes[name] = self.value(tag, name, mark)
        if self.pos >= len(self.source):
            raise self.wrong("Unclosed start tag", mark)
        self.pos += 1
        if tag == "span" and opened.attributes.get("class") != "tg-spoiler":
            raise self.wrong('Tag "span" must have class "tg-spoiler"', mark)
        self.open.append(opened)

    def value(self, tag: str, name: str, mark: int) -> str:
        if not name:
            raise self.wrong(f'Empty attribute name in the tag "{tag}"', mark)
        if self.skip_space() != "=":
            if name == "expandable":
                return ""
            raise self.wrong(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', mark)
        self.pos += 1
        quote = self.skip_space()
        if quote and quote in "\"'":
            self.pos += 1
            text = self.until(quote)
            self.pos += 1
            return decoded(text)
        return self.bare_value()

    def bare_value(self) -> str:
        begin = self.pos
        match = _VALUE.match(self.source, begin)
        self.pos = match.end() if match else begin
        after = self.source[self.pos : self.pos + 1]
        if after and after != ">" and not after.isspace():
            raise self.wrong("Unexpected end of name token", begin)
        return self.source[begin : self.pos].lower()

    def end_tag(self, mark: int) -> None:
        if not self.open:
            raise self.wrong("Unexpected end tag", mark)
        self.pos += 1
        name = self.until(" \t\r\n>").lower()
        if self.skip_space() != ">":
            raise self.wrong("Unclosed end tag", mark)
        self.pos += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise self.wrong("Unmatched end tag", mark, f', expected "</{opened.tag}>", found "</{name}>"')
        self.close(opened)

    def close(self, opened: _Open) -> None:
        entity: dict[str, Any] = {"type": _TYPES[opened.tag], "offset": opened.offset}
        entity["length"] = self.length - opened.offset
        if not entity["length"] or not self.keep(opened, entity):
            return
        self.entities.append(entity)

    def keep(self, opened: _Open, entity: dict[str, Any]) -> bool:
        """Fill in what the attributes say; False when the tag makes no entity (a link to nowhere)."""
        if opened.tag == "a":
            entity["url"] = opened.attributes.get("href", "")
            return bool(entity["url"])
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        language = opened.attributes.get("class", "").removeprefix("language-")
        if opened.tag == "code" and language and self.open and self.open[-1].tag == "pre":
            self.open[-1].attributes["language"] = language
            return False
        if opened.tag == "pre" and "language" in opened.attributes:
            entity["language"] = opened.attributes["language"]
        return True


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities of `source`; ApiError with Telegram's sentence when it cannot be read."""
    return _Reader(source).read()
