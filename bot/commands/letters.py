"""`zhucun letters`: what could not be sent, and its second chance."""

from collections.abc import Callable
from datetime import datetime

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from bot.clock import system_now
from bot.commands.numbered import chosen, each, say
from bot.commands.shown import Format, lines
from bot.settings import open_store
from storage import letters, letters_list, restored
from storage.letters import Lane
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("没有发出去的消息"))


@app.command("list", help=_("列出没有发出去的消息：编号、会话、方式、时间、Telegram 的答复（不含内容）。"))
def list_(
    format_: Format = typer.Option(
        Format.TABLE, "--format", help=_("输出格式；json 列出全部消息，已发的也在内，每行一个对象。")
    ),
) -> None:
    """Parked letters: number, chat (our own number), method, when, Telegram's sentence. As JSON all letters."""
    table = Table(_("编号"), _("会话"), _("方式"), _("写于"), _("次数"), _("原因"))
    with open_store().reading() as session:
        if format_ is Format.JSON:
            lines(letters_list.everything(session))
            return
        for one in letters.parked(session):
            when = f"{one.created_at:%Y-%m-%d %H:%M:%S}Z"
            table.add_row(f"L{one.id}", str(one.chat_id), one.method, when, str(one.attempts), one.error)
    Console().print(table)


@app.command(help=_("让这些消息由运行中的机器人重新发送。"))
def retry(numbers: list[str] = typer.Argument(help=_("编号，如 L12，可写多个；all 是全部。"))) -> None:
    """Let parked letters (numbers as listed, or "all") be sent again by the running bot."""
    with open_store().writing() as session:
        known = [one.id for one in letters.parked(session)]
        again = each(numbers, "L", known, lambda number: letters.retry(session, number))
    say(again, _("{count} 条将重新发送。"), "zhucun letters list")


@app.command("restored", help=_("列出恢复后待定的消息：备份时还没发出，现在可能早已发过。不含内容。"))
def restored_() -> None:
    """Letters that a restore has kept back: number, chat (our own number) and its kind, lane, method, when."""
    table = Table(_("编号"), _("会话"), _("在哪"), _("急缓"), _("方式"), _("写于"))
    with open_store().reading() as session:
        for one, chat in restored.letters(session):
            table.add_row(
                f"L{one.id}", str(chat.id), chat.title or chat.kind.value, Lane(one.lane).name.lower(), one.method,
                f"{one.created_at:%Y-%m-%d %H:%M:%S}Z",
            )  # fmt: skip
    Console().print(table)


@app.command(help=_("发出恢复后待定的消息。"))
def release(numbers: list[str] = typer.Argument(help=_("编号，如 L12，可写多个；all 是全部。"))) -> None:
    """Let restored letters (numbers as listed, or "all") be sent by the running bot."""
    count = _decide(numbers, restored.release)
    say(count, _("{count} 条将发出。"), "zhucun letters restored")


@app.command(help=_("不再发送恢复后待定的消息。"))
def drop(numbers: list[str] = typer.Argument(help=_("编号，如 L12，可写多个；all 是全部。"))) -> None:
    """Never send restored letters (numbers as listed, or "all")."""
    count = _decide(numbers, restored.drop)
    say(count, _("{count} 条不再发送。"), "zhucun letters restored")


def _decide(numbers: list[str], decision: Callable[[Session, list[int], datetime], int]) -> int:
    with open_store().writing() as session:
        known = [one.id for one, _chat in restored.letters(session)]
        return decision(session, chosen(numbers, "L", known), system_now())
