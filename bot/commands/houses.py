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
    region: str = case_lists.REGION,
    opened: bool = case_lists.OPENED,
    late: bool = case_lists.LATE,
    format_: Format = case_lists.FORMAT,
    reveal: str = case_lists.REVEAL,
) -> None:
    """List dangerous houses with their clocks, newest first."""
    case_lists.show("house", region, format_, opened=opened, late=late, reveal=reveal)
