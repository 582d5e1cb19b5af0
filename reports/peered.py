"""A town's week, or a team's, beside the median of the towns of the same class. No rank, and no other town's name."""

from fractions import Fraction

from reports.figures import Figures, Parts
from storage.peers import to_one_place
from storage.texts import N_, _
from storage.town_classes import LABELS

COUNTS = {
    "towns": N_("同类乡镇个数"),
    "visits": N_("同类乡镇每队走访中位数"),
    "households": N_("同类乡镇每队户数中位数"),
}
OWN = {"visits": N_("每队走访"), "households": N_("每队户数")}


def own(figures: Figures, name: str) -> float:
    """The scope's own count for each of its teams, to one place."""
    teams = figures.teams or 1
    return to_one_place(Fraction(getattr(figures.total, name), teams))


def sentence(figures: Figures) -> str:
    """The median, and the own figures beside it; nothing where no median was kept."""
    peers = figures.peers
    if peers is None:
        return ""
    told = _(
        "其他{count}个{town_class}类乡镇每队走访的中位数是{visits}次、覆盖{households}户；{who}{own_visits}次、{own_households}户。"
    )
    return told.format(
        count=peers.towns, town_class=_(LABELS[peers.town_class]), who=_who(figures), visits=_whole(peers.visits),
        households=_whole(peers.households), own_visits=_whole(own(figures, "visits")),
        own_households=_whole(own(figures, "households")),
    )  # fmt: skip


def _who(figures: Figures) -> str:
    return _("本队是") if figures.parts is Parts.VILLAGES else _("本乡镇每队是")


def rows(figures: Figures) -> tuple[tuple[str, float], ...]:
    """What is told by its name (message id): the median's counts, then the own ones."""
    if figures.peers is None:
        return ()
    median = ((label, _whole(getattr(figures.peers, key))) for key, label in COUNTS.items())
    return (*median, *((label, _whole(own(figures, key))) for key, label in OWN.items()))


def _whole(number: float) -> float:
    """What is whole without a place behind it."""
    return int(number) if number == int(number) else number
