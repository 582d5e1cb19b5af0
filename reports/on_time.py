"""How much was on time: the share that counts what is late and still open, and the steps that are overdue."""

from reports.counts import late_label
from reports.figures import Figures
from storage.texts import _, listed


def percentage(part: float) -> float:
    """Of a part of 1, to one place; only what is whole is said to be whole."""
    return int(part * 1000) / 10


def percent(part: float) -> str:
    """The same with its sign."""
    return f"{percentage(part):g}%"


def sentence(figures: Figures) -> str:
    """What was on time ÷ (what was done + what is late and still open)."""
    now = figures.total
    if now.punctual is None:
        return ""
    return _("按时率 <b>{rate}</b>：按时 {on_time} ÷（办了 {ended} + 逾期未办 {late}）").format(
        rate=percent(now.punctual), on_time=now.on_time, ended=now.ended, late=now.running_late
    )


def late(figures: Figures) -> str:
    """Which steps are overdue, and how often; nothing where none is."""
    steps = (f"{late_label(kind, clock)} {count}" for kind, clock, count in figures.late)
    return _("逾期的环节：{which}").format(which=listed(steps)) if figures.late else ""
