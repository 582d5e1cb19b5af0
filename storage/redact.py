"""Numbers in free text that name a person: ID numbers, mobile phones, bank cards (design: only redacted text
is indexed). What is told apart by a check digit is checked, so that dates and amounts stay."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_PLAIN = str.maketrans(
    "０１２３４５６７８９Ｘｘ＋－—　x", "0123456789XX+-- X"
)  # not for people: full-width digits
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


class Secret(StrEnum):
    ID_NUMBER = "id_number"
    CARD = "card"
    PHONE = "phone"


@dataclass(frozen=True)
class Found:
    """A number at [start, end) of the text as typed; `number` without spaces and hyphens."""

    kind: Secret
    start: int
    end: int
    number: str


def is_id_number(number: str) -> bool:
    """18 characters with the check digit of GB 11643, or with a birth date in its place: one that was
    mistyped is still somebody's."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return False
    return _check_digit(number) == number[17] or _is_birth_date(number[6:14])


def _check_digit(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11]


def _is_birth_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year < 2100


def is_card(number: str) -> bool:
    """16 to 19 digits that pass Luhn's check (ISO/IEC 7812)."""
    if not re.fullmatch(r"[1-9][0-9]{15,18}", number):
        return False
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(value - 9 * (value > 9) for value in doubled)) % 10 == 0


def is_phone(number: str) -> bool:
    """A mobile number of mainland China: 11 digits from 13 to 19."""
    return re.fullmatch(r"1[3-9][0-9]{9}", number) is not None


# The ways people group these numbers; the check decides. Order matters: a part of an ID number is no phone.
_SHAPES = (
    (Secret.ID_NUMBER, is_id_number, r"\d{6}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[ -]?[\dX]"),
    (Secret.ID_NUMBER, is_id_number, r"\d{3}([ -])\d{3}\1\d{4}\1\d{4}\1\d{3}[\dX]"),
    (Secret.CARD, is_card, r"\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?"),
    (Secret.CARD, is_card, r"\d{6}[ -]\d{10,13}"),
    (Secret.PHONE, is_phone, r"1\d\d[ -]?\d{4}[ -]?\d{4}"),
    (Secret.PHONE, is_phone, r"1\d\d[ -]?\d{3}[ -]?\d{5}"),
)
_SEARCHES = tuple(
    (kind, check, re.compile(rf"(?<!\d){shape}(?!\d)", re.ASCII)) for kind, check, shape in _SHAPES
)
_COUNTRY = re.compile(r"(?<!\d)(?:\+|00)?86[ -]?(?=1[3-9]\d[ -]?\d{3,4}[ -]?\d{4,5}(?!\d))", re.ASCII)


def found(text: str) -> list[Found]:
    """The personal numbers in a text, from left to right, without overlaps."""
    plain = text.translate(_PLAIN)
    # The country's code would hide where a phone begins; spaces keep every place where it was.
    plain = _COUNTRY.sub(lambda match: " " * len(match[0]), plain)
    taken: list[Found] = []
    for kind, check, shape in _SEARCHES:
        for match in shape.finditer(plain):
            number = re.sub(r"[ -]", "", match[0])
            free = all(match.end() <= one.start or one.end <= match.start() for one in taken)
            if free and check(number):
                taken.append(Found(kind, match.start(), match.end(), number))
    return sorted(taken, key=lambda one: one.start)


def redact(text: str, mark: str = " ") -> str:
    """The text with each personal number replaced by `mark`."""
    parts, done = [], 0
    for one in found(text):
        parts += [text[done : one.start], mark]
        done = one.end
    return "".join([*parts, text[done:]])
