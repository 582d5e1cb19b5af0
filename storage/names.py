"""How people, households and places are called for a reader. Outside private chats names are masked."""

from sqlmodel import Session

from storage.people import Person
from storage.sealing import open_text


def full(session: Session, person_id: int) -> str:
    """A colleague's whole name, for private chats."""
    person = session.get_one(Person, person_id)
    return open_text(session, "person.name", person.uid, person.name)


def short(session: Session, person_id: int) -> str:
    """A colleague's masked name, for whatever leaves a private chat."""
    return masked(full(session, person_id))


def masked(name: str) -> str:
    """李爱民 → 李*民, 李明 → 李*; one character is hidden whole."""
    if len(name) <= 2:
        return name[:-1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(number: str) -> str:
    """An ID number with its first three and last four characters, enough to compare and no birthday."""
    return _middle(number, 3, 4)


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678."""
    return _middle(number, 3, 4)


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
