"""`zhucun unit`: the organisations that send teams."""

import typer

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.settings import open_store
from storage import teams
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("派出单位"))


@app.command(help=_("添加派出单位；已有的不变。"))
def add(name: str = typer.Option(..., help=_("单位名称。"))) -> None:
    """Add a unit; one that is here already stays as it is."""
    with refusing(), open_store().writing() as session:
        unit = teams.add_unit(session, name, by=None, now=system_now())
        typer.echo(_("单位 {number}：{name}").format(number=unit.id, name=unit.name))


@app.command("list", help=_("列出全部单位。"))
def list_() -> None:
    """All units."""
    with open_store().reading() as session:
        for unit in teams.units(session):
            typer.echo(f"{unit.id}\t{unit.name}")
