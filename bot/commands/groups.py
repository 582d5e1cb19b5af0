"""`zhucun group`: managing groups and the regions they are bound to."""

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from bot import settings
from bot.clock import system_now
from bot.commands.asked import refusing
from bot.errors import fail
from storage import bots, chats, groups, teams
from storage.chats import Chat
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("管理组的群"))

_CHAT = typer.Option(..., "--chat", help=_("群在 Telegram 的编号，如 -1001234567890。"))
_TOPIC = typer.Option(0, "--topic", help=_("话题编号；0 是整个群。"))


@app.command(help=_("把一个群（或群里的一个话题）绑定到区域，由它接收简报和周报。"))
def bind(
    chat: int = _CHAT,
    topic: int = _TOPIC,
    region: str = typer.Option(..., help=_("群所管区域的代码。")),
) -> None:
    """Bind a group (or one topic of it) to a region: it hears digests and weekly summaries."""
    chosen = settings.load()
    with refusing(), settings.open_store(chosen).writing() as session:
        code = teams.region(session, region).code
        bot = _bot(session, chosen)
        found = groups.bind(session, groups.known(session, bot, chat, topic), code, None, system_now())
        typer.echo(_("群 {chat} 已绑定 {name}。").format(chat=chat, name=found.name))


@app.command(help=_("解除绑定，群里不再收到简报和周报。"))
def unbind(chat: int = _CHAT, topic: int = _TOPIC) -> None:
    """Let a group go: it hears nothing any more."""
    with refusing(), settings.open_store().writing() as session:
        groups.unbind(session, _found(session, chat, topic), None, system_now())
        typer.echo(_("群 {chat} 已解除绑定。").format(chat=chat))


@app.command("list", help=_("列出已绑定的群。"))
def list_() -> None:
    """The bound groups: Telegram's number, topic, title, region."""
    table = Table(_("群"), _("话题"), _("名称"), _("区域"), _("代码"))
    with settings.open_store().reading() as session:
        for one in chats.groups(session):
            code = one.region or ""
            name = teams.region(session, code).name
            table.add_row(str(one.telegram_id), str(one.topic or ""), one.title, name, code)
    Console().print(table)


def _found(session: Session, chat: int, topic: int) -> Chat:
    found = groups.find(session, chat, topic)
    if found is None:
        fail(_("没有这个群：{chat}。用 zhucun group list 查看已绑定的群。").format(chat=chat))
    return found


def _bot(session: Session, chosen: settings.Settings) -> int:
    """The bot that is in the group: the one that has run here, else the token's."""
    known = bots.known(session)
    return known[0].id if known else int(chosen.secret.partition(":")[0])
