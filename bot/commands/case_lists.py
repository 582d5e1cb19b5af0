"""What `zhucun cases list` and `zhucun rectifications list` share."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.commands.shown import Format, lines
from bot.settings import open_store
from reports import cases
from storage import journal, teams, todo
from storage.clock_rules import NAMES
from storage.kinds import KINDS
from storage.reading import Filter
from storage.report import ReportState
from storage.states import STATES
from storage.texts import _

SHOWN = 50
"""Rows of a table; JSON holds everything."""


def show(kind: str, region: str, format_: Format, *, opened: bool, late: bool, reveal: str) -> None:
    """List the cases of a kind; `opened`: only those that are on a clock. Journaled."""
    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        place = teams.region(session, region).code if region else ""
        life = KINDS[kind].life
        states = life.live if opened and life is not None else ()
        asked = Filter(kind=kind, places=(place,) if place else (), states=states)
        with store.writing() as writing:
            about = {"kind": kind, "format": format_.value}
            journal.write(writing, None, "cases.list", "reports", now, places=list(asked.places), **about)
            if reveal:
                journal.read(writing, None, "household.head", "reports", reveal, now)
        found = cases.records(session, asked, now, late=late, reveal=bool(reveal))
        lines(found) if format_ is Format.JSON else _table(found)
    with store.reading() as session:
        count = todo.late_in(session, place, now, kind)
    if format_ is Format.TABLE:
        Console().print(_("动态清零：逾期未办 {late} 件。").format(late=count))


def _table(found: Iterator[cases.Record]) -> None:
    heads = (_("编号"), _("村"), _("户"), _("状态"), _("时限"), _("到期"), _("逾期天数"))
    table = Table(*heads)
    for _row, one in zip(range(SHOWN), found, strict=False):
        state, clock = _(STATES[ReportState(one["state"])]), _(NAMES[one["clock"]]) if one["clock"] else ""
        table.add_row(
            one["number"], one["village_name"], one["household"] or "", state, clock,
            (one["due_at"] or "")[:10], str(one["overdue_days"] or ""),
        )  # fmt: skip
    Console().print(table)
