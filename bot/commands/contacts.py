"""`zhucun contacts`: who answers for which household, for the owner of the machine: pairing from a list."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands import case_lists
from bot.commands.asked import refusing
from bot.commands.batches import in_batches, refuse_faults
from bot.commands.shown import Format, lines
from bot.settings import open_store
from reports import contact_records
from storage import contact_import, journal, teams
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("联系服务卡"))


@app.callback()
def contacts() -> None:
    """Contact cards, for the owner of the machine."""


SHOWN = 50
"""Rows of a table; JSON holds everything."""


@app.command("list", help=_("列出联系服务卡：谁从哪天起联系哪一户。不写户主。每次都有记录。"))
def list_(region: str = case_lists.REGION, format_: Format = case_lists.FORMAT) -> None:
    """List contact cards, those that ended too, in the order in which they were offered."""
    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        place = teams.region(session, region).code if region else ""
        with store.writing() as writing:
            about = {"places": [place] if place else [], "format": format_.value}
            journal.write(writing, None, "contacts.list", "contacts", now, **about)
        found = contact_records.records(session, place)
        lines(found) if format_ is Format.JSON else _table(found)


def _table(found: Iterator[contact_records.Record]) -> None:
    table = Table(_("村"), _("户"), _("类别"), _("联系人"), _("接受"), _("结束"))
    for one in islice(found, SHOWN):
        days = ((one[name] or "")[:10] for name in ("accepted_at", "ended_at"))
        table.add_row(
            one["village_name"], one["household_uid"][:8], one["category"] or "", one["cadre"], *days
        )
    Console().print(table)


@app.command("import", help=_("导入结对名单，逐户请人联系，可以反复导入。本人接受以后才算。"))
def import_(
    file: Path = typer.Argument(help=_("xlsx 或 csv 文件，按表头认列：户主、村、联系人，可加身份证号。")),
    by: str = typer.Option(..., help=_("以谁的名义结对：督导或管理员的全名或编号。")),
    inside: str = typer.Option("", help=_("在哪个区域里按村名找村：区域代码。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Ask a cadre for every household of a list; safe to repeat."""
    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        actor = case_lists.managing(session, by, now)
        plan = contact_import.plan(session, file, actor, now, territory=inside)
    wrong = list(plan.wrong)
    if not dry_run:
        write = partial(contact_import.write, actor=actor, now=now)
        with refusing():
            wrong += [fault for part in in_batches(store, plan.new, write, _("结对")) for fault in part]
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    typer.echo(done + _("请人联系 {new} 户，不变 {same} 户").format(new=len(plan.new), same=plan.same))
    refuse_faults(file, wrong)
