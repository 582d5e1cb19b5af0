"""What the counts of a week, and the parts of a scope, are called."""

from collections.abc import Callable

from reports.figures import Parts
from storage.kinds import KINDS
from storage.tallies import Tally
from storage.texts import N_, _

COUNTS = {
    "visits": N_("走访次数"),
    "households": N_("覆盖户数"),
    "photos": N_("现场照片份数"),
    "pictures": N_("照片张数"),
    "cases": N_("新增困难件数"),
    "urgent": N_("其中紧急"),
    "issued": N_("整改下达"),
    "completed": N_("整改完成"),
    "accepted": N_("整改验收"),
    "overdue": N_("整改逾期"),
    "belated": N_("补报走访"),
    "closed": N_("困难办结"),
    "open": N_("困难在办"),
    "cases_overdue": N_("困难逾期"),
    "returned": N_("整改退回"),
    "struck_off": N_("整改销号"),
    "to_mend": N_("待整改"),
    "to_accept": N_("待验收"),
    "to_strike": N_("待销号"),
    "ended": N_("办了的时限"),
    "on_time": N_("其中按时"),
    "running_late": N_("逾期未办的时限"),
}
"""Each field of Tally, in its order."""
OPENED = COUNTS | {"contacted": N_("应联系户的走访")}
"""Each figure that leads to its records."""


def late_label(kind: str, clock: str) -> str:
    """Which step of which kind is overdue."""
    life = KINDS[kind].life if kind in KINDS else None
    titles = [one.title for one in life.clocks if one.name == clock] if life else []
    words = (KINDS[kind].title, titles[0]) if titles else (clock,)
    return "·".join(dict.fromkeys(_(one) for one in words))


PARTS = {
    Parts.CITIES: N_("各市"),
    Parts.COUNTIES: N_("各区县"),
    Parts.TOWNS: N_("各镇街"),
    Parts.TEAMS: N_("各队"),
    Parts.VILLAGES: N_("各村"),
}


TILES = ("visits", "households", "pictures", "cases", "completed")
"""The figures that `tiles` shows, in its order."""
Tile = tuple[str, int, str, bool]
"""What is counted, how many, a note beside it, and whether it is an alarm."""


def tiles(now: Tally, before: Tally, against: Callable[[int, int], str]) -> tuple[Tile, ...]:
    """What a week is looked at for first; `against` words a count beside that of the week before."""
    return (
        (_("走访（次）"), now.visits, against(now.visits, before.visits), False),
        (_("覆盖户数"), now.households, against(now.households, before.households), False),
        (_("照片（张）"), now.pictures, against(now.pictures, before.pictures), False),
        (_("新增困难"), now.cases, _("其中紧急 {count}").format(count=now.urgent), now.urgent > 0),
        (_("整改完成"), now.completed, _("下达 {count}").format(count=now.issued), False),
    )
