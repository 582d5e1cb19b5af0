"""`zhucun …`: the command line. Each noun has a module in bot/commands; `main` is the entry point."""

import importlib
import os
import sys
from typing import Any

import typer
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from bot.errors import fail
from storage.sealing import CannotOpen
from storage.texts import N_, _, speaking

NOUNS = {
    "regions": "regions",
    "households": "households",
    "unit": "units",
    "team": "teams",
    "person": "people",
    "invite": "invites",
    "group": "groups",
    "settings": "settings_region",
    "reports": "reports",
    "search": "search",
    "photos": "photos",
    "cases": "cases",
    "houses": "houses",
    "contacts": "contacts",
    "rectifications": "rectifications",
    "clocks": "clocks",
    "retention": "retention",
    "duties": "duties",
    "arrivals": "arrivals",
    "letters": "letters",
    "journal": "journal",
    "errands": "errands",
    "keys": "keys",
    "tokens": "tokens",
    "hooks": "hooks",
}
"""`zhucun <noun> <verb>`: noun → module of bot/commands."""
VERBS = {
    "init": N_("初次安装：令牌、密钥、数据库，和第一位管理员的链接。"),
    "run": N_("运行机器人：收报告、发提醒和周报。用 SIGTERM 或 Ctrl-C 停止，什么都不会丢。"),
    "status": N_("看一眼：有什么，什么在等，什么需要人处理。需要人处理时退出码为 1。"),
    "doctor": N_("检查设置、令牌、时钟、磁盘、数据库、密钥、字体，说明怎么办。有问题时退出码为 1。"),
    "backup": N_("备份到一个新目录，机器人不用停。密钥请另外保管。"),
    "restore": N_("从备份恢复到一个新的数据目录。先核对每个文件，不覆盖任何数据。"),
    "verify": N_("核对照片、文件和日志有没有变，机器人不用停。有不对的地方退出码为 1。"),
    "migrate": N_("从 SQLite 搬到 PostgreSQL，逐行核对。先停下机器人。"),
    "evidence": N_("把报告和原照片做成证据包（zip），任何人用 sha256sum 就能核对。默认打码。"),
    "erase": N_("按申请或按保存期限删除个人信息，日志留下可核对的记录。先用 --dry-run 看会删除什么。"),
    "upgrade": N_("把数据库升级到这一版。请先备份，升级时停下机器人。"),
    "demo": N_("试用：在浏览器里看一个填好的区，不需要令牌和网络。用 Ctrl-C 结束，下次接着用。"),
    "template": N_("写一张空白的清单模板（xlsx），填好以后用各自的 import 导入。"),
    "weekly": N_("把一周的周报写成文件：文字、图、数字。还没有存下的周现算。"),
}
"""`zhucun <verb>`: each a function of its name in bot/commands/<verb>.py, and its help."""

LANGUAGE = os.environ.get("ZHUCUN_LANGUAGE", "zh")
"""Help is written while the commands are put together, before any other setting is read."""


class Commands(TyperGroup):
    """Loads a command's module when that command is asked for: most of them take longer to load than to run."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - its name is Typer's
        return [*NOUNS, *VERBS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as above
        with speaking(LANGUAGE):
            if cmd_name in NOUNS:
                made: Any = typer.main.get_group(_module(NOUNS[cmd_name]).app)
            elif cmd_name in VERBS:
                one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
                one.command(cmd_name, help=_(VERBS[cmd_name]))(getattr(_module(cmd_name), cmd_name))
                made = typer.main.get_command(one)
            else:
                return None
        made.name = cmd_name
        return made


def _module(name: str) -> Any:
    return importlib.import_module(f"bot.commands.{name}")


with speaking(LANGUAGE):
    app = typer.Typer(
        cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        help=_("驻村通：驻村工作队的消息机器人。"),
    )  # fmt: skip


@app.callback()
def every() -> None:
    """Makes a group of it for Typer, which sees no commands before they are asked for."""


def main() -> None:
    with speaking(LANGUAGE):
        _run()


def _run() -> None:
    try:
        app()
    except CannotOpen:
        fail_at_once(_("密钥不对，打不开已加密的内容。请把这份数据的密钥放回原处，或检查 ZHUCUN_KEY_FILE。"))
    except DBAPIError as error:
        fail_at_once(
            _(
                "数据库现在用不了({why})。请检查数据目录的空间和权限，或 ZHUCUN_DATABASE_URL 的服务器，再试一次。"
            ).format(why=type(error.orig).__name__)
        )


def fail_at_once(sentence: str) -> None:
    try:
        fail(sentence)
    except typer.Exit as end:
        sys.exit(end.exit_code)
