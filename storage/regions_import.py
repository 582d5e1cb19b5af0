"""Regions from lists: one of any levels, or county, towns and villages in the columns of china-division."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from storage import journal, places
from storage.identity import Actor
from storage.places import Level, Region
from storage.scope import administers
from storage.sheets import BadCell, Given, Line, lines
from storage.texts import _

COLUMNS: Mapping[str, tuple[str, ...]] = {  # not for people: headings matched in their lists
    "code": ("代码", "区划代码", "统计用区划代码", "code"),
    "name": ("名称", "区划名称", "name"),
    "parent": ("上级代码", "上级", "streetCode", "areaCode", "cityCode"),
}
NEEDED = frozenset({"code", "name"})
PARENT = {Level.COUNTY: "cityCode", Level.TOWN: "areaCode", Level.VILLAGE: "streetCode"}
SHIPPED = Path(__file__).parent / "regions"


@dataclass(frozen=True)
class Place:
    """One row of a list: a region as it should be."""

    code: str
    name: str
    level: Level
    parent: str | None


@dataclass
class Plan:
    """What an import would do. `absent` are regions we have in the same counties and the lists have not:
    they are told and left as they are, because reports hang on them."""

    new: list[Place] = field(default_factory=list)
    renamed: list[Place] = field(default_factory=list)
    same: int = 0
    wrong: list[tuple[str, BadCell]] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    @property
    def changes(self) -> list[Place]:
        """To be written in this order: a parent comes before its children."""
        return sorted([*self.new, *self.renamed], key=lambda place: (len(place.code), place.code))


def shipped(county: str) -> dict[Level, Path]:
    """The lists that come with the program (120114 武清区, for the demo; their source is beside them)."""
    folder = SHIPPED / county
    return {
        Level.COUNTY: folder / "county.csv",
        Level.TOWN: folder / "towns.csv",
        Level.VILLAGE: folder / "villages.csv",
    }


def plan(session: Session, files: Mapping[Level, Path]) -> Plan:
    """Read the lists and compare them with what is here; nothing is written. Raises Refusal for a file that
    cannot be read; faults of single rows are in the plan."""
    made = Plan()
    known = {region.code: region.name for region in session.exec(select(Region))}
    seen: set[str] = set()
    for level in (Level.COUNTY, Level.TOWN, Level.VILLAGE):
        if level in files:
            _compare(made, files[level], level, known, seen)
    counties = {code[:6] for code in seen}
    made.absent = sorted(code for code in known.keys() - seen if len(code) > 6 and code[:6] in counties)
    return made


def plan_list(session: Session, given: Given, *, actor: Actor | None = None) -> Plan:
    """The same for one list of counties, towns and villages in any order; their codes tell which is which. An actor's
    list is of regions they administer. Raises Refusal when it cannot be read."""
    made, seen = Plan(), set[str]()
    known = {region.code: region.name for region in session.exec(select(Region))}
    for line in sorted(lines(given, COLUMNS, NEEDED), key=_depth):
        level = _level(line.text("code"))
        if level is None:
            what = _("“{text}”不是县、镇、村的区划代码（6、9、12 位）。").format(text=line.text("code"))
            made.wrong.append((given.name, line.fault("code", what)))
            continue
        _take(made, given.name, line, level, (known, seen), actor)
    parents = {places.around(code)[-2] for code in seen}
    made.absent = sorted(
        code for code in known.keys() - seen if len(code) > 6 and places.around(code)[-2] in parents
    )
    made.wrong.sort(key=lambda one: one[1].row)
    return made


def _depth(line: Line) -> int:
    """Parents before what lies in them."""
    level = _level(line.text("code"))
    return list(PARENT).index(level) if level is not None else 0


def _level(text: str) -> Level | None:
    """Of a code that may stand in a list."""
    return next((level for level in PARENT if _code(text, level) is not None), None)


def _compare(made: Plan, path: Path, level: Level, known: dict[str, str], seen: set[str]) -> None:
    for line in lines(path, _columns(level), frozenset({"code", "name", "parent"})):
        if not line.text("parent"):
            fault = line.fault("parent", _("请写上级代码。"))
            made.wrong.append((path.name, fault))
            continue
        _take(made, path.name, line, level, (known, seen), None)


def _take(
    made: Plan,
    file: str,
    line: Line,
    level: Level,
    here: tuple[dict[str, str], set[str]],
    actor: Actor | None,
) -> None:
    """A row: what becomes of it. `here` is what is known, and what the lists have told by now."""
    known, seen = here
    place = _place(line, level, known.keys() | seen)
    if isinstance(place, BadCell):
        made.wrong.append((file, place))
    elif place.code in seen:
        what = _("代码 {code} 在表里重复了。").format(code=place.code)
        made.wrong.append((file, line.fault("code", what)))
    elif actor is not None and not administers(actor, place.code):
        made.wrong.append((file, line.fault("code", _("这不在您管理的范围内，请由那里的管理员来导入。"))))
    else:
        seen.add(place.code)
        _sort(made, place, known.get(place.code))


def _columns(level: Level) -> dict[str, tuple[str, ...]]:
    return {"code": ("code",), "name": ("name",), "parent": (PARENT[level],)}


def _sort(made: Plan, place: Place, name: str | None) -> None:
    if name is None:
        made.new.append(place)
    elif name != place.name:
        made.renamed.append(place)
    else:
        made.same += 1


def _place(line: Line, level: Level, here: set[str]) -> Place | BadCell:
    code = _code(line.text("code"), level)
    if code is None:
        return line.fault("code", _("“{text}”不是这一级的区划代码。").format(text=line.text("code")))
    if not line.text("name"):
        return line.fault("name", _("名称是空的，请补上。"))
    parent = _short(line.text("parent")) or places.around(code)[-2]
    if not code.startswith(parent) or code == parent:
        return line.fault(
            "parent", _("上级 {parent} 与代码 {code} 对不上。").format(parent=parent, code=code)
        )
    if level != Level.COUNTY and parent not in here:
        return line.fault("parent", _("上级 {parent} 不在表里，请先导入上级。").format(parent=parent))
    # The lists name provinces and cities by code only: a county hangs on its city once that is here.
    return Place(code, line.text("name"), level, parent if parent in here else None)


def _short(text: str) -> str:
    """A code as it is kept; what is none stays as it is, and fits nothing."""
    try:
        return places.canonical(text)
    except ValueError:
        return text


def _code(text: str, level: Level) -> str | None:
    try:
        code = places.canonical(text)
        return code if places.level_of(code) == level else None
    except (ValueError, KeyError):
        return None


def write(session: Session, changes: Sequence[Place], *, by: int | None, now: datetime) -> None:
    """Write part of a plan's changes, in their order, and journal them by county."""
    for place in changes:
        region = session.get(Region, place.code)
        if region is None:
            session.add(Region(code=place.code, name=place.name, level=place.level, parent=place.parent))
        else:
            region.name = place.name
    session.flush()
    for county in sorted({place.code[:6] for place in changes}):
        rows = sum(place.code.startswith(county) for place in changes)
        journal.write(session, by, "regions.import", f"region:{county}", now, rows=rows)


def counted(session: Session, code: str = "") -> Iterator[tuple[Region, int]]:
    """Each county and town inside `code` with the number of villages and neighbourhoods in it."""
    inside = select(Region).where(places.inside(Region.code, code)).order_by(col(Region.code))
    regions = list(session.exec(inside))
    villages = [one.code for one in regions if one.level == Level.VILLAGE]
    count = Counter(village[:length] for village in villages for length in (6, 9))
    for region in regions:
        if region.level in (Level.COUNTY, Level.TOWN):
            yield region, count[region.code]
