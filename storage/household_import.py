"""Households from a list: dry run, safe to repeat, every fault with its cell.

A household is the same when the card number is; else the ID number; else the head's name, when exactly one
household of the village has that name and nothing the row says contradicts it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, select

from storage import household_rows, journal, sheets
from storage.db import new_uid
from storage.household_rows import Row
from storage.households import Household
from storage.identity import Actor
from storage.scope import manages
from storage.sealing import keyring, open_text, seal_text
from storage.sheets import BadCell, Given
from storage.texts import _
from storage.village_names import Villages

SEALED = ("card", "id_number", "phone")


@dataclass
class Known:
    """A household that is here, opened, to be compared with the list's rows."""

    id: int
    village: str
    head: str
    card: str | None
    id_number: str | None
    phone: str | None
    category: str | None
    members: int | None


@dataclass
class Plan:
    """What an import would do: rows for new households, rows that change one (with its id), and faults."""

    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, int]] = field(default_factory=list)
    same: int = 0
    wrong: list[BadCell] = field(default_factory=list)

    @property
    def changes(self) -> list[tuple[Row, int | None]]:
        return [*((row, None) for row in self.new), *self.changed]


def plan(
    session: Session,
    given: Given,
    *,
    village: str | None = None,
    territory: str = "",
    actor: Actor | None = None,
) -> Plan:
    """Read the list and compare; nothing is written. With `village` all rows belong to that village, else
    the list has a column of village names or codes, looked up inside `territory`. An actor's list is of
    villages they manage. Raises Refusal."""
    made = Plan()
    needed = frozenset({"head"} if village else {"head", "village"})
    finder = None if village else Villages(session, territory)
    rows: list[Row] = []
    for line in sheets.lines(given, household_rows.COLUMNS, needed):
        place = village if finder is None else finder.of_line(line)
        if place is None or isinstance(place, BadCell):
            made.wrong.extend([place] if place else [])
            continue
        if actor is not None and not manages(actor, place):
            made.wrong.append(line.fault("village", _("这个村不在您负责的范围内。")))
            continue
        read = household_rows.read(line, place)
        made.wrong.extend(read) if isinstance(read, list) else rows.append(read)
    _compare(session, made, _distinct(made, rows))
    return made


def _distinct(made: Plan, rows: list[Row]) -> list[Row]:
    """The rows without those that repeat an earlier one, or that cannot be told apart."""
    first: dict[tuple[str, str, str], int] = {}
    bare = Counter((row.village, row.head) for row in rows)
    kept = []
    for row in rows:
        fault = _repeated(row, first) or _nameless(row, bare)
        if fault is None:
            kept.append(row)
        else:
            made.wrong.append(fault)
    return kept


def _repeated(row: Row, first: dict[tuple[str, str, str], int]) -> BadCell | None:
    for column, number in (("card", row.card), ("id_number", row.id_number)):
        if number is None:
            continue
        at = first.setdefault((row.village, column, number), row.line.number)
        if at != row.line.number:
            return row.line.fault(column, _("与第 {row} 行的号码相同，请核对。").format(row=at))
    return None


def _nameless(row: Row, bare: Counter[tuple[str, str]]) -> BadCell | None:
    if row.card is None and row.id_number is None and bare[row.village, row.head] > 1:
        return row.line.fault("head", _("同村有两户户主同名，请填卡号或身份证号来区分。"))
    return None


def _compare(session: Session, made: Plan, rows: list[Row]) -> None:
    here = {village: _known(session, village) for village in {row.village for row in rows}}
    for row in rows:
        same = _same(row, here[row.village])
        if len(same) > 1:
            made.wrong.append(row.line.fault("card", _("卡号和身份证号在库里分属两户，请核对。")))
        elif not same:
            made.new.append(row)
        else:
            # Taken: another row of that name is another household.
            here[row.village].remove(same[0])
            _sort(made, row, same[0])


def _sort(made: Plan, row: Row, old: Known) -> None:
    if _differs(row, old):
        made.changed.append((row, old.id))
    else:
        made.same += 1


def _known(session: Session, village: str) -> list[Known]:
    return [
        _opened(session, one) for one in session.exec(select(Household).where(Household.village == village))
    ]


def _opened(session: Session, one: Household) -> Known:
    def opened(name: str, box: bytes | None) -> str | None:
        return open_text(session, f"household.{name}", one.uid, box) if box else None

    return Known(
        id=one.id or 0,
        village=one.village,
        head=opened("head", one.head) or "",
        card=opened("card", one.card),
        id_number=opened("id_number", one.id_number),
        phone=opened("phone", one.phone),
        category=one.category,
        members=one.members,
    )


def _same(row: Row, here: list[Known]) -> list[Known]:
    """The household that the row is about; two when card and ID number say different ones."""
    by_number = [old for old in here if _shares_number(row, old)]
    if by_number:
        return by_number
    named = [old for old in here if old.head == row.head and not _contradicts(row, old)]
    return named if len(named) == 1 else []


def _shares_number(row: Row, old: Known) -> bool:
    pairs = ((row.card, old.card), (row.id_number, old.id_number))
    return any(new is not None and new == had for new, had in pairs)


def _contradicts(row: Row, old: Known) -> bool:
    pairs = ((row.card, old.card), (row.id_number, old.id_number))
    return any(new is not None and had is not None and new != had for new, had in pairs)


def _differs(row: Row, old: Known) -> bool:
    return any(
        getattr(row, name) is not None and getattr(row, name) != getattr(old, name)
        for name in ("head", *SEALED, "category", "members")
    )


def write(
    session: Session, changes: Sequence[tuple[Row, int | None]], *, by: int | None, now: datetime
) -> None:
    """Write part of a plan's changes and journal each household."""
    for row, household_id in changes:
        one = session.get_one(Household, household_id) if household_id else None
        household = one or Household(uid=new_uid(), village=row.village, head=b"")
        _fill(session, household, row)
        session.add(household)
        session.flush()
        action = "household.change" if one else "household.add"
        journal.write(session, by, action, f"household:{household.id}", now, village=row.village)


def _fill(session: Session, household: Household, row: Row) -> None:
    ring = keyring(session)
    household.head = seal_text(session, "household.head", household.uid, row.head)
    for name in SEALED:
        number = getattr(row, name)
        if number is not None:
            setattr(household, name, seal_text(session, f"household.{name}", household.uid, number))
            index = "id_index" if name == "id_number" else f"{name}_index"
            setattr(household, index, ring.index(f"household.{name}", number))
    household.category = row.category or household.category
    household.members = row.members or household.members
