"""`zhucun settings`: what a region sets: weekly close, digest, reminders, quiet hours, days off."""

from datetime import date, time

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import refusing
from bot.errors import fail
from bot.settings import open_store
from storage import county, teams
from storage.texts import _, listed

app = typer.Typer(no_args_is_help=True, help=_("区域的时间设置"))

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@app.command("region", help=_("设置一个区域的时间。写到的才改，其余不变（或跟上级区域）。"))
def region_(
    region: str = typer.Option("", help=_("区域代码；不写是整个系统。")),
    summary: str | None = typer.Option(None, help=_("周报截止，如“fri 16:00”。")),
    digest: str | None = typer.Option(None, help=_("每天简报的时间，如 18:00。")),
    remind: str | None = typer.Option(None, help=_("提醒的时间，如 10:00。")),
    quiet: str | None = typer.Option(None, help=_("免打扰时段，如 21:00-08:00。")),
    day_off: list[str] = typer.Option([], help=_("休息日，如 2027-02-08；可写多次。")),
    work_day: list[str] = typer.Option([], help=_("调休上班日；可写多次。")),
) -> None:
    """Set what is given; the rest stays as it is (or as in the region around)."""
    changes: dict[str, str | int] = {}
    if summary is not None:
        changes |= _close(summary)
    changes |= {
        name: _time(value)
        for name, value in (("digest_time", digest), ("remind_time", remind))
        if value is not None
    }
    if quiet is not None:
        start, _dash, end = quiet.partition("-")
        changes |= {"quiet_from": _time(start), "quiet_until": _time(end)}
    days = {"off": [_day(one) for one in day_off], "on": [_day(one) for one in work_day]}
    with refusing(), open_store().writing() as session:
        code = teams.region(session, region).code if region else ""
        county.change(session, code, changes, days["off"], days["on"], system_now())
    show(region)


@app.command(help=_("看一个区域用的是什么设置。"))
def show(region: str = typer.Option("", help=_("区域代码；不写是整个系统。"))) -> None:
    """What holds for a region."""
    table = Table(_("设置"), _("值"))
    with refusing(), open_store().reading() as session:
        code = teams.region(session, region).code if region else ""
        found = county.rhythm(session, code)
    table.add_row(_("时区"), str(found.zone))
    table.add_row(_("周报"), f"{WEEKDAYS[found.summary_weekday]} {found.summary_time:%H:%M}")
    table.add_row(_("简报"), f"{found.digest_time:%H:%M}")
    table.add_row(_("提醒"), f"{found.remind_time:%H:%M}")
    table.add_row(_("免打扰"), f"{found.quiet_from:%H:%M}-{found.quiet_until:%H:%M}")
    table.add_row(_("自定休息日"), listed(map(str, sorted(found.extra.off))) or "—")
    table.add_row(_("自定工作日"), listed(map(str, sorted(found.extra.on))) or "—")
    Console().print(table)


def _close(text: str) -> dict[str, str | int]:
    weekday, _space, at = text.strip().lower().partition(" ")
    if weekday not in WEEKDAYS:
        fail(_("周报时间请写成 fri 16:00 的样子（mon tue wed thu fri sat sun）。"))
    return {"summary_weekday": WEEKDAYS.index(weekday), "summary_time": _time(at)}


def _time(text: str) -> str:
    try:
        return f"{time.fromisoformat(text.strip()):%H:%M}"
    except ValueError:
        fail(_("{text} 不是时间，请写成 18:00 的样子。").format(text=text))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        fail(_("{text} 不是日期，请写成 2027-02-08 的样子。").format(text=text))
