"""`zhucun run`: the bot."""

import asyncio
import logging

from bot import logs, settings


def run() -> None:
    """Run the bot: take reports, remind, send summaries. Ends on SIGTERM or Ctrl-C, losing nothing."""
    chosen = settings.load()
    logs.configure(chosen.secret)
    logging.getLogger("zhucun").info("starting")
    from bot.app import App

    asyncio.run(App(chosen).run())
