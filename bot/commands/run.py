"""`zhucun run`: the bot."""

import asyncio
import logging

from bot import crash, logs, settings
from storage.texts import speaking


def run() -> None:
    """Run the bot: take reports, remind, send summaries. Ends on SIGTERM or Ctrl-C, losing nothing."""
    chosen = settings.load()
    logs.configure(chosen.secret)
    crash.arm()
    logging.getLogger("zhucun").info("starting")
    from bot.app import App

    with speaking("zh"):  # what is nobody's in particular; whoever reads has a language of their own
        asyncio.run(App(chosen).run())
