"""Classes of towns (示范, 正常, 攻坚) by code, from a list that people bring. A class may change: figures are
kept with the one that held when they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from storage import journal
from storage.places import Level, Region, TownClass
from storage.region_places import CODE, Plan, region_of
from storage.sheets import Line, lines
from storage.texts import N_, _

COLUMNS = {
    "code": CODE,
    "class": ("class", "类别", "乡镇类别"),  # not for people: headings that are understood
}
LABELS = {TownClass.MODEL: N_("示范"), TownClass.NORMAL: N_("正常"), TownClass.PRIORITY: N_("攻坚")}
_WORDS: dict[str, TownClass | None] = {
    **{one.value: one for one in TownClass},
    **{label: one for one, label in LABELS.items()},
    **dict.fromkeys(("无", "none")),  # not for people: takes a class away
}


@dataclass(frozen=True)
class Classed:
    """A town's code, and the class it is to have (None: none any more)."""

    code: str
    town_class: TownClass | None


def plan(session: Session, path: Path) -> Plan[Classed]:
    """Read the list and compare it with what is here. Raises Refusal for a file that cannot be read."""
    made, seen = Plan[Classed](), set[str]()
    for line in lines(path, COLUMNS, frozenset(COLUMNS)):
        town, word = _town(session, line), line.text("class")
        if town is None:
            made.wrong.append(line.fault("code", _("没有这个代码的乡镇（街道），类别只给乡镇。")))
        elif town.code in seen:
            made.wrong.append(line.fault("code", _("这个代码前面已经有一行，请只留一行。")))
        elif word not in _WORDS:
            made.wrong.append(line.fault("class", _("请写示范、正常、攻坚；要去掉类别请写无。")))
        elif town.town_class == _WORDS[word]:
            made.same += 1
        else:
            made.new.append(Classed(town.code, _WORDS[word]))
        seen |= {town.code} if town else set()
    return made


def write(session: Session, classed: Sequence[Classed], *, by: int | None, now: datetime) -> None:
    for one in classed:
        session.get_one(Region, one.code).town_class = one.town_class
        journal.write(session, by, "region.class", f"region:{one.code}", now)
    session.flush()


def _town(session: Session, line: Line) -> Region | None:
    found = region_of(session, line)
    return found if found and found.level is Level.TOWN else None
