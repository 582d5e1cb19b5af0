"""`zhucun tokens`: tokens with which other programs read through the API."""

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.settings import load, open_store
from storage import briefs, county, roster, tokens
from storage.people import Role
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("接口令牌"))


@app.command("make", help=_("给另一个程序生成令牌：只显示这一次，请马上交给对方保管。"))
def make(
    label: str = typer.Argument(help=_("给谁用，例如：大数据局。")),
    role: Role = typer.Option(
        Role.SUPERVISOR, help=_("leader 看一个工作队，supervisor 或 admin 看一个区域。")
    ),
    team: str = typer.Option("", help=_("leader：工作队名。")),
    region: str = typer.Option("", help=_("supervisor、admin：区域代码；admin 不写就是整个系统。")),
    days: int = typer.Option(90, help=_("多少天有效，最多 366。")),
) -> None:
    """Make a token; it is shown once."""
    settings = load()
    with refusing(), open_store(settings).writing() as session:
        place = team if role is Role.LEADER else region
        made = tokens.make(session, label, role, place, days, by=None, now=system_now())
    typer.echo(made)
    where = settings.api or _("（还没有设置 ZHUCUN_API）")
    typer.echo(_("只显示这一次。接口地址：{address}").format(address=where), err=True)


@app.command("list", help=_("列出令牌：给谁用、看哪里、到什么时候。令牌本身不保存。"))
def list_() -> None:
    """Every token; the tokens themselves are kept nowhere."""
    table = Table(_("编号"), _("给谁"), _("角色"), _("范围"), _("有效期到"), _("状态"))
    now = system_now()
    with open_store().reading() as session:
        zone = county.zone(session)
        for one in tokens.all_of(session):
            place = briefs.team_name(session, one.team_id) or one.region or _("整个系统")
            state = _("已作废") if one.revoked_at else _("已过期") if one.expires_at <= now else _("有效")
            until = f"{one.expires_at.astimezone(zone):%Y-%m-%d}"
            table.add_row(str(one.id), one.label, _(roster.ROLES[one.role]), place, until, state)
    Console().print(table)


@app.command("revoke", help=_("作废一个令牌，马上生效。"))
def revoke(number: int = typer.Argument(help=_("令牌编号，见列表。"))) -> None:
    """Let a token hold no longer."""
    with refusing(), open_store().writing() as session:
        tokens.revoke(session, number, by=None, now=system_now())
    typer.echo(_("令牌 {number} 已作废。").format(number=number))
