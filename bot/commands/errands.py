"""`zhucun errands`: background work that failed for good, and its second chance."""

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.numbered import each, say
from bot.settings import open_store
from storage import errands
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("没有做成的后台任务"))


@app.command("list", help=_("列出没有做成的后台任务：编号、种类、次数、原因（不含内容）。"))
def list_() -> None:
    """Parked errands: number, kind, attempts, class of the error."""
    table = Table(_("编号"), _("种类"), _("次数"), _("原因"))
    with open_store().reading() as session:
        for one in errands.parked(session):
            table.add_row(f"E{one.id}", one.kind, str(one.attempts), one.error)
    Console().print(table)


@app.command(help=_("让这些任务由运行中的机器人重新做。"))
def retry(numbers: list[str] = typer.Argument(help=_("编号，如 E12，可写多个；all 是全部。"))) -> None:
    """Let parked errands (numbers as listed, or "all") be run again."""
    with open_store().writing() as session:
        known = [one.id for one in errands.parked(session)]
        again = each(numbers, "E", known, lambda number: errands.retry(session, number, system_now()))
    say(again, _("{count} 条将重新去做。"), "zhucun errands list")
