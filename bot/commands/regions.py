"""`zhucun regions`: the administrative tree, from lists in china-division's columns."""

from functools import partial
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.commands.batches import in_batches, refuse_faults, show_faults
from bot.errors import fail
from bot.settings import open_store
from storage import region_places, regions_import, town_classes
from storage.places import Level
from storage.region_places import Plan
from storage.texts import _, listed

app = typer.Typer(no_args_is_help=True, help=_("区划：县、镇、村"))


@app.command("import", help=_("导入区划，可以反复导入。对的行导入，错的行连同单元格列出来。"))
def import_(
    file: Path | None = typer.Argument(
        None, help=_("xlsx 或 csv 文件，县、镇、村在一张表里：代码、名称，可加上级代码。")
    ),
    county: Path | None = typer.Option(None, help=_("县级 CSV，列为 code、name、cityCode。")),
    towns: Path | None = typer.Option(None, help=_("镇级 CSV，列为 code、name、areaCode。")),
    villages: Path | None = typer.Option(None, help=_("村级 CSV，列为 code、name、streetCode。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Import regions; safe to repeat. Rows in order are imported, the others are listed with their cells."""
    given = {Level.COUNTY: county, Level.TOWN: towns, Level.VILLAGE: villages}
    files = {level: path for level, path in given.items() if path is not None}
    if bool(files) == (file is not None):
        fail(_("请给出要导入的文件：一张表，或者 --county、--towns、--villages 至少一个。"))
    store = open_store()
    with refusing(), store.reading() as session:
        plan = regions_import.plan_list(session, file) if file else regions_import.plan(session, files)
    if not dry_run:
        now = system_now()
        write = partial(regions_import.write, by=None, now=now)
        in_batches(store, plan.changes, write, _("导入区划"))
    _tell(plan, dry_run)


def _tell(plan: regions_import.Plan, dry_run: bool) -> None:
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    counts = _("新增 {new}，改名 {renamed}，不变 {same}").format(
        new=len(plan.new), renamed=len(plan.renamed), same=plan.same
    )
    typer.echo(done + counts)
    if plan.absent:
        typer.echo(
            _("库里有而表里没有：{count} 个（保留不动），例如 {codes}").format(
                count=len(plan.absent), codes=listed(plan.absent[:5])
            )
        )
    if wrong := show_faults(plan.wrong):
        fail(_("{count} 行有误，没有导入。改好后再导入一次即可，已导入的不会重复。").format(count=wrong))


@app.command("places", help=_("导入村镇的坐标，控制台的村图用。可以反复导入。"))
def places_(
    file: Path = typer.Argument(help=_("CSV 或 xlsx，列为 代码、纬度、经度（WGS-84）。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Import where regions lie; safe to repeat."""
    store = open_store()
    with refusing(), store.reading() as session:
        plan = region_places.plan(session, file)
    if not dry_run:
        write = partial(region_places.write, by=None, now=system_now())
        in_batches(store, plan.new, write, _("导入坐标"))
    _tell_marked(file, plan, dry_run=dry_run)


@app.command("classes", help=_("导入乡镇的类别（示范、正常、攻坚），周报里同类相比用。可以反复导入。"))
def classes_(
    file: Path = typer.Argument(help=_("CSV 或 xlsx，列为 代码、类别。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Import the classes of towns; safe to repeat."""
    store = open_store()
    with refusing(), store.reading() as session:
        plan = town_classes.plan(session, file)
    if not dry_run:
        write = partial(town_classes.write, by=None, now=system_now())
        in_batches(store, plan.new, write, _("导入类别"))
    _tell_marked(file, plan, dry_run=dry_run)


def _tell_marked(file: Path, plan: Plan[Any], *, dry_run: bool) -> None:
    """What an import of places or classes did, or would do; then its faults."""
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    typer.echo(done + _("新增或改正 {new}，不变 {same}").format(new=len(plan.new), same=plan.same))
    refuse_faults(file, plan.wrong)


@app.command("list", help=_("列出县和镇，以及各有多少村（社区）。"))
def list_(inside: str = typer.Option("", help=_("看哪个区域里面：区域代码；不写是全部。"))) -> None:
    """Counties and towns with the number of villages (and neighbourhoods) in them."""
    table = Table(_("代码"), _("名称"), _("村（社区）"), _("类别"))
    with open_store().reading() as session:
        for region, villages in regions_import.counted(session, inside):
            label = _(town_classes.LABELS[region.town_class]) if region.town_class else ""
            table.add_row(region.code, region.name, str(villages), label)
    Console().print(table)
