"""The Bot API's side of HTTP: a request becomes a call, meets faults and limits, and is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox import faults, schema
from bot.sandbox.call import Call, read_params
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.journal import Calls
from bot.sandbox.limits import Limits
from bot.sandbox.methods import BY_LOWER_NAME
from bot.sandbox.methods.files import DOWNLOAD_BYTES
from bot.sandbox.model import Bot
from bot.sandbox.world import World

Body = dict[str, Any]


@dataclass
class Endpoint:
    world: World
    calls: Calls
    faults: Faults
    limits: Limits

    async def answer(self, request: web.Request) -> web.Response:
        """POST or GET /bot<token>/<method>."""
        bot = self.world.bot_for(request.match_info["token"])
        if bot is None:
            return reply(ApiError(401, "Unauthorized").body())
        call = Call(self.world, bot, _proper(request.match_info["method"]), {})
        try:
            call.params, call.files = await read_params(request)
            struck, body = await self.met(request, call)
        except ApiError as error:
            struck, body = None, error.body()
        self.calls.record(call, body)
        return struck or reply(body)

    async def met(self, request: web.Request, call: Call) -> tuple[web.Response | None, Body]:
        """The call with the fault it meets, before or after its effect."""
        fault = self.faults.draw(call.method, call.text("chat_id"))
        if fault is not None and not fault.after_effect:
            struck = await self.strike(request, call, fault)
            if struck is not None:
                return struck, _lost(fault)
        body: Body = {"ok": True, "result": await self.run(call)}
        if fault is not None and fault.after_effect:
            return await self.strike(request, call, fault), body
        return None, body

    async def strike(self, request: web.Request, call: Call, fault: Fault) -> web.Response | None:
        call.warnings.append(f"fault {fault.kind}" + (" after the effect" if fault.after_effect else ""))
        try:
            return await faults.strike(request, fault)
        except ApiError as error:
            return reply(error.body())

    async def run(self, call: Call) -> Any:
        if call.method not in schema.published()["methods"]:
            raise ApiError(404, "Not Found")
        absent = schema.missing(call.method, call.params, call.files)
        if absent is not None:
            raise absent
        call.warnings += schema.oddities(call.method, call.params, call.files)
        entry = BY_LOWER_NAME.get(call.method.lower())
        if entry is None:
            raise ApiError(501, f"Not Implemented: the sandbox does not play {call.method}")
        self.limits.check(call)
        return await entry[1](call)

    async def follow(self, bot: Bot, body: bytes) -> None:
        """A method that a bot named in its answer to a webhook; its result goes nowhere."""
        try:
            params = json.loads(body)
            call = Call(self.world, bot, _proper(str(params.pop("method"))), params)
        except (ValueError, KeyError, AttributeError):
            return
        try:
            answer: Body = {"ok": True, "result": await self.run(call)}
        except ApiError as error:
            answer = error.body()
        self.calls.record(call, answer)

    async def download(self, request: web.Request) -> web.Response:
        """GET /file/bot<token>/<file_path>."""
        if self.world.bot_for(request.match_info["token"]) is None:
            return reply(ApiError(401, "Unauthorized").body())
        fault = self.faults.draw(faults.DOWNLOAD, "")
        if fault is not None:
            try:
                struck = await faults.strike(request, fault)
            except ApiError as error:
                struck = reply(error.body())
            if struck is not None:
                return struck
        file = self.world.files.by_path(request.match_info["path"])
        if file is None or file.size > DOWNLOAD_BYTES:
            return reply(ApiError(404, "Not Found").body())
        return web.Response(body=self.world.files.data(file), content_type=file.mime)


def _proper(method: str) -> str:
    """Method names are not case sensitive."""
    return BY_LOWER_NAME.get(method.lower(), (method,))[0]


def _lost(fault: Fault) -> Body:
    """What the record says of a call that never took effect."""
    if fault.kind.isdigit() and fault.kind != "502":
        return faults.error(fault).body()
    return {"ok": False, "error_code": 0, "description": fault.kind}


def reply(body: Body) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=body.get("error_code", 200), content_type="application/json")
