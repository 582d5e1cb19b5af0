"""`python -m bot.sandbox`: start the sandbox on loopback and say where it listens."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import signal
import sys
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.sandbox.clock import ZONE, Clock, parse
from bot.sandbox.keep import Keeper
from bot.sandbox.server import make_app
from bot.sandbox.world import DEFAULT_TOKEN, World

LAST_ANSWERS_SECONDS = 0.5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8390, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--clock", help="where the clock starts, such as 2026-11-16T09:00+08:00")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="token of the first bot")
    parser.add_argument("--data", help="folder that keeps the world across restarts")
    return parser.parse_args()


async def serve(args: argparse.Namespace) -> None:
    start = parse(args.clock, datetime.now(ZONE)) if args.clock else None
    keeper = Keeper(Path(args.data)) if args.data else None
    world = keeper.world(Clock(start)) if keeper else World(Clock(start))
    if world.bot_for(args.token) is None:
        raise SystemExit(f"--token: {args.token!r} is not of the form 42:DEMO")
    app = make_app(world, keeper)
    # Long polls are open nearly always: a stop does not wait for them to end by themselves.
    runner = web.AppRunner(
        app, access_log=None, handler_cancellation=True, shutdown_timeout=LAST_ANSWERS_SECONDS
    )
    await runner.setup()
    site = web.TCPSite(runner, args.host, args.port, backlog=1024)
    await site.start()
    port = runner.addresses[0][1]
    sys.stdout.write(f"sandbox http://{args.host}:{port}/\n")
    sys.stdout.flush()
    await stopped()
    await runner.cleanup()


async def stopped() -> None:
    done = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(name, done.set)
    gc.collect()
    gc.freeze()
    await done.wait()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
