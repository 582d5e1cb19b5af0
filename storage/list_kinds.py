"""Kinds of lists that may be brought: how each is known by its headings, who may bring it, what would become of it, and
how its rows are written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from storage import (
    case_import,
    contact_import,
    household_import,
    household_rows,
    problem_import,
    regions_import,
    roster_import,
    roster_rows,
    sheets,
)
from storage.forms import Labelled
from storage.identity import Actor
from storage.people import Role
from storage.refusals import Gone, NotYours, Refusal
from storage.roster_import import Link
from storage.sheets import BadCell, Known, Read
from storage.texts import N_, _, listed

BATCH, PLAIN_BATCH = 10, 50
"""Rows written together: whoever waits for an answer waits for no more than these. Regions are quickly written."""


class ListKind(Labelled):
    PROBLEMS = "problems", N_("问题清单")
    COMPARED = "compared", N_("部门比对名单")
    PAIRS = "pairs", N_("结对名单")
    HOUSEHOLDS = "households", N_("户册")
    ROSTER = "roster", N_("花名册")
    REGIONS = "regions", N_("区划表")


@dataclass(frozen=True)
class Checked:
    """What would become of a list. `strangers` of the new are households, people or regions that are not known yet;
    `same` rows are so already. `absent` regions are here and not in the list; `waiting` people are here and have not
    opened their link."""

    kind: ListKind
    new: Sequence[Any]
    known: Sequence[Known]
    wrong: Sequence[BadCell]
    strangers: int = 0
    same: int = 0
    absent: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Written:
    """What writing gave: rows that could not go in after all, and links for newcomers, to be told at once."""

    wrong: Sequence[BadCell] = field(default_factory=list)
    links: Sequence[Link] = field(default_factory=list)


class _Kind(NamedTuple):
    """`needed`: sets of columns, one of which a list of that kind has."""

    columns: sheets.Columns
    needed: tuple[frozenset[str], ...]
    plan: Callable[[Session, Read, Actor, str, datetime], Checked]
    office: bool = False
    """Brought by administrators alone."""


def kind_of(value: str) -> ListKind:
    """Raises Gone for what is none."""
    found = next((one for one in ListKind if one.value == value), None)
    if found is None:
        raise Gone
    return found


def offered(actor: Actor) -> list[ListKind]:
    """What somebody may bring; nothing for those who manage nothing."""
    if not actor.regions():
        return []
    return [kind for kind, one in _KINDS.items() if actor.has(Role.ADMIN) or not one.office]


def wanted(actor: Actor, value: str) -> ListKind:
    """The kind of that name, for somebody who may bring it. Raises Gone, NotYours."""
    kind = kind_of(value)
    if kind not in offered(actor):
        raise NotYours
    return kind


def of_headings(read: Read, actor: Actor) -> list[ListKind]:
    """What the list may be, by its headings. Raises Refusal, which says the headings, when it is nothing we know or
    nothing that they may bring."""
    mine = offered(actor)
    found = [
        kind
        for kind in mine
        if any(sheets.has(read, _KINDS[kind].columns, one) for one in _KINDS[kind].needed)
    ]
    if found:
        return _likeliest(read, found)
    known = "\n".join(
        _("· {kind}：{columns}").format(
            kind=_(kind.label),
            columns=listed(columns[name][0] for name in columns if name in needed[0]),
        )
        for kind, (columns, needed, *_rest) in ((kind, _KINDS[kind]) for kind in mine)
    )
    raise Refusal(
        _("{file} 的表头看不出是哪种清单。需要的列：\n{known}\n发送 导入 可以下载空白模板。").format(
            file=read.name, known=known
        )
    )


def _likeliest(read: Read, found: list[ListKind]) -> list[ListKind]:
    """Heads and villages are in every list of people: it is one of households when it tells nothing else. What names
    teams may be one of households, too, as long as it has no roles."""
    bare = {ListKind.ROSTER, ListKind.HOUSEHOLDS}
    if set(found) == bare and not sheets.has(read, roster_rows.COLUMNS, frozenset({"role"})):
        return found
    return [one for one in found if one is not ListKind.HOUSEHOLDS] or found


def plan(session: Session, read: Read, kind: ListKind, actor: Actor, now: datetime) -> Checked:
    """What would become of the list now, brought by that person; nothing is written. Raises Refusal."""
    wanted(actor, kind)
    regions = actor.regions()
    return _KINDS[kind].plan(session, read, actor, regions[0] if len(regions) == 1 else "", now)


def _problems(session: Session, read: Read, actor: Actor, inside: str, now: datetime) -> Checked:
    made = problem_import.plan(session, read, actor, now, territory=inside)
    return Checked(ListKind.PROBLEMS, made.new, made.known, made.wrong)


def _compared(session: Session, read: Read, actor: Actor, inside: str, _now: datetime) -> Checked:
    made = case_import.plan(session, read, actor, territory=inside)
    strangers = sum(one.household is None for one in made.new)
    return Checked(ListKind.COMPARED, made.new, made.open, made.wrong, strangers)


def _pairs(session: Session, read: Read, actor: Actor, inside: str, now: datetime) -> Checked:
    made = contact_import.plan(session, read, actor, now, territory=inside)
    return Checked(ListKind.PAIRS, made.new, [], made.wrong, same=made.same)


def _households(session: Session, read: Read, actor: Actor, inside: str, _now: datetime) -> Checked:
    made = household_import.plan(session, read, territory=inside, actor=actor)
    return Checked(ListKind.HOUSEHOLDS, made.changes, [], made.wrong, strangers=len(made.new), same=made.same)


def _roster(session: Session, read: Read, actor: Actor, inside: str, now: datetime) -> Checked:
    made = roster_import.plan(session, read, now, actor=actor, territory=inside)
    counts = {"strangers": len(made.new), "same": made.same, "waiting": len(made.waiting)}
    return Checked(ListKind.ROSTER, made.changes, [], made.wrong, **counts)


def _regions(session: Session, read: Read, actor: Actor, _inside: str, _now: datetime) -> Checked:
    made = regions_import.plan_list(session, read, actor=actor)
    wrong = [cell for _file, cell in made.wrong]
    counts = {"strangers": len(made.new), "same": made.same, "absent": len(made.absent)}
    return Checked(ListKind.REGIONS, made.changes, [], wrong, **counts)


_KINDS: Mapping[ListKind, _Kind] = {
    ListKind.PROBLEMS: _Kind(problem_import.COLUMNS, (problem_import.NEEDED,), _problems),
    ListKind.COMPARED: _Kind(case_import.COLUMNS, (case_import.NEEDED,), _compared),
    ListKind.PAIRS: _Kind(contact_import.COLUMNS, (contact_import.NEEDED,), _pairs),
    ListKind.HOUSEHOLDS: _Kind(household_rows.COLUMNS, (frozenset({"head", "village"}),), _households),
    ListKind.ROSTER: _Kind(
        roster_rows.COLUMNS, (frozenset({"name", "role"}), frozenset({"name", "team"})), _roster, office=True
    ),
    ListKind.REGIONS: _Kind(regions_import.COLUMNS, (regions_import.NEEDED,), _regions, office=True),
}


def parts(made: Checked) -> Iterator[Sequence[Any]]:
    """The new rows, some at a time."""
    size = PLAIN_BATCH if made.kind is ListKind.REGIONS else BATCH
    return (made.new[start : start + size] for start in range(0, len(made.new), size))


def write(
    session: Session, kind: ListKind, part: Sequence[Any], actor: Actor, source: str, now: datetime
) -> Written:
    """Part of the new rows, in the name of that person; `source` is the department that a comparison is of. Raises
    Refusal."""
    wanted(actor, kind)
    by, links, wrong = actor.person_id, list[Link](), list[BadCell]()
    match kind:
        case ListKind.PAIRS:
            wrong = contact_import.write(session, part, actor=actor, now=now)
        case ListKind.PROBLEMS:
            problem_import.write(session, part, actor=actor, now=now)
        case ListKind.HOUSEHOLDS:
            household_import.write(session, part, by=by, now=now)
        case ListKind.ROSTER:
            links = roster_import.write(session, part, by=by, now=now)
        case ListKind.REGIONS:
            regions_import.write(session, part, by=by, now=now)
        case ListKind.COMPARED:
            case_import.write(session, part, actor=actor, source=source, now=now)
    return Written(wrong, links)
