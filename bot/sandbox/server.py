"""The sandbox's HTTP server: the Bot API under /bot…, the control side under /sandbox/, the page at /."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from email.utils import formatdate
from pathlib import Path

from aiohttp import web

from bot.sandbox import control, control_faults, control_groups, control_uploads
from bot.sandbox.control import CALLS, WORLD
from bot.sandbox.control_faults import FAULTS, LIMITS
from bot.sandbox.control_uploads import HELD, Held
from bot.sandbox.endpoint import Endpoint
from bot.sandbox.journal import Calls
from bot.sandbox.keep import Keeper
from bot.sandbox.limits import Limits
from bot.sandbox.webhook import Hooks
from bot.sandbox.world import World

BODY_BYTES = 100 * 1024 * 1024
PAGE = Path(__file__).with_name("page")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Context = Callable[[web.Application], AsyncIterator[None]]


def make_app(world: World, keeper: Keeper | None = None) -> web.Application:
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[control.plain_errors])
    app[WORLD], app[CALLS], app[HELD] = world, Calls(world), Held()
    app[FAULTS], app[LIMITS] = world.faults, Limits()
    endpoint = Endpoint(world, app[CALLS], app[FAULTS], app[LIMITS])
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", endpoint.answer)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", endpoint.download)
    for part in (control, control_groups, control_uploads, control_faults):
        app.add_routes(part.routes)
    app.router.add_get("/", page)
    app.router.add_get("/{name:[a-z0-9_-]+\\.(?:js|css|html|svg|png|ico)}", page)
    app.on_response_prepare.append(stamp)
    app.cleanup_ctx.append(background(Hooks(world, endpoint.follow), keeper))
    return app


def background(hooks: Hooks, keeper: Keeper | None) -> Context:
    """Webhooks and the keeper run beside the server; the world is kept once more at the end."""

    async def run(app: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(hooks.run())]
        if keeper is not None:
            tasks.append(asyncio.create_task(keeper.run(app[WORLD])))
        yield
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if keeper is not None:
            keeper.save(app[WORLD])

    return run


async def stamp(request: web.Request, response: web.StreamResponse) -> None:
    """Every answer carries the sandbox's time."""
    response.headers["Date"] = formatdate(request.app[WORLD].clock.now(), usegmt=True)


async def page(request: web.Request) -> web.StreamResponse:
    """The page's files, read at each request so that they can be worked on."""
    path = PAGE / request.match_info.get("name", "index.html")
    if not path.is_file():
        raise web.HTTPNotFound(text="no such page")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return web.FileResponse(path, headers=headers)
