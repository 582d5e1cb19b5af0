"""`zhucun letters`: what could not be sent, and its second chance."""

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.shown import Format, lines
from bot.errors import fail
from bot.settings import open_store
from storage import letters, letters_list
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
        wanted = {number.upper().removeprefix("L") for number in numbers}
        chosen = [one.id for one in letters.parked(session) if "ALL" in wanted or str(one.id) in wanted]
        again = sum(letters.retry(session, number) for number in chosen if number)
    if not again:
        fail(_("没有找到这些编号。用 zhucun letters list 查看。"))
    typer.echo(_("{again} 条将重新发送。").format(again=again))
