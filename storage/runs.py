"""Runs of digits as people write numbers down awkwardly: spread by spaces, hyphens and line breaks, or in Chinese
numerals. What a run is, storage/redact.py decides."""

import re
from collections.abc import Iterator
from typing import NamedTuple

NUMERALS = "零〇○一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"  # not for people: read in what was typed
_ARABIC = str.maketrans(NUMERALS, "00011122233445566778899")
_BETWEEN = r"[ \n.·/_-]{1,3}"
_SPOKEN_BETWEEN = r"[ \n.·/_,，、-]{1,3}"
_COMMA = re.compile("[,，、]")
_WHOLE = re.compile(r"\d.*[\dX]", re.ASCII | re.DOTALL)
_ANY = re.compile(rf"[\d{NUMERALS}](?:[ \n.·/_,，、()-]{{0,3}}[\d{NUMERALS}]){{6}}", re.ASCII)
LOOSE = 2
"""Numerals at either end that may belong to the words around: 找王三一三八…"""


class Run(NamedTuple):
    """Digits (the last may be X) at [start, end) of a text. `groups` are the lengths of its parts; `lines` whether a
    line break is all that parts them."""

    start: int
    end: int
    digits: str
    groups: tuple[int, ...]
    lines: bool


def any_in(text: str) -> bool:
    """Whether there are seven digits or numerals in a row at all, which few texts have."""
    return _ANY.search(text) is not None


def spread(text: str) -> Iterator[Run]:
    """Each run of Arabic digits, whole; one that goes on in Chinese numerals is left to `spoken`."""
    for match in _found(text, _BETWEEN):
        around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        if not any(sign in NUMERALS for sign in around):
            yield _run(match)


def spoken(text: str) -> Iterator[list[Run]]:
    """Of each run in which there are Chinese numerals what it may be: all of it, then with fewer of them at its ends;
    those that a comma parts come last."""
    arabic = text.translate(_ARABIC)
    for match in _found(arabic, _BETWEEN):
        if text[match.start() : match.end()] != match[0]:
            yield list(_trimmed(text, arabic, match.start(), match.end()))
    for match in _found(arabic, _SPOKEN_BETWEEN):
        if text[match.start() : match.end()] != match[0] and _COMMA.search(match[0]):
            yield list(_trimmed(text, arabic, match.start(), match.end()))


def _found(text: str, between: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<!\d)(?<!\d\.)\d(?:(?:{between})?\d){{6,}}(?:(?:{between})?X)?", text, re.ASCII)


def _trimmed(text: str, arabic: str, start: int, end: int) -> Iterator[Run]:
    for less in range(2 * LOOSE + 1):
        for left in range(max(0, less - LOOSE), min(less, LOOSE) + 1):
            right = less - left
            ends = text[start : start + left] + text[end - right : end]
            if all(sign in NUMERALS for sign in ends):
                whole = _WHOLE.match(arabic, start + left, end - right)
                if whole is not None:
                    yield _run(whole)


def _run(match: re.Match[str]) -> Run:
    parts = re.findall(r"[\dX]+", match[0], re.ASCII)
    gaps = re.findall(r"[^\dX]+", match[0], re.ASCII)
    lines = len(gaps) == 1 and "\n" in gaps[0]
    return Run(match.start(), match.end(), "".join(parts), tuple(map(len, parts)), lines)
