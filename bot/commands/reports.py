"""`zhucun reports`: reports for the owner of the machine, outside every territory."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from bot.clock import system_now
from bot.commands import reports_export
from bot.commands.asked import refusing
from bot.commands.asked_reports import Narrowed, day_of, kind_of, meant
from bot.errors import fail
from bot.settings import open_store
from reports import export
from storage import county, journal, teams, territory, understanding
from storage.reading import Filter
from storage.report import ReportState
from storage.texts import N_, _

app = typer.Typer(no_args_is_help=True, help=_("报告记录"))

SHOWN = 50
"""Rows of a table, when no limit is given; JSON and CSV hold everything."""
_CELLS = {
    "number": N_("编号"), "kind": N_("类型"), "village_name": N_("村"), "household": N_("户"), "author": N_("上报人"),
    "state": N_("状态"), "happened": N_("日期"), "photos": N_("照片"),
}  # fmt: skip


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@app.callback()
def reports() -> None:
    """Reports for the owner of the machine, outside every territory."""


@app.command(
    "list",
    help=_(
        "列出报告，最新的在前。上报人显示全名；户主和号码打码，用 --reveal 说明理由后才显示。每次都有记录。"
    ),
)
def list_(
    kind: str = typer.Option("", help=_("类型，如 visit、走访。")),
    village: str = typer.Option("", help=_("村、镇或县的代码。")),
    team: str = typer.Option("", help=_("工作队名称。")),
    person: str = typer.Option("", help=_("上报人的全名或编号。")),
    since: str = typer.Option("", help=_("发送日期从哪天起，如 2026-10-01。")),
    until: str = typer.Option("", help=_("发送日期到哪天止，含当天。")),
    state: str = typer.Option("", help=_("状态，如 open、待整改。")),
    words: str = typer.Option("", help=_("文字里的词，要全部出现。")),
    limit: int = typer.Option(0, min=0, help=_("最多几份；0 是全部（表格默认 50）。")),
    format_: Format = typer.Option(Format.TABLE, "--format", help=_("输出格式；json 每行一个对象。")),
    reveal: str = typer.Option("", help=_("不打码的理由，会记入日志。")),
    life: bool = typer.Option(False, "--life", help=_("json 里加上每次更正前的版本号和办理步骤。")),
) -> None:
    """List reports, newest first. Authors are shown in full, because this is the machine of the one who
    answers for it; households are masked unless --reveal gives a reason. Each list is journaled."""
    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        asked = Filter(
            kind=kind_of(kind),
            places=(teams.region(session, village).code,) if village else (),
            team_id=teams.existing(session, team).id if team else None,
            authors=_authors(session, person) if person else (),
            since=day_of(since, county.zone(session)) if since else None,
            until=day_of(until, county.zone(session)) + timedelta(days=1) if until else None,
            states=_states(state),
            words=words,
        )
        with store.writing() as writing:
            _journal(writing, asked, format_, reveal, now)
        most = limit or (SHOWN if format_ is Format.TABLE else 0)
        _show(export.records(session, asked, most, reveal=bool(reveal), life=life), format_)


@app.command(
    "search",
    help=_(
        "像在聊天里一样查：词里的地点、时间、类型、状态、姓名和编号都认得，其余在文字里找。最新的在前，每次都有记录。"
    ),
)
def search(
    words: list[str] = typer.Argument(..., help=_("要查的词，例如：屋顶 漏雨 王家庄 上月。")),
    village: str = typer.Option("", help=_("村、镇或县的代码。")),
    team: str = typer.Option("", help=_("工作队名称。")),
    kind: str = typer.Option("", help=_("类型，如 visit、走访。")),
    since: str = typer.Option("", help=_("发送日期从哪天起，如 2026-10-01。")),
    until: str = typer.Option("", help=_("发送日期到哪天止，含当天。")),
    limit: int = typer.Option(0, min=0, help=_("最多几份；0 是全部（表格默认 50）。")),
    format_: Format = typer.Option(Format.TABLE, "--format", help=_("输出格式；json 每行一个对象。")),
    reveal: str = typer.Option("", help=_("不打码的理由，会记入日志。")),
) -> None:
    """The rows that a chat shows for the same words to somebody who may see everything. Options overrule words."""
    now, store = system_now(), open_store()
    with refusing():
        with store.writing() as session:
            given = Narrowed(kind, village, team, since, until)
            asked = meant(session, words, given, now)
            _journal(session, asked, format_, reveal, now)
        most = limit or (SHOWN if format_ is Format.TABLE else 0)
        with store.reading() as session:
            _show(export.records(session, asked, most, reveal=bool(reveal)), format_)


app.command(
    "export",
    help=_(
        "把查到的全部记录写成文件：.xlsx 表格、.csv 表格，或 .zip 照片和清单。词和选项同 search；不写词就是全部。"
        "户主和号码打码，用 --reveal 说明理由后才显示。每次都有记录。"
    ),
)(reports_export.export_)


def _states(word: str) -> tuple[ReportState, ...]:
    states = understanding.states_called(word) if word else ()
    if word and not states:
        known = ", ".join(one.value for one in ReportState)
        fail(_("没有“{state}”这个状态，可选：{states}。").format(state=word, states=known))
    return states


def _authors(session: Session, person: str) -> tuple[int, ...]:
    found = territory.people_known(session, person)
    if not found:
        fail(_("没有叫“{name}”的人，请写全名或编号（见 zhucun person list）。").format(name=person))
    return found


def _journal(session: Session, asked: Filter, format_: Format, reveal: str, now: datetime) -> None:
    """Who asked from the machine and for what; words are left out, because they may be names."""
    about = {"kind": asked.kind, "places": list(asked.places), "team": asked.team_id, "format": format_.value}
    journal.write(session, None, "reports.list", "reports", now, **about)
    if reveal:
        journal.read(session, None, "household.head", "reports", reveal, now)


def _show(found: Iterable[export.Record], format_: Format) -> None:
    if format_ is Format.TABLE:
        table = Table()
        for name, label in _CELLS.items():
            table.add_column(_(label), no_wrap=name == "number", overflow="fold")
        for one in found:
            table.add_row(*(export.cell(one[name]) for name in _CELLS))
        Console().print(table)
        return
    for line in export.as_json(found) if format_ is Format.JSON else export.as_csv(found):
        # Bytes, so that the terminal's own encoding cannot spoil a file.
        typer.echo(line.encode())
