"""`zhucun search`: the index of words."""

import typer

from bot.clock import system_now
from bot.commands.batches import in_batches
from bot.settings import open_store
from storage import journal, reindexing
from storage.db import Store
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("全文检索"))


@app.callback()
def every() -> None:
    pass


@app.command("rebuild", help=_("按现有报告重建全文检索，机器人不用停；中断了再运行一次即可。"))
def rebuild() -> None:
    """Index every report anew and drop lines that no report has, beside the running bot."""
    store = open_store()
    reindexing.prepare(store)
    with store.reading() as session:
        ids = reindexing.everything(session)
    done = sum(in_batches(store, ids, reindexing.write, _("重建全文检索")))
    gone = _strays(store)
    with store.writing() as session:
        journal.write(session, None, "search.rebuild", "reports", system_now(), reports=done, strays=gone)
    typer.echo(_("已重建：{reports} 份报告，清掉多余的 {strays} 条。").format(reports=done, strays=gone))


def _strays(store: Store) -> int:
    """Positions before 2020 are below zero."""
    gone, place = 0, -(1 << 62)
    while True:
        with store.writing() as session:
            last, count = reindexing.strays(session, place)
        gone += count
        if last is None:
            return gone
        place = last
