"""Questions answered by typing: a text, a number."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from storage.forms.ask import Ask
from storage.redact import TOKEN
from storage.refusals import Refusal
from storage.texts import _

_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")}  # not for people: understood
_DIGITS |= {"〇": 0, "两": 2}  # not for people: understood
_UNITS = {"十": 10, "百": 100, "千": 1000}  # not for people: understood
_MEASURES = "人户个名口岁元天次 "  # not for people: understood behind a number
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, kw_only=True)
class Text(Ask):
    """Free text. The limit in characters is Telegram's own, so that no message is too long.
    `suggest` are answers (message ids) to give by one tap."""

    limit: int = 4096
    suggest: tuple[str, ...] = ()

    def check(self, given: Any) -> str:
        text = clean(given) if isinstance(given, str) else ""
        if not text:
            raise Refusal(_("请用文字写一下“{label}”。").format(label=_(self.label)))
        if len(TOKEN.sub("", text)) > self.limit:
            raise Refusal(
                _("“{label}”最多 {limit} 个字，现在有 {length} 个。请缩短后再发一次。").format(
                    label=_(self.label), limit=self.limit, length=len(text)
                )
            )
        return text


@dataclass(frozen=True, kw_only=True)
class Number(Ask):
    """A whole number within bounds; typed as 12, １２ or 十二."""

    least: int = 0
    most: int = 1_000_000

    def check(self, given: Any) -> int:
        number = given if isinstance(given, int) else number_in(str(given))
        if number is None or not self.least <= number <= self.most:
            raise Refusal(
                _("请发一个 {least} 到 {most} 之间的整数，例如 {least}。").format(
                    least=self.least, most=self.most
                )
            )
        return number


def clean(text: str) -> str:
    """The text without control characters (a line break stays), without those that turn the direction of
    what follows (they would turn the card around it, too), and without blank ends."""
    kept = (
        sign
        for sign in text
        if sign in "\n\t" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _TURNING)
    )
    return "".join(kept).strip()


def number_in(text: str) -> int | None:
    """The whole number a text says ("12", "１２ 人", "二十三"), or None."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip(_MEASURES)
    if plain.isascii() and plain.isdigit() and len(plain) <= 12:
        return int(plain)
    return _chinese(plain)


def _chinese(text: str) -> int | None:
    if not text or any(sign not in _DIGITS and sign not in _UNITS for sign in text):
        return None
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        elif digit:
            return None
        else:
            digit = _DIGITS[sign]
    return total + digit
