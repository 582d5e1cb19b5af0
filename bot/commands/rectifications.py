"""`zhucun rectifications`: problems issued to teams, for the owner of the machine: listing them, taking in a list of
problems, and writing the three lists and the ledger."""

from functools import partial
from pathlib import Path

import typer

from bot.clock import system_now
from bot.commands import case_lists
from bot.commands.asked import refusing
from bot.commands.batches import in_batches, refuse_faults, show_known
from bot.commands.shown import Format
from bot.errors import fail
from bot.settings import open_store
from storage import journal, problem_import, teams
from storage.kinds.rectification import LIFE, Rectification
from storage.reading import Filter
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("整改"))


@app.callback()
def rectifications() -> None:
    """Problems issued to teams, for the owner of the machine."""


@app.command("list", help=_("列出整改和它们的时限，最新的在前。每次都有记录。"))
def list_(
    region: str = case_lists.REGION,
    opened: bool = case_lists.OPENED,
    late: bool = case_lists.LATE,
    format_: Format = case_lists.FORMAT,
) -> None:
    """List rectifications with their clocks, newest first."""
    case_lists.show("rectification", region, format_, opened=opened, late=late, reveal="")


@app.command("import", help=_("导入问题清单，逐条交办，可以反复导入。已在办的同一问题不重复交办。"))
def import_(
    file: Path = typer.Argument(
        help=_("xlsx 或 csv 文件，按表头认列：村、问题、整改期限，可加工作队、牵头单位、责任人等。")
    ),
    by: str = typer.Option(..., help=_("以谁的名义交办：督导或管理员的全名或编号。")),
    inside: str = typer.Option("", help=_("在哪个区域里按村名找村：区域代码。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Issue every problem of a list; safe to repeat."""
    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        actor = case_lists.managing(session, by, now)
        plan = problem_import.plan(session, file, actor, now, territory=inside)
    if not dry_run:
        with refusing():
            in_batches(store, plan.new, partial(problem_import.write, actor=actor, now=now), _("交办"))
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    counts = _("交办 {new} 件，已在办 {known} 件").format(new=len(plan.new), known=len(plan.known))
    typer.echo(done + counts)
    show_known(plan.known)
    refuse_faults(file, plan.wrong)


@app.command(help=_("导出问题、任务、责任三张清单和整改台账，一个 xlsx 四张表。每次都有记录。"))
def export(
    out: Path = typer.Option(..., help=_("写到哪个文件，如 整改台账.xlsx；不覆盖已有的文件。")),
    region: str = case_lists.REGION,
    opened: bool = case_lists.OPENED,
) -> None:
    """Write the three lists and the ledger as a workbook; personal numbers in texts are hidden."""
    if out.exists():
        fail(_("{file} 已经有了：请换一个文件名。").format(file=out))
    # Here, because it brings numpy along and most commands write no workbook.
    from reports import ledgers

    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        place = teams.region(session, region) if region else None
        states = LIFE.live if opened else ()
        asked = Filter(kind=Rectification.kind, places=(place.code,) if place else (), states=states)
        with store.writing() as writing:
            journal.write(writing, None, "rectifications.export", "reports", now, places=list(asked.places))
        made, count = ledgers.workbook(session, asked, place.name if place else "", now)
    try:
        out.write_bytes(made)
    except OSError as error:
        fail(_("写不进 {folder}：{why}。").format(folder=out, why=error.strerror or type(error).__name__))
    typer.echo(_("已写入 {file}：整改 {count} 件。").format(file=out, count=count))
