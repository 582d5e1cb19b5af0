"""`zhucun households`: the households of villages, from xlsx or csv."""

from functools import partial
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.commands.batches import in_batches, refuse_faults
from bot.settings import open_store
from storage import household_import, household_list, teams
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("农户"))


@app.command("import", help=_("导入农户，可以反复导入。对的行导入，错的行连同单元格列出来。"))
def import_(
    file: Path = typer.Argument(help=_("xlsx 或 csv 文件，按表头认列。")),
    village: str = typer.Option("", help=_("村的代码；不写则看表里的“村”列。")),
    inside: str = typer.Option("", help=_("在哪个区域里按村名找村：区域代码。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Import households; safe to repeat. Rows in order are imported, the others listed with their cells."""
    store = open_store()
    with refusing(), store.reading() as session:
        code = teams.village(session, village).code if village else None
        plan = household_import.plan(session, file, village=code, territory=inside)
    if not dry_run:
        now = system_now()
        write = partial(household_import.write, by=None, now=now)
        in_batches(store, plan.changes, write, _("导入农户"))
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    counts = _("新增 {new} 户，更新 {changed} 户，不变 {same} 户").format(
        new=len(plan.new), changed=len(plan.changed), same=plan.same
    )
    typer.echo(done + counts)
    refuse_faults(file, plan.wrong)


@app.command("list", help=_("列出一个村的农户，姓名和号码打码。"))
def list_(village: str = typer.Option(..., help=_("村的代码。"))) -> None:
    """The households of a village, masked."""
    table = Table(_("编号"), _("户主"), _("卡号"), _("电话"), _("身份证号"), _("类别"), _("人口"))
    with refusing(), open_store().reading() as session:
        for one in household_list.masked_list(session, [teams.village(session, village).code]):
            members = str(one.members or "")
            table.add_row(
                str(one.household_id), one.head, one.card, one.phone, one.id_number, one.category, members
            )
    Console().print(table)
