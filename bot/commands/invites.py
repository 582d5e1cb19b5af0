"""`zhucun invite`: links by which people join."""

from datetime import timedelta
from pathlib import Path

import segno
import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.errors import fail
from bot.settings import open_store
from storage import invitations, joining, roster, teams
from storage.people import Role
from storage.texts import _, listed

app = typer.Typer(no_args_is_help=True, help=_("邀请链接"))


@app.command(help=_("生成邀请链接并显示。链接只显示这一次，别处不留。"))
def make(
    role: Role | None = typer.Option(None, help=_("新人的角色。")),
    team: str | None = typer.Option(None, help=_("队员、队长：工作队名。")),
    region: str | None = typer.Option(None, help=_("其他角色：区域代码。")),
    department: str | None = typer.Option(None, help=_("部门工作人员所在的部门。")),
    person: int | None = typer.Option(None, help=_("或：为此编号的人绑定账号。")),
    uses: int = typer.Option(1, help=_("可以用几次，1 到 100。")),
    days: int = typer.Option(7, help=_("有效几天，1 到 90。")),
    qr: Path | None = typer.Option(None, help=_("同时把二维码存成 PNG 图片。")),
) -> None:
    """Make an invitation and print its link; the token is kept nowhere."""
    if (role is None) == (person is None):
        fail(_("请给出 --role（新人的角色）或 --person（为谁绑定账号），二者取一。"))
    now, valid = system_now(), timedelta(days=days)
    with refusing(), open_store().writing() as session:
        if person is not None:
            roster.existing(session, person)
            token = invitations.make_claim(session, person, valid=valid, by=None, now=now)
        else:
            assert role is not None
            token = invitations.make(
                session, role, team_id=teams.existing(session, team).id if team else None,
                region=teams.region(session, region).code if region else None, department=department,
                uses=uses, valid=valid, by=None, now=now,
            )  # fmt: skip
        link = invitations.link(session, None, token)
    typer.echo(link)
    if qr is not None:
        _draw(link, qr)


def _draw(link: str, path: Path) -> None:
    try:
        segno.make(link, error="m").save(str(path), kind="png", scale=10)
    except OSError:
        fail(_("写不了图片 {file}，请换一个位置。链接仍然有效。").format(file=path))


@app.command("list", help=_("列出还能用的邀请。"))
def list_() -> None:
    """Invitations that can still be used."""
    table = Table(_("编号"), _("角色"), _("加入"), _("已用"), _("有效至"))
    now = system_now()
    with open_store().reading() as session:
        for one in invitations.working(session, now):
            posts = joining.offer(session, one, now).posts
            roles = listed(_(roster.ROLES[role]) for role, _place in posts)
            places = listed(place for _role, place in posts)
            until = f"{one.expires_at:%Y-%m-%d %H:%M}Z"
            table.add_row(str(one.id), roles, places, f"{one.used}/{one.uses}", until)
    Console().print(table)


@app.command(help=_("作废一个邀请。"))
def revoke(number: int = typer.Argument(help=_("邀请的编号，见列表。"))) -> None:
    """Let an invitation work no longer."""
    with refusing(), open_store().writing() as session:
        invitations.revoke(session, number, by=None, now=system_now())
    typer.echo(_("邀请 {number} 已作废。").format(number=number))
