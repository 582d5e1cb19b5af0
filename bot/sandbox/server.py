"""The sandbox's HTTP server: the Bot API under /bot…, the control side under /sandbox/, the page at /."""

from __future__ import annotations

import json
from email.utils import formatdate
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox import control
from bot.sandbox.call import Call, read_params
from bot.sandbox.control import CALLS, WORLD
from bot.sandbox.errors import ApiError
from bot.sandbox.journal import Calls
from bot.sandbox.methods import BY_LOWER_NAME
from bot.sandbox.world import World

BODY_BYTES = 100 * 1024 * 1024
PAGE = Path(__file__).with_name("page")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'"


def make_app(world: World) -> web.Application:
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[control.plain_errors])
    app[WORLD] = world
    app[CALLS] = Calls(world)
    app.on_response_prepare.append(stamp)
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", endpoint)
    app.add_routes(control.routes)
    app.router.add_get("/", page)
    app.router.add_get("/{name:[a-z0-9_-]+\\.(?:js|css|html|svg|png|ico)}", page)
    return app


async def stamp(request: web.Request, response: web.StreamResponse) -> None:
    """Every answer carries the sandbox's time."""
    response.headers["Date"] = formatdate(request.app[WORLD].clock.now(), usegmt=True)


async def endpoint(request: web.Request) -> web.Response:
    bot = request.app[WORLD].bot_for(request.match_info["token"])
    if bot is None:
        return reply(ApiError(401, "Unauthorized").body())
    call = Call(request.app[WORLD], bot, request.match_info["method"], {})
    try:
        call.params, call.files = await read_params(request)
        body = {"ok": True, "result": await run(call)}
    except ApiError as error:
        body = error.body()
    request.app[CALLS].record(call, body)
    return reply(body)


async def run(call: Call) -> Any:
    name, method = BY_LOWER_NAME.get(call.method.lower(), (call.method, None))
    call.method = name
    if method is None:
        raise ApiError(404, "Not Found")
    return await method(call)


def reply(body: dict[str, Any]) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=body.get("error_code", 200), content_type="application/json")


async def page(request: web.Request) -> web.StreamResponse:
    """The page's files, read at each request so that they can be worked on."""
    path = PAGE / request.match_info.get("name", "index.html")
    if not path.is_file():
        raise web.HTTPNotFound(text="no such page")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return web.FileResponse(path, headers=headers)
