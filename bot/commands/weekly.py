"""`zhucun weekly`: one week's summary as files."""

import json
from pathlib import Path

import typer
from sqlmodel import Session

from bot.clock import system_now
from bot.errors import fail
from bot.settings import load, open_store
from reports import figures, summary, week
from reports.figures import Figures
from storage import county, summaries, week_drafts
from storage.summaries import Scope
from storage.texts import _


def weekly(
    region: str = typer.Option("", help=_("县或镇的代码。")),
    team: str | None = typer.Option(None, help=_("或者：工作队的编号。")),
    week: str = typer.Option("", help=_("哪一周，如 2026-W47；不写是最近截止的一周。")),
    out: Path = typer.Option(..., help=_("写到哪个目录。")),
) -> None:
    """Write a week's summary: text, chart, workbook, brief and figures, all of the same numbers. A week without a kept
    summary is counted now."""
    with open_store().reading() as session:
        scope, found = _figures(session, f"team:{team}" if team else region, week)
        _write(session, scope, found, out)
    typer.echo(_("{title} 已写到 {folder}").format(title=summary.title(found), folder=out))


def _figures(session: Session, scope: str, wish: str) -> tuple[Scope, Figures]:
    now, found = system_now(), summaries.scope_of(session, scope)
    if found is None:
        fail(_("没有这个区域或工作队：{scope}。").format(scope=scope or "—"))
    wanted = week.wished(wish, now, county.rhythm(session, found.region))
    if wanted is None:
        fail(_("没看懂是哪一周：{week}。请写成 2026-W47。").format(week=wish))
    return found, figures.of_week(session, found, wanted, now)


def _write(session: Session, scope: Scope, found: Figures, out: Path) -> None:
    from reports import chart, week_ledger, week_sheet  # slow to import, and only needed here

    lead = week_drafts.lead_of(session, scope, found.week)
    data = json.dumps(found.as_json(), ensure_ascii=False, indent=1)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "summary.txt").write_text(
            summary.plain(summary.text(found, named=True, lead=lead)) + "\n", "utf-8"
        )
        (out / "figures.json").write_text(data + "\n", "utf-8")
        (out / "chart.png").write_bytes(chart.png(found))
        (out / "brief.docx").write_bytes(week_sheet.draw((found.as_json(), lead)))
        with (out / "ledger.xlsx").open("wb") as file:
            week_ledger.write(session, scope, found, file, load().console_url)
    except OSError as error:
        fail(_("写不进 {folder}：{why}。").format(folder=out, why=error.strerror or type(error).__name__))
