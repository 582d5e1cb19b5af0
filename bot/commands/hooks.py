"""`zhucun hooks`: programs that are told when reports come and move on."""

import asyncio

import orjson
import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.errands.tell_hook import TAKEN, Way, post
from bot.outward import client
from bot.settings import load, open_store
from storage import briefs, county, hooks
from storage.texts import _, listed

app = typer.Typer(no_args_is_help=True, help=_("推送办理情况给其他程序"))


@app.command("add", help=_("有新报告、有进展时推送到一个地址，姓名和号码打码。签名的密钥只显示这一次。"))
def add(
    label: str = typer.Argument(help=_("给谁用，例如：大数据局。")),
    address: str = typer.Argument(help=_("对方的 https:// 地址。")),
    kind: list[str] = typer.Option([], help=_("只推送这一类，可写几次；不写是全部。")),
    team: str = typer.Option("", help=_("只推送这个工作队的。")),
    region: str = typer.Option("", help=_("只推送这个区域的：区域代码；不写是整个系统。")),
) -> None:
    """Add a hook; its secret is shown once."""
    settings = load()
    with refusing(), open_store(settings).writing() as session:
        hook, secret = hooks.add(
            session, label, address, kind, team, region, private=settings.hooks_private, by=None,
            now=system_now(),
        )  # fmt: skip
        number = hook.id
    typer.echo(secret)
    typer.echo(_("推送 {number} 已添加。上面是签名的密钥，只显示这一次。").format(number=number), err=True)


@app.command("list", help=_("列出推送：给谁、推什么、是不是通着。地址和密钥不显示。"))
def list_() -> None:
    """Every hook and how it is; neither address nor secret."""
    table = Table(_("编号"), _("给谁"), _("范围"), _("类型"), _("状态"), _("还没推送"))
    with open_store().reading() as session:
        zone, head = county.zone(session), hooks.head(session)
        for one in hooks.all_of(session):
            place = briefs.team_name(session, one.team_id) or one.region or _("整个系统")
            since = f"{one.failing_since.astimezone(zone):%Y-%m-%d %H:%M}" if one.failing_since else ""
            state = _("已结束") if one.ended_at else _("已停下") if one.stopped_at else _("正常")
            if since and not one.ended_at:
                state += _("，从 {since} 起不通（{error}）").format(since=since, error=one.error)
            waits = "" if one.ended_at else str(max(0, head - one.cursor))
            table.add_row(str(one.id), one.label, place, listed(one.kinds) or _("全部"), state, waits)
    Console().print(table)


@app.command("test", help=_("现在推送一条测试内容，看对方回什么。"))
def try_(number: int = typer.Argument(help=_("推送编号，见列表。"))) -> None:
    """Send a ping with a signature, and tell what came back; exit code 1 unless it was taken."""
    settings, now = load(), system_now()
    with refusing(), open_store(settings).reading() as session:
        way = Way(*hooks.opened(session, hooks.find(session, number)))
    body = orjson.dumps({"id": f"ping-{int(now.timestamp())}", "type": "ping", "at": now.isoformat()})

    async def ping() -> int | str:
        async with client(private=settings.hooks_private) as http:
            return await post(http, way, "ping", body, now)

    status = asyncio.run(ping())
    typer.echo(_("对方回了：{status}").format(status=status))
    if status not in TAKEN:
        raise typer.Exit(1)


@app.command("resume", help=_("让停下的推送继续，停下以后的会补推。"))
def resume(number: int = typer.Argument(help=_("推送编号，见列表。"))) -> None:
    """Let a hook go on where it was stopped."""
    with refusing(), open_store().writing() as session:
        hooks.resume(session, number, by=None, now=system_now())
    typer.echo(_("推送 {number} 继续。").format(number=number))


@app.command("end", help=_("结束一个推送。"))
def end(number: int = typer.Argument(help=_("推送编号，见列表。"))) -> None:
    """End a hook for good."""
    with refusing(), open_store().writing() as session:
        hooks.end(session, number, by=None, now=system_now())
    typer.echo(_("推送 {number} 已结束。").format(number=number))
