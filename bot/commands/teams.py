"""`zhucun team`: resident work teams and the villages they serve."""

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.settings import open_store
from storage import teams
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("工作队"))


@app.command()
def add(
    name: str = typer.Option(..., help="Name of the team."),
    village: list[str] = typer.Option(..., help="12-digit code of a village it serves; may be repeated."),
    unit: str | None = typer.Option(None, help="The unit that sends it; added when new."),
) -> None:
    """Add a team, or give the team of that name these villages and unit."""
    with refusing(), open_store().writing() as session:
        team = teams.add_team(session, name, village, unit=unit, by=None, now=system_now())
        typer.echo(_("工作队 {number}：{name}").format(number=team.id, name=team.name))


@app.command("list")
def list_(region: str = typer.Option("", help="Code of a region; empty: all.")) -> None:
    """Teams with their units and villages."""
    table = Table(_("编号"), _("工作队"), _("单位"), _("村"))
    with open_store().reading() as session:
        units = {unit.id: unit.name for unit in teams.units(session)}
        for team in teams.teams(session, region):
            villages = teams.place_names(session, teams.villages_of(session, team.id or 0))
            unit = units.get(team.unit_id, "") if team.unit_id else ""
            table.add_row(str(team.id), team.name, unit, "、".join(villages))
    Console().print(table)
