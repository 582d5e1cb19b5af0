"""`zhucun houses`: dangerous houses, for the owner of the machine."""

import typer

from bot.commands import case_lists
from bot.commands.shown import Format
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("危房"))


@app.callback()
def houses() -> None:
    """Dangerous houses, for the owner of the machine."""


@app.command(
    "list",
    help=_("列出危房和它们的时限，最新的在前。户主打码，用 --reveal 说明理由后才显示。每次都有记录。"),
)
def list_(
    region: str = typer.Option("", help=_("村、镇或县的代码。")),
    opened: bool = typer.Option(False, "--open", help=_("只列在办的。")),
    late: bool = typer.Option(False, help=_("只列逾期的。")),
    format_: Format = typer.Option(Format.TABLE, "--format", help=_("输出格式；json 每行一个对象。")),
    reveal: str = typer.Option("", help=_("不打码的理由，会记入日志。")),
) -> None:
    """List dangerous houses with their clocks, newest first."""
    case_lists.show("house", region, format_, opened=opened, late=late, reveal=reveal)
