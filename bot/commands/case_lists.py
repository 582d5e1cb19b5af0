"""What `zhucun cases`, `zhucun houses` and `zhucun rectifications` share."""

from collections.abc import Iterator
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.commands.shown import Format, lines
from bot.errors import fail
from bot.settings import open_store
from reports import cases
from storage import identity, journal, teams, territory, todo
from storage.clock_rules import NAMES
from storage.identity import Actor
from storage.kinds import KINDS
from storage.reading import Filter
from storage.report import ReportState
from storage.states import STATES
from storage.texts import _

REGION = typer.Option("", help=_("村、镇或县的代码。"))
OPENED = typer.Option(False, "--open", help=_("只列在办的。"))
LATE = typer.Option(False, help=_("只列逾期的。"))
FORMAT = typer.Option(Format.TABLE, "--format", help=_("输出格式；json 每行一个对象。"))
REVEAL = typer.Option("", help=_("不打码的理由，会记入日志。"))
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


def managing(session: Session, by: str, now: datetime) -> Actor:
    """The supervisor or administrator of that name or number, in whose name a list is taken in."""
    known = territory.people_known(session, by)
    actors = [identity.actor(session, person, now) for person in known]
    found = [one for one in actors if one is not None and one.regions()]
    if len(found) != 1:
        fail(_("没有一位叫“{name}”的督导或管理员，请写全名或编号（见 zhucun person list）。").format(name=by))
    return found[0]
