"""`zhucun cases`: hardship cases, for the owner of the machine: listing them, and taking in a department's list."""

from functools import partial
from pathlib import Path

import typer

from bot.clock import system_now
from bot.commands import case_lists
from bot.commands.asked import refusing
from bot.commands.batches import in_batches, refuse_faults, show_known
from bot.commands.shown import Format
from bot.settings import open_store
from storage import case_import
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("困难情况"))


@app.command(
    "list",
    help=_("列出困难情况和它们的时限，最新的在前。户主打码，用 --reveal 说明理由后才显示。每次都有记录。"),
)
def list_(
    region: str = case_lists.REGION,
    opened: bool = case_lists.OPENED,
    late: bool = case_lists.LATE,
    format_: Format = case_lists.FORMAT,
    reveal: str = case_lists.REVEAL,
) -> None:
    """List hardship cases with their clocks, newest first."""
    case_lists.show("hardship", region, format_, opened=opened, late=late, reveal=reveal)


@app.command("import", help=_("导入部门比对名单，逐户立案，可以反复导入。已在办的户不重复立案。"))
def import_(
    file: Path = typer.Argument(help=_("xlsx 或 csv 文件，按表头认列：姓名、村、身份证号、情况。")),
    by: str = typer.Option(..., help=_("以谁的名义立案：督导或管理员的全名或编号。")),
    source: str = typer.Option(..., help=_("名单来自哪个部门，如 医保局。")),
    inside: str = typer.Option("", help=_("在哪个区域里按村名找村：区域代码。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Open a case for every household of a department's list; safe to repeat."""
    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        actor = case_lists.managing(session, by, now)
        plan = case_import.plan(session, file, actor, territory=inside)
    if not dry_run:
        write = partial(case_import.write, actor=actor, source=source, now=now)
        with refusing():
            in_batches(store, plan.new, write, _("立案"))
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    counts = _("立案 {new} 户（其中新户 {strangers}），已在办 {open} 户").format(
        new=len(plan.new), strangers=sum(one.household is None for one in plan.new), open=len(plan.open)
    )
    typer.echo(done + counts)
    show_known(plan.open)
    refuse_faults(file, plan.wrong)
