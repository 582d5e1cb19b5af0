"""Faults and limits, switched on and off."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.control import answer, body_of
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits

routes = web.RouteTableDef()
FAULTS = web.AppKey("faults", Faults)
LIMITS = web.AppKey("limits", Limits)


def view(request: web.Request) -> web.Response:
    active = [vars(fault) for fault in request.app[FAULTS].active]
    return answer({"faults": active, "limits": request.app[LIMITS].on})


@routes.get("/sandbox/faults")
async def active_faults(request: web.Request) -> web.Response:
    return view(request)


@routes.post("/sandbox/faults")
async def add_fault(request: web.Request) -> web.Response:
    body = await body_of(request)
    if "limits" in body:
        request.app[LIMITS].switch(bool(body["limits"]))
    if "kind" in body or "limits" not in body:
        request.app[FAULTS].add(body)
    return view(request)


@routes.delete("/sandbox/faults")
async def clear_faults(request: web.Request) -> web.Response:
    request.app[FAULTS].active.clear()
    request.app[LIMITS].switch(False)
    return view(request)
