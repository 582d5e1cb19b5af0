"""Numbers that belong to one person: cleaned and checked before they are sealed."""

import re
import unicodedata

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PHONE = re.compile(r"1\d{10}|0\d{9,11}")


def clean_id(text: str) -> str | None:
    """A citizen's ID number in capitals without spaces; None when it is not one (18 characters, a possible
    birthday, and the check character of GB 11643: ISO 7064 MOD 11-2)."""
    number = "".join(text.split()).upper().replace("х".upper(), "X")
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII) or not _birthday(number[6:14]):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number if _CHECK[total % 11] == number[-1] else None


def _birthday(digits: str) -> bool:
    return 1800 <= int(digits[:4]) <= 2200 and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:]) <= 31


def clean_phone(text: str) -> str | None:
    """A Chinese phone number as digits, mobile or with its area code; None when it is not one."""
    digits = re.sub(r"[\s\-()\uff08\uff09]", "", text, flags=re.ASCII).removeprefix("+86")
    return digits if _PHONE.fullmatch(digits) and digits.isascii() else None


def clean_card(text: str) -> str:
    """A contact card's number in capitals without spaces."""
    return "".join(text.split()).upper()


def clean_name(text: str) -> str | None:
    """A name without invisible signs and without spaces between Chinese characters; None when it cannot be
    one: empty, over 40 characters, or without any letter."""
    seen = "".join(
        sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )
    name = re.sub(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])", "", " ".join(seen.split()))
    return name if 1 <= len(name) <= 40 and any(one.isalpha() for one in name) else None
