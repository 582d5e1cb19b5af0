"""Names of an actor's territory found in what they write: places, teams, people."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import household_list, names, scope
from storage.identity import Actor
from storage.people import Person, Posting, Team
from storage.places import Region, children
from storage.sealing import open_text

_LONGEST, _SHORTEST = 12, 2
_NUMBER, _VILLAGE = 5, 12
"""Digits of a card number at least, of a village's code."""
_OPENED = 6
"""Villages whose heads are opened for one word at most."""
_ENDINGS = (  # not for people: what official names end in
    "", "村委会", "村", "村民委员会", "村村委会", "村村民委员会", "居委会", "居民委员会", "社区",
    "社区居委会", "社区居民委员会", "街道", "街道办事处", "镇", "乡", "区", "县", "市",
)  # fmt: skip
_TEAM_ENDINGS = ("", "工作队", "驻村工作队")  # not for people: as above


class Places(NamedTuple):
    """Codes of the regions meant, and how many characters of the text said it."""

    codes: tuple[str, ...]
    said: int


def places_at(session: Session, actor: Actor, text: str) -> Places | None:
    """The regions that the text begins with: the longest name, own villages before others of that name.
    A handful of possible names is looked up, so the size of the country does not matter."""
    starts = [text[:length] for length in range(_SHORTEST, min(len(text), _LONGEST) + 1)]
    if not starts:
        return None
    called = {start + ending for start in starts for ending in _ENDINGS}
    around = {code[:length] for code in actor.villages for length in (2, 4, 6, 9)}
    mine = or_(scope.villages(actor), col(Region.code).in_(around))
    said = [(_said(region.name, text), region.code)
            for region in session.exec(select(Region).where(col(Region.name).in_(called), mine))]  # fmt: skip
    longest = max((length for length, _ in said), default=0)
    if longest == 0:
        return None
    codes = sorted(code for length, code in said if length == longest)
    return Places(tuple([code for code in codes if code in actor.villages] or codes), longest)


def _said(name: str, text: str) -> int:
    """How much of the text's beginning is that region's name, official, everyday or without its ending."""
    forms = {name.removesuffix(ending) for ending in _ENDINGS} | {names.spoken(name)}
    return max((len(form) for form in forms if len(form) >= _SHORTEST and text.startswith(form)), default=0)


def team_called(session: Session, actor: Actor, name: str) -> int | None:
    """The team of that name in the territory, its ending may be left out."""
    called = col(Team.name).in_([name + ending for ending in _TEAM_ENDINGS])
    mine = or_(col(Team.id).in_(actor.teams()), scope.within(Team.region, actor.regions()))
    return session.exec(select(Team.id).where(called, mine).order_by(col(Team.id))).first()


def may_be_name(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and not any(one.isascii() for one in word)


def people_by_name(session: Session, actor: Actor) -> dict[str, tuple[int, ...]]:
    """Everybody who is or was posted in the territory, by name. Names are sealed, so they are all opened to be
    compared; none is shown."""
    teams = select(Team.id).where(scope.within(Team.region, actor.regions()))
    posted = select(Posting.person_id).where(
        or_(
            col(Posting.team_id).in_(actor.teams()),
            col(Posting.team_id).in_(teams),
            scope.within(Posting.region, actor.regions()),
        )
    )
    found: dict[str, tuple[int, ...]] = {}
    people = select(Person.id, Person.uid, Person.name).where(col(Person.id).in_(posted))
    for number, uid, box in session.exec(people.order_by(col(Person.id))):
        name = open_text(session, "person.name", uid, box)
        found[name] = (*found.get(name, ()), number or 0)
    return found


def households_called(
    session: Session, actor: Actor, word: str, places: tuple[str, ...], now: datetime
) -> list[int]:
    """The households that a word means: by the head's exact name in the villages that are asked for, else in one's
    own; by a whole ID, phone or card number in the territory. Journaled when there is one."""
    if len(word) >= _NUMBER and any(one.isdigit() for one in word):
        return [one.household_id for one in household_list.by_number(session, actor, word, now)]
    villages = [one for one in places or actor.villages if len(one) == _VILLAGE and scope.reaches(actor, one)]
    if not may_be_name(word) or len(villages) > _OPENED:
        return []
    return household_list.headed(session, actor, villages, word, now)


def people_known(session: Session, who: str) -> tuple[int, ...]:
    """Everybody of that number or of exactly that name, wherever: for the command line."""
    everybody = select(Person)
    if who.isdecimal():
        return tuple(one.id or 0 for one in session.exec(everybody.where(col(Person.id) == int(who))))
    return _of_name(session, everybody, who)


def _of_name(session: Session, people: SelectOfScalar[Person], name: str) -> tuple[int, ...]:
    return tuple(
        person.id or 0
        for person in session.exec(people.order_by(col(Person.id)))
        if open_text(session, "person.name", person.uid, person.name) == name
    )


def places_under(session: Session, actor: Actor, code: str = "") -> list[Region]:
    """The regions to choose from below one; without a code those the territory begins with: own villages, or
    what lies in the supervised regions, passing by levels of a single region."""
    if code:
        return children(session, code)
    if "" in actor.regions():
        found = list(session.exec(select(Region).where(col(Region.parent).is_(None)).order_by(Region.code)))
    else:
        codes = (*actor.regions(), *actor.villages)
        found = list(session.exec(select(Region).where(col(Region.code).in_(codes)).order_by(Region.code)))
    while len(found) == 1 and (below := children(session, found[0].code)):
        found = below
    return found
