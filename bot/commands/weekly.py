"""`zhucun weekly`: one week's summary as files."""

import json
from pathlib import Path

import typer
from sqlmodel import Session

from bot.clock import system_now
from bot.errors import fail
from bot.settings import open_store
from reports import figures, summary, week
from reports.figures import Figures
from storage import county, summaries
from storage.texts import _


def weekly(
    region: str = typer.Option("", help=_("县或镇的代码。")),
    team: str | None = typer.Option(None, help=_("或者：工作队的编号。")),
    week: str = typer.Option("", help=_("哪一周，如 2026-W47；不写是最近截止的一周。")),
    out: Path = typer.Option(..., help=_("写到哪个目录。")),
) -> None:
    """Write a week's summary: text, chart and figures. A week without a kept summary is counted now."""
    with open_store().reading() as session:
        found = _figures(session, f"team:{team}" if team else region, week)
    _write(found, out)
    typer.echo(_("{title} 已写到 {folder}").format(title=summary.title(found), folder=out))


def _figures(session: Session, scope: str, wish: str) -> Figures:
    now, found = system_now(), summaries.scope_of(session, scope)
    if found is None:
        fail(_("没有这个区域或工作队：{scope}。").format(scope=scope or "—"))
    wanted = week.wished(wish, now, county.rhythm(session, found.region))
    if wanted is None:
        fail(_("没看懂是哪一周：{week}。请写成 2026-W47。").format(week=wish))
    return figures.of_week(session, found, wanted, now)


def _write(found: Figures, out: Path) -> None:
    from reports import chart  # slow to import, and only needed here

    data = json.dumps(found.as_json(), ensure_ascii=False, indent=1)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "summary.txt").write_text(summary.plain(summary.text(found, named=True)) + "\n", "utf-8")
        (out / "figures.json").write_text(data + "\n", "utf-8")
        (out / "chart.png").write_bytes(chart.png(found))
    except OSError as error:
        fail(_("写不进 {folder}：{why}。").format(folder=out, why=error.strerror or type(error).__name__))
