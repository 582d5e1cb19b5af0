"""`zhucun journal`: who did what to which record, for the owner of the machine."""

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.shown import Format, lines
from bot.settings import open_store
from storage import journal, names
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("操作日志"))


@app.callback()
def about() -> None:
    """The journal."""


@app.command("list", help=_("列出操作日志，最早的在前：谁在什么时候对哪条记录做了什么。"))
def list_(
    record: str = typer.Option("", help=_("只看一条记录，如 report:ZF-20261121-0042。")),
    format_: Format = typer.Option(
        Format.TABLE, "--format", help=_("输出格式；json 每行一个对象，可核对日志链。")
    ),
) -> None:
    """Lines of the journal, oldest first. As JSON each has what the chain is made of, for another program to
    check."""
    with open_store().reading() as session:
        if format_ is Format.JSON:
            lines(journal.as_data(one) for one in journal.lines(session, record))
            return
        table = Table(_("序号"), _("时间"), _("谁"), _("做了什么"), _("记录"))
        for one in journal.lines(session, record):
            who = names.full(session, one.actor_id) if one.actor_id else "—"
            table.add_row(str(one.seq or ""), f"{one.at:%Y-%m-%d %H:%M:%S}Z", who, one.action, one.record)
    Console().print(table)
