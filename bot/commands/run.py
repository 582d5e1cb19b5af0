"""`zhucun run`: the bot."""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from typing import Any

import typer

from bot import crash, logs, settings
from bot.clock import system_now
from bot.parts import Part
from storage.texts import _, speaking


def run(
    only: list[Part] = typer.Option([], "--only", help=_("只运行这一部分，可写多次；其余部分另开进程。")),
    adopt: bool = typer.Option(False, "--adopt", help=_("这份数据是副本，今后由这里接着做；只需一次。")),
) -> None:
    """Run the bot: take reports, remind, send summaries. Ends on SIGTERM or Ctrl-C, losing nothing."""
    chosen = settings.load()
    logs.configure(chosen.secret)
    crash.arm()
    logging.getLogger("zhucun").info("starting")
    from bot.app import App

    with speaking("zh"):  # what is nobody's in particular; whoever reads has a language of their own
        app = App(chosen, system_now() if adopt else None, tuple(only))
        _in_a_loop(app.run(), small=app.small)


def _in_a_loop(program: Coroutine[Any, Any, None], *, small: bool) -> None:
    """The quicker loop, unless delivery is alone: at thirty letters a second it saves nothing and takes 2 MB. Windows
    has it not."""
    if small or sys.platform == "win32":
        asyncio.run(program)
    else:
        import uvloop

        uvloop.run(program)
