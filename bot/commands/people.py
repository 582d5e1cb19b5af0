"""`zhucun person`: people and their postings, one by one or from a roster."""

from functools import partial
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.commands.batches import in_batches, refuse_faults
from bot.settings import open_store
from storage import invitations, postings, roster, roster_import, roster_list, teams
from storage.people import Role
from storage.roster_import import Link
from storage.texts import _, listed

app = typer.Typer(no_args_is_help=True, help=_("人员和任职"))


@app.command(help=_("添加人员并任职；已有的账号增加一个任职。"))
def add(
    name: str = typer.Option(..., help=_("真实姓名。")),
    role: Role = typer.Option(..., help=_("角色。")),
    telegram_id: int | None = typer.Option(None, help=_("Telegram 编号；不知道就用邀请链接。")),
    team: str | None = typer.Option(None, help=_("队员、队长：工作队名。")),
    region: str | None = typer.Option(None, help=_("其他角色：区域代码。")),
    department: str | None = typer.Option(None, help=_("部门工作人员所在的部门。")),
    phone: str | None = typer.Option(None, help=_("电话，加密保存。")),
) -> None:
    """Add a person with a posting. An account that is here already gets a further posting."""
    now = system_now()
    with refusing(), open_store().writing() as session:
        team_id = teams.existing(session, team).id if team else None
        territory = teams.region(session, region).code if region else None
        person = roster.find_or_add(session, name, telegram_id=telegram_id, phone=phone, by=None, now=now)
        postings.post(
            session, person.id or 0, role, team_id=team_id, region=territory, department=department,
            by=None, now=now,
        )  # fmt: skip
        typer.echo(_("人员 {number} 已任职。").format(number=person.id))


@app.command("list", help=_("列出现在任职的人，姓名和电话打码。"))
def list_(region: str = typer.Option("", help=_("区域代码；不写是全部。"))) -> None:
    """Whoever is posted now, masked."""
    table = Table(_("编号"), _("姓名"), _("电话"), _("角色"), _("工作队"), _("区域"), _("已加入"))
    with open_store().reading() as session:
        for one in roster_list.listed(session, system_now(), region):
            joined = _("是") if one.joined else _("否")
            table.add_row(
                str(one.person_id),
                one.name,
                one.phone,
                _(roster.ROLES[one.role]),
                one.team,
                one.region,
                joined,
            )
    Console().print(table)


@app.command(help=_("结束一个人的全部任职，此后不再有权限。"))
def end(number: int = typer.Argument(help=_("人员编号，见列表。"))) -> None:
    """End all postings of a person: they are a stranger from now on."""
    with refusing(), open_store().writing() as session:
        ended = roster.end_person(session, number, by=None, now=system_now())
    typer.echo(_("已结束 {count} 个任职。").format(count=ended))


@app.command(help=_("更正姓名。"))
def rename(
    number: int = typer.Argument(help=_("人员编号，见列表。")),
    name: str = typer.Option(..., help=_("正确的姓名。")),
) -> None:
    """Correct a person's name."""
    with refusing(), open_store().writing() as session:
        roster.rename(session, number, name, by=None, now=system_now())
    typer.echo(_("姓名已更正。"))


@app.command("import", help=_("导入花名册，可以反复导入；没有账号的人各得一个链接。"))
def import_(
    file: Path = typer.Argument(help=_("xlsx 或 csv 文件，按表头认列。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Import a roster with teams and units; safe to repeat. Prints a link for whoever has no account yet."""
    store, now = open_store(), system_now()
    with refusing(), store.reading() as session:
        plan = roster_import.plan(session, file, now)
        if not dry_run and plan.new:
            invitations.link(session, None, "")  # Refuses here, before anything is written.
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    links = [] if dry_run else _write(plan)
    counts = _("新人 {new}，增加任职 {posted}，不变 {same}").format(
        new=len(plan.new), posted=len(plan.posted), same=plan.same
    )
    typer.echo(done + counts)
    with refusing(), store.reading() as session:
        for one in links:
            typer.echo(f"{one.name}\t{one.team}\t{invitations.link(session, None, one.token)}")
    if plan.waiting:
        numbers = listed(str(one) for one in plan.waiting[:10])
        typer.echo(
            _(
                "{count} 人还没有打开链接（编号 {numbers}…）。要新链接：zhucun invite make --person 编号"
            ).format(count=len(plan.waiting), numbers=numbers)
        )
    refuse_faults(file, plan.wrong)


def _write(plan: roster_import.Plan) -> list[Link]:
    store, now = open_store(), system_now()
    with refusing():
        write = partial(roster_import.write, by=None, now=now)
        parts = in_batches(store, plan.changes, write, _("导入人员"))
    return [link for part in parts for link in part]
