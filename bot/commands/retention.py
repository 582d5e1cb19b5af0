"""`zhucun retention`: how long what is kept, as a county's data."""

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import date_of, refusing
from bot.commands.shown import Format, lines
from bot.settings import open_store
from storage import county, retention, teams
from storage.retention import NAMES, NOTICE, WITHOUT_END, Retained, RetentionRule
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("保存期限"))


@app.command("list", help=_("列出各区域的保存期限：什么、多久、从哪天起、依据。没有规定的一直保存。"))
def list_(
    format_: Format = typer.Option(Format.TABLE, "--format", help=_("输出格式；json 每行一个对象。")),
) -> None:
    """Every rule that holds, was replaced, or is to come."""
    with open_store().reading() as session:
        rules = retention.all_rules(session)
        today = county.today(session, system_now())
        holding = {one.id for one in retention.in_force(session, today)}
        if format_ is Format.JSON:
            lines(_record(one, holds=one.id in holding) for one in rules)
            return
    table = Table(_("区域"), _("什么"), _("多久"), _("从哪天起"), _("现在有效"))
    table.add_column(_("依据"), overflow="fold")
    for one in rules:
        place, holds = one.region or _("整个系统"), "✓" if one.id in holding else ""
        table.add_row(place, _(NAMES[one.what]), length(one), str(one.since), holds, one.basis)
    Console().print(table)


def length(rule: RetentionRule) -> str:
    """In words."""
    if rule.length == WITHOUT_END:
        return _("一直保存")
    said = _("{count} 天") if rule.what is Retained.MESSAGES else _("{count} 个月")
    return said.format(count=rule.length)


def _record(rule: RetentionRule, *, holds: bool) -> dict[str, object]:
    return {"region": rule.region, "what": rule.what.value, "length": rule.length, "since": rule.since.isoformat(),
            "holds": holds, "basis": rule.basis}  # fmt: skip


@app.command(
    "set", help=_("定一个保存期限，从某天起生效；到期的每天自动删除，删前告诉管理员，日志留下可核对的记录。")
)
def set_(
    what: str = typer.Argument(
        help=_("reports 报告里的个人信息，photos 照片原件，people 离任人员，messages 收发的消息。")
    ),
    length: int = typer.Option(..., help=_("多久：messages 是天数，其他是月数；0 是一直保存。")),
    basis: str = typer.Option("", help=_("依据的文件。")),
    region: str = typer.Option("", help=_("区域代码；不写是整个系统。")),
    since: str = typer.Option("", help=_("从哪天起，如 2027-01-01；不写是七天以后。")),
) -> None:
    """Let a rule hold from a day on."""
    now, store = system_now(), open_store()
    with refusing(), store.writing() as session:
        code = teams.region(session, region).code if region else ""
        first = date_of(since) if since else county.today(session, now) + NOTICE
        retention.put(session, code, what, length, basis, first, now)
        # What it would erase if it held today: better seen now than afterwards.
        due = retention.due(session, now, first)
    list_(Format.TABLE)
    count = sum(one.count for one in due)
    typer.echo(_("到 {day}，各项规定共会删除 {count} 项。").format(day=first, count=count))
