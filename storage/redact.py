"""Numbers in free text that name a person: ID numbers, phones, bank cards (design: only redacted text is indexed).

What has a check digit is checked. What else has the same shape (contracts, orders, amounts, meters) is told apart
by the last word before it and by the measure after it. Measured by `python -m tests.free_text`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from storage import runs

_PLAIN = str.maketrans(
    "０１２３４５６７８９Ｘｘ＋－—–‐‑（）．／•・x　\t\r\u00a0\u200b\u2060\ufeff",
    "0123456789XX+-----()./··X       ",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"


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


TOKEN = re.compile(r"\[#[a-z]{16}\]")
"""What stands in a kept text in the place of a number (storage/private_numbers.py)."""


def is_id_number(number: str) -> bool:
    """18 characters with a province, a birth date and the check digit of GB 11643; or without the right digit:
    one that was mistyped is still somebody's."""
    if not re.fullmatch(rf"{_PROVINCE}[0-9]{{15}}[0-9X]", number):
        return False
    return _is_date(number[6:14], 1800 if _is_checked(number) else 1900)


def _is_checked(number: str) -> bool:
    """Whether the check digit is right, of 18 characters."""
    if len(number) != 18:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number[17]


def _is_date(digits: str, first: int) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return first <= day.year < 2100


def is_old_id_number(number: str) -> bool:
    """15 digits as until 1999: a province, a birth date of the last century, a number of the day; no check digit."""
    return re.fullmatch(rf"{_PROVINCE}[0-9]{{13}}", number) is not None and _is_date(
        "19" + number[6:12], 1900
    )


def is_card(number: str) -> bool:
    """16 to 19 digits of a card that banks in China give out, which pass Luhn's check (ISO/IEC 7812)."""
    if not re.fullmatch(r"(?:62|60|4|5[1-5]|35|955)[0-9]+", number) or not 16 <= len(number) <= 19:
        return False
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(value - 9 * (value > 9) for value in doubled)) % 10 == 0


def is_phone(number: str) -> bool:
    """A mobile number of mainland China: 11 digits from 13 to 19."""
    return re.fullmatch(r"1[3-9][0-9]{9}", number) is not None


def is_landline(number: str) -> bool:
    """An area code and seven or eight digits."""
    return re.fullmatch(r"0(?:10|2[0-57-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}", number) is not None


def is_local(number: str) -> bool:
    """Seven or eight digits that are no day: a phone only behind a word that says so."""
    return len(number) in (7, 8) and not _is_date(number, 1900)


# The ways people group these numbers; the check decides. Order matters: a part of an ID number is no phone.
_SHAPES = (
    (Secret.ID_NUMBER, is_id_number, r"\d{6}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[ -]?[\dX](?=1[3-9]\d{9}(?!\d)|(?!\d))"),
    (Secret.ID_NUMBER, is_id_number, r"\d{3}([ -])\d{3}\1\d{4}\1\d{4}\1\d{3}[\dX](?!\d)"),
    (Secret.ID_NUMBER, is_old_id_number, r"\d{6}[ -]?\d{6}[ -]?\d{3}(?!\d)"),
    (Secret.CARD, is_card, r"\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?!\d)"),
    (Secret.CARD, is_card, r"\d{6}[ -]\d{10,13}(?!\d)"),
    (Secret.PHONE, is_phone, r"1\d\d([ .-]?)\d{4}\1\d{4}(?!\d)"),
    (Secret.PHONE, is_phone, r"1\d\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    (Secret.PHONE, is_phone, r"1\d\d[ -]?\d{3}[ -]?\d{5}(?!\d)"),
    (Secret.PHONE, is_landline, r"\(0\d{2,3}\)[ -]?\d{3,4}[ -]?\d{4}(?!\d)"),
    (Secret.PHONE, is_landline, r"0\d{2,3}[ -]?\d{3,4}[ -]?\d{4}(?!\d)"),
    (Secret.PHONE, is_local, rf"(?<![{runs.NUMERALS}])[2-8]\d{{2,3}}[ -]?\d{{4}}(?!\d)"),
)  # fmt: skip
_SEARCHES = tuple(
    (kind, check, re.compile(rf"(?<!\d)(?<!\d\.){shape}", re.ASCII)) for kind, check, shape in _SHAPES
)
_COUNTRY = re.compile(r"(?<!\d)\(?(?:\+|00)?86\)?[ -]?(?=1[3-9]\d[ .-]?\d{3,4}[ .-]?\d{4,5}(?!\d))", re.ASCII)
_CODES = (  # not for people: read in what was typed
    "合同|订单|编号|编码|单号|代码|代号|票号|户号|表号|书号|批号|箱号|井号|杆号|串号|序列号|流水|受理|工单|保单|文号|会议"
    "|图斑|地块|耳标|宽带|学号|工号|学籍|准考证|运单|资产号|条码|条形码|第$|QQ|IMEI|电表|水表|度数|读数|[¥￥$]"
)
_CALLED = "电话|手机|座机|固话|传真|拨|打"  # not for people: as above
_OWNED = "微信|联系|短信|身份证|证件|卡号|银行|存折|一卡通|账户"  # not for people: as above
_WORD = re.compile(f"(?P<code>{_CODES})|(?P<called>{_CALLED})|(?P<owned>{_OWNED})", re.IGNORECASE)
_CLAUSE = re.compile(r"[^，。；、！？,;!?\n\d]{0,10}$")
_MEASURE = re.compile(  # not for people: as above
    r"\s*(?:万元|亿|元|块钱|公斤|斤|吨|度|亩|平方|平米|公里|厘米|株|棵|千瓦|%)"
)
# Of a run that is spread or spoken: by what it is judged, and how people group it where no word says what it is.
_JUDGED: tuple[tuple[Secret, Callable[[str], bool], set[tuple[int, ...]]], ...] = (
    (Secret.ID_NUMBER, is_id_number, {(6, 8, 4), (6, 12), (3, 3, 4, 4, 4), (6, 4, 4, 4)}),
    (Secret.ID_NUMBER, is_old_id_number, {(6, 6, 3), (8, 7), (6, 9)}),
    (Secret.CARD, is_card, {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3)}),
    (Secret.PHONE, is_phone, {(3, 4, 4), (3, 3, 5), (3, 8), (7, 4)}),
    (Secret.PHONE, is_landline, {(3, 8), (4, 7), (4, 8), (3, 4, 4), (4, 3, 4), (4, 4, 4)}),
    (Secret.PHONE, is_local, {(3, 4), (4, 4)}),
)  # fmt: skip


SHORTEST = 3
"""Digits on either line of a number that a line's end cuts in two."""


def found(text: str) -> list[Found]:
    """The personal numbers in a text, from left to right, without overlaps."""
    plain = text.translate(_PLAIN)
    if not runs.any_in(plain):
        return []
    # The country's code would hide where a phone begins; spaces keep every place where it was.
    plain = _COUNTRY.sub(lambda match: " " * len(match[0]), plain)
    taken: list[Found] = []
    for kind, check, shape in _SEARCHES:
        for match in list(shape.finditer(plain)):
            number = re.sub(r"[^\dX]", "", match[0])
            if check(number) and _is_meant(kind, number, plain, match.start(), match.end()):
                taken.append(Found(kind, match.start(), match.end(), number))
                plain = _without(plain, taken[-1])
    taken += _awkward(plain)
    return sorted(taken, key=lambda one: one.start)


def _without(plain: str, one: Found) -> str:
    return plain[: one.start] + " " * (one.end - one.start) + plain[one.end :]


def _awkward(plain: str) -> list[Found]:
    """Numbers whose digits stand apart, then those in Chinese numerals, in what is left of a text."""
    taken = [one for run in runs.spread(plain) if (one := _judged(run, plain))]
    for one in taken:
        plain = _without(plain, one)
    for guesses in runs.spoken(plain):
        sure = next(filter(None, (_judged(run, plain) for run in guesses)), None)
        if sure is not None and not any(sure.start < other.end and other.start < sure.end for other in taken):
            taken.append(sure)
    return taken


def _judged(run: runs.Run, plain: str) -> Found | None:
    """What the run is: somebody's number that is grouped as usual, or behind a word that says so."""
    said = _said(plain, run.start)
    for kind, check, usual in _JUDGED if said != "code" else ():
        sure = said is not None or _is_usual(run, usual) or _is_checked(run.digits)
        if sure and check(run.digits) and _is_meant(kind, run.digits, plain, run.start, run.end):
            return Found(kind, run.start, run.end, run.digits)
    return None


def _is_usual(run: runs.Run, usual: set[tuple[int, ...]]) -> bool:
    """Together, in the usual groups, digit by digit, or cut in two by the end of a line."""
    cut = run.lines and min(run.groups) >= SHORTEST
    return len(run.groups) == 1 or cut or run.groups in usual or set(run.groups) == {1}


def _is_meant(kind: Secret, number: str, plain: str, start: int, end: int) -> bool:
    """Whether the words around say nothing against it (of a local phone: speak for it)."""
    said = _said(plain, start)
    if kind is Secret.ID_NUMBER and _is_checked(number):
        return True
    if is_local(number):
        return said == "called" and not _MEASURE.match(plain, end)
    return said in ("called", "owned") or (said is None and not _MEASURE.match(plain, end))


def _said(plain: str, start: int) -> str | None:
    """What kind of word stands last before a number, in its clause."""
    clause = _CLAUSE.search(plain[max(0, start - 12) : start])
    words = list(_WORD.finditer(clause[0] if clause else ""))
    return words[-1].lastgroup if words else None


HIDDEN = "***"
"""Stands where a personal number was."""


def typed(text: str) -> str:
    """What somebody typed, without tokens: only we put them there, so that nobody opens what they never wrote."""
    return TOKEN.sub(HIDDEN, text)


def redact(text: str, mark: str = " ") -> str:
    """The text with each personal number, and each token of one, replaced by `mark`."""
    parts, done = [], 0
    for one in found(text):
        parts += [text[done : one.start], mark]
        done = one.end
    return TOKEN.sub(lambda _match: mark, "".join([*parts, text[done:]]))
