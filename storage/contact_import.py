"""Pairings from a list: dry run, safe to repeat, every fault with its cell. Each row is an offer; whoever is named says
yes to all of theirs at once, or one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlmodel import Session

from storage import case_import, contact_cards, contact_letters, household_rows, names, sheets
from storage.identity import Actor
from storage.refusals import Refusal
from storage.sheets import BadCell, Given, Line
from storage.texts import _
from storage.village_names import Villages

COLUMNS = {  # not for people: headings matched in their lists
    **household_rows.COLUMNS,
    "cadre": ("联系人", "联系干部", "帮扶干部", "帮扶责任人", "结对干部"),
}
NEEDED = frozenset({"head", "village", "cadre"})


@dataclass(frozen=True)
class Pair:
    """A row that becomes an offer."""

    line: Line
    household: int
    person: int


@dataclass
class Plan:
    """`same` rows are paired (or asked) so already."""

    new: list[Pair] = field(default_factory=list)
    same: int = 0
    wrong: list[BadCell] = field(default_factory=list)


def plan(session: Session, given: Given, actor: Actor, now: datetime, *, territory: str = "") -> Plan:
    """Read the list and compare; nothing is written. Raises Refusal when the file cannot be read."""
    made, villages = Plan(), Villages(session, territory)
    seen: dict[int, int] = {}
    for line in sheets.lines(given, COLUMNS, NEEDED):
        read = _read(session, line, villages, actor, now)
        if isinstance(read, BadCell):
            made.wrong.append(read)
        elif seen.setdefault(read.household, line.number) != line.number:
            row = seen[read.household]
            made.wrong.append(line.fault("head", _("与第 {row} 行是同一户，只结一对。").format(row=row)))
        elif read.person in (one.person_id for one in contact_cards.of_household(session, read.household)):
            made.same += 1
        else:
            made.new.append(read)
    made.new.sort(key=lambda one: (one.person, one.line.number))
    return made


def _read(session: Session, line: Line, villages: Villages, actor: Actor, now: datetime) -> Pair | BadCell:
    village = villages.of_line(line)
    if isinstance(village, BadCell):
        return village
    if not contact_cards.may_pair(session, actor, village):
        return line.fault("village", _("这个村不在结对人负责的范围内。"))
    row = household_rows.read(line, village)
    if isinstance(row, list):
        return row[0]
    home = case_import.matched(session, row)
    if isinstance(home, BadCell):
        return home
    if home is None:
        return line.fault("head", _("库里没有这一户，请先导入户册。"))
    person = _cadre(session, line, actor, village, now)
    return person if isinstance(person, BadCell) else Pair(line, home, person)


def _cadre(session: Session, line: Line, actor: Actor, village: str, now: datetime) -> int | BadCell:
    """The one of that name who serves in the village."""
    people = contact_cards.cadres(session, actor, village, now)
    found = [one for one in people if names.full(session, one) == line.text("cadre")]
    if len(found) == 1:
        return found[0]
    if found:
        return line.fault("cadre", _("工作队里有几个人同名，请在机器人里逐户结对。"))
    return line.fault("cadre", _("这个村的工作队里没有这个人，请核对姓名。"))


def write(session: Session, pairs: Sequence[Pair], *, actor: Actor, now: datetime) -> list[BadCell]:
    """Offer each of part of a plan's rows; each person hears of all of theirs in one message. What changed since the
    plan is told as a fault."""
    wrong = []
    for person, theirs in groupby(pairs, key=lambda one: one.person):
        made = []
        for one in theirs:
            try:
                made.append(contact_cards.offer(session, actor, one.household, person, now, quiet=True))
            except Refusal as refusal:
                wrong.append(one.line.fault("head", refusal.sentence))
        waiting = [card for card in made if card.accepted_at is None]
        if waiting:
            contact_letters.offered_together(session, waiting, actor, now)
    return wrong
