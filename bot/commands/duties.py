"""`zhucun duties`: what a county asks of each person of its teams every week."""

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import date_of, refusing
from bot.settings import open_store
from storage import county, duty_rules, teams
from storage.duty_rules import DutyRule, DutyRules
from storage.people import Role
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("应办"))


@app.command("list", help=_("看一个区域里的队员和队长每周应办什么。"))
def list_(region: str = typer.Option("", help=_("区域代码；不写是整个系统。"))) -> None:
    """What holds for a region today."""
    with refusing(), open_store().reading() as session:
        code = teams.region(session, region).code if region else ""
        rules, today = DutyRules(session), county.today(session, system_now())
        found = [(role, rules.of(code, role, today)) for role in (Role.MEMBER, Role.LEADER)]
    table = Table(_("角色"), _("每周走访"), _("每天一条"), _("谁要求"), _("依据"), _("从哪天起"))
    for role, rule in found:
        if rule is None:
            table.add_row(role.value, _("全队一次"), "—", _("默认"), "", "")
        else:
            daily = _("要") if rule.daily else "—"
            table.add_row(
                role.value, str(rule.visits), daily, rule.asked_by, rule.basis or "", rule.since.isoformat()
            )
    Console().print(table)


@app.command("set", help=_("定每人每周应办什么，从某天起生效。0 次而且不要每天一条，就是不要求。"))
def set_(
    visits: int = typer.Option(..., help=_("每人每周走访几次。")),
    asked_by: str = typer.Option(..., help=_("哪个单位要求的；队员在 减负 里看得到。")),
    region: str = typer.Option("", help=_("区域代码；不写是整个系统。")),
    role: str = typer.Option("", help=_("只对 member（队员）或 leader（队长）；不写是两者。")),
    daily: bool = typer.Option(False, help=_("每个工作日要有一条记录：报告、步骤或日记都算。")),
    since: str = typer.Option("", help=_("从哪天起，如 2027-01-01；不写是今天。")),
    basis: str = typer.Option("", help=_("依据的文件。")),
) -> None:
    """Let a duty hold from a day on."""
    now, store = system_now(), open_store()
    with refusing(), store.writing() as session:
        code = teams.region(session, region).code if region else ""
        today = county.today(session, now)
        rule = DutyRule(
            region=code, role=role, since=date_of(since) if since else today, visits=visits, daily=daily,
            asked_by=asked_by, basis=basis or None, at=now,
        )  # fmt: skip
        duty_rules.put(session, rule, today)
    list_(region)
