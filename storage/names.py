"""How people and places are called, and how their names and numbers are masked. What is shown to whom is decided in
storage/showing.py."""

from sqlmodel import Session

from storage.redact import Secret
from storage.sealing import open_text


def full(session: Session, person_id: int) -> str:
    """A colleague's whole name, for private chats."""
    from storage.people import Person  # tables that delivery, which masks numbers, has no use for

    person = session.get_one(Person, person_id)
    return open_text(session, "person.name", person.uid, person.name)


def masked(name: str) -> str:
    """李爱民 → 李*民, 李明 → 李*; one character is hidden whole."""
    if len(name) <= 2:
        return name[:-1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def surname(name: str) -> str:
    """李爱民 → 李, 欧阳明 → 欧阳."""
    return name[:2] if len(name) > 2 and name[:2] in _TWO else name[:1]


_TWO = frozenset(  # not for people: surnames of two characters, matched
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "长孙",
        "宇文",
    )
)


def mask_id(number: str) -> str:
    """An ID number with its first and last four characters, enough to compare and no birthday."""
    return _middle(number, 4, 4)


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678; of a number without an area code the last three."""
    return _middle(number, 3 if len(number) > 8 else 0, 4 if len(number) > 8 else 3)


def mask_number(kind: Secret, number: str) -> str:
    """A personal number that stood in a text; of a bank card the last four digits."""
    if kind is Secret.CARD:
        return _middle(number, 0, 4)
    return mask_id(number) if kind is Secret.ID_NUMBER else mask_phone(number)


def tail(number: str, length: int = 4) -> str:
    """The last characters of a card number, to tell two households of one name apart."""
    return number[-length:]


def _middle(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    return text[:first] + "*" * hidden + text[-last:] if hidden > 0 else "*" * len(text)


def spoken(name: str) -> str:
    """The everyday name of a region: 大桃园村委会 → 大桃园村, 碧溪园社区居民委员会 → 碧溪园社区."""
    for official, usual in _ENDINGS:
        if name.endswith(official) and len(name) > len(official):
            return name.removesuffix(official) + usual
    return name


_ENDINGS = (  # not for people: ends of official names, matched
    ("村村民委员会", "村"),
    ("村村委会", "村"),
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
)
