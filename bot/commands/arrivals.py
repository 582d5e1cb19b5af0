"""`zhucun arrivals`: what could not be handled, and its second chance."""

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.numbered import each, say
from bot.settings import open_store
from storage import arrivals
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("没有处理成功的消息"))


@app.command("list", help=_("列出没有处理成功的消息：编号、时间、次数、出错的位置（不含内容）。"))
def list_() -> None:
    """Parked arrivals: number, bot, when, attempts, class and place of the error (never its text)."""
    table = Table(_("编号"), _("机器人"), _("收到时间"), _("次数"), _("原因"))
    with open_store().reading() as session:
        for one in arrivals.parked(session):
            table.add_row(
                f"A{one.id}",
                str(one.bot),
                f"{one.received_at:%Y-%m-%d %H:%M:%S}Z",
                str(one.attempts),
                one.error,
            )
    Console().print(table)


@app.command(help=_("让这些消息由运行中的机器人重新处理。"))
def retry(numbers: list[str] = typer.Argument(help=_("编号，如 A12，可写多个；all 是全部。"))) -> None:
    """Let parked arrivals (numbers as listed, or "all") be handled again by the running bot."""
    with open_store().writing() as session:
        known = [one.id for one in arrivals.parked(session)]
        again = each(numbers, "A", known, lambda number: arrivals.retry(session, number))
    say(again, _("{count} 条将重新处理。"), "zhucun arrivals list")
