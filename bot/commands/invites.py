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
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("邀请链接"))


@app.command()
def make(
    role: Role | None = typer.Option(None, help="What the newcomers will do."),
    team: str | None = typer.Option(None, help="Name of the team (member, leader)."),
    region: str | None = typer.Option(None, help="Code of the territory (the other roles)."),
    department: str | None = typer.Option(None, help="Department of an officer."),
    person: int | None = typer.Option(None, help="Instead: number of the person whose account this links."),
    uses: int = typer.Option(1, help="How many people may use it, 1 to 100."),
    days: int = typer.Option(7, help="Valid for so many days, 1 to 90."),
    qr: Path | None = typer.Option(None, help="Also write a QR picture (PNG)."),
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


@app.command("list")
def list_() -> None:
    """Invitations that can still be used."""
    table = Table(_("编号"), _("角色"), _("加入"), _("已用"), _("有效至"))
    now = system_now()
    with open_store().reading() as session:
        for one in invitations.working(session, now):
            posts = joining.offer(session, one, now).posts
            roles = "、".join(_(roster.ROLES[role]) for role, _place in posts)
            places = "、".join(place for _role, place in posts)
            until = f"{one.expires_at:%Y-%m-%d %H:%M}Z"
            table.add_row(str(one.id), roles, places, f"{one.used}/{one.uses}", until)
    Console().print(table)


@app.command()
def revoke(number: int = typer.Argument(help="Number of the invitation, as listed.")) -> None:
    """Let an invitation work no longer."""
    with refusing(), open_store().writing() as session:
        invitations.revoke(session, number, by=None, now=system_now())
    typer.echo(_("邀请 {number} 已作废。").format(number=number))
