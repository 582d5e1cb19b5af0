"""Groups on the control side: making one, who is in it, and its upgrade to a supergroup."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox import acts, groups, look
from bot.sandbox.control import WORLD, answer, body_of, optional

routes = web.RouteTableDef()


@routes.post("/sandbox/groups")
async def make(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    members = [world.user(int(member)).id for member in body.get("members", [])]
    if not members:
        raise acts.RefusedError("建群至少要有一个人：请给出 members。")
    forum, large = bool(body.get("forum")), bool(body.get("supergroup"))
    chat = world.add_group(str(body.get("title") or "群"), members, forum or bool(body.get("topics")), large)
    chat.privacy = bool(body.get("privacy", True))
    chat.admins = [int(admin) for admin in body.get("admins", members[:1])]
    for name in body.get("topics", []):
        groups.add_topic(world, chat, members[0], str(name))
    if body.get("bot", True):
        groups.join(world, chat, members[0], world.bot(optional(body, "bot_id")).id)
    return answer(look.chat(chat))


@routes.post("/sandbox/groups/{chat:-?\\d+}/member")
async def member(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    chat, who = world.group(int(request.match_info["chat"])), int(body["user"])
    if who not in world.bots:
        world.user(who)
    by = int(body.get("by") or who)
    if body["in"] and who not in chat.members:
        groups.join(world, chat, by, who)
    elif not body["in"] and who in chat.members:
        groups.leave(world, chat, by, who)
    return answer(look.chat(chat))


@routes.post("/sandbox/groups/{chat:-?\\d+}/admin")
async def admin(request: web.Request) -> web.Response:
    """Make a member an administrator, or no longer one (a bot sees all messages as one)."""
    body, world = await body_of(request), request.app[WORLD]
    chat = world.group(int(request.match_info["chat"]))
    groups.promote(world, chat, int(body["user"]), bool(body.get("admin", True)))
    return answer(look.chat(chat))


@routes.post("/sandbox/groups/{chat:-?\\d+}/upgrade")
async def upgrade(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    chat = world.group(int(request.match_info["chat"]))
    if chat.type == "supergroup":
        raise acts.RefusedError("已经是超级群了。")
    return answer(look.chat(groups.upgrade(world, chat)))
