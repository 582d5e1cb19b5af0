"""`zhucun rectifications`: problems issued to teams, for the owner of the machine."""

import typer

from bot.commands import case_lists
from bot.commands.shown import Format
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("整改"))


@app.callback()
def rectifications() -> None:
    """Problems issued to teams, for the owner of the machine."""


@app.command("list", help=_("列出整改和它们的时限，最新的在前。每次都有记录。"))
def list_(
    region: str = typer.Option("", help=_("村、镇或县的代码。")),
    opened: bool = typer.Option(False, "--open", help=_("只列在办的。")),
    late: bool = typer.Option(False, help=_("只列逾期的。")),
    format_: Format = typer.Option(Format.TABLE, "--format", help=_("输出格式；json 每行一个对象。")),
) -> None:
    """List rectifications with their clocks, newest first."""
    case_lists.show("rectification", region, format_, opened=opened, late=late, reveal="")
