"""`zhucun team`: resident work teams and the villages they serve."""

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.settings import open_store
from storage import teams
from storage.texts import _, listed

app = typer.Typer(no_args_is_help=True, help=_("工作队"))


@app.command(help=_("添加工作队；同名的队改为这些村和单位。"))
def add(
    name: str = typer.Option(..., help=_("工作队名称。")),
    village: list[str] = typer.Option(..., help=_("所驻村的 12 位代码；可写多次。")),
    unit: str | None = typer.Option(None, help=_("派出单位；没有就添加。")),
) -> None:
    """Add a team, or give the team of that name these villages and unit."""
    with refusing(), open_store().writing() as session:
        team = teams.add_team(session, name, village, unit=unit, by=None, now=system_now())
        typer.echo(_("工作队 {number}：{name}").format(number=team.id, name=team.name))


@app.command("list", help=_("列出工作队和它们的单位、村。"))
def list_(region: str = typer.Option("", help=_("区域代码；不写是全部。"))) -> None:
    """Teams with their units and villages."""
    table = Table(_("编号"), _("工作队"), _("单位"), _("村"))
    with open_store().reading() as session:
        units = {unit.id: unit.name for unit in teams.units(session)}
        for team in teams.teams(session, region):
            villages = teams.place_names(session, teams.villages_of(session, team.id or 0))
            unit = units.get(team.unit_id, "") if team.unit_id else ""
            table.add_row(str(team.id), team.name, unit, listed(villages))
    Console().print(table)
