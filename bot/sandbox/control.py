"""The control side: how the page and the tests move people, look at chats and bend the rules."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.sandbox import acts, look, menus
from bot.sandbox.clock import ClockError
from bot.sandbox.files import file_id
from bot.sandbox.journal import Calls
from bot.sandbox.model import Chat, Json
from bot.sandbox.updates import Update
from bot.sandbox.world import UnknownError, World

LONGEST_WAIT = 60.0
routes = web.RouteTableDef()
WORLD = web.AppKey("world", World)
CALLS = web.AppKey("calls", Calls)


def answer(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, dumps=lambda found: json.dumps(found, ensure_ascii=False))


@web.middleware
async def plain_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """Everything a caller got wrong under /sandbox/ is 400 with one sentence."""
    try:
        response: web.StreamResponse = await handler(request)
    except (acts.RefusedError, UnknownError, ClockError) as error:
        return answer({"error": str(error.args[0])}, 400)
    except (KeyError, ValueError, TypeError) as error:
        if not request.path.startswith("/sandbox/"):
            raise
        return answer({"error": f"请求不对：{type(error).__name__} {error}"}, 400)
    return response


async def body_of(request: web.Request) -> Json:
    found = await request.json() if request.can_read_body else {}
    if not isinstance(found, dict):
        raise acts.RefusedError("请求体应是一个 JSON 对象。")
    return found


def number(request: web.Request, name: str) -> int | None:
    given = request.query.get(name, "")
    return int(given) if given.lstrip("-").isdigit() else None


def seconds(request: web.Request) -> float:
    return min(float(request.query.get("wait", 0)), LONGEST_WAIT)


def optional(body: Json, name: str) -> int | None:
    return int(body[name]) if body.get(name) is not None else None


def place(world: World, body: Json) -> Chat:
    return acts.place_of(world, int(body["user"]), optional(body, "chat"), optional(body, "bot"))


@routes.get("/sandbox/state")
async def state(request: web.Request) -> web.Response:
    return answer(look.state(request.app[WORLD]))


@routes.post("/sandbox/users")
async def users(request: web.Request) -> web.Response:
    body = await body_of(request)
    name, language = str(body["name"]), str(body.get("language") or "zh-hans")
    world = request.app[WORLD]
    return answer(vars(world.add_user(name, body.get("username"), language, optional(body, "id"))))


def content_of(body: Json) -> Json:
    """What a message holds, of the keys a request may name."""
    content = {key: body[key] for key in ("text", "location", "contact") if body.get(key) is not None}
    if body.get("sticker"):
        content["sticker"] = True
    if not content:
        raise acts.RefusedError("没有内容：请给出 text、location、contact 或 sticker。")
    return content


@routes.post("/sandbox/send")
async def send(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    chat = place(world, body)
    content = content_of(body) | {"topic": topic_of(chat, optional(body, "topic"))}
    content |= {"reply_to": optional(body, "reply_to"), "forward": bool(body.get("forward"))}
    said, update = acts.say(world, chat, int(body["user"]), **content)
    return answer({"message_id": said.message_id, "update_id": id_of(update)})


def id_of(update: Update | None) -> int | None:
    return None if update is None else update.id


def topic_of(chat: Chat, topic: int | None) -> int | None:
    if topic and topic not in chat.topics:
        raise acts.RefusedError(f"群里没有话题 {topic}。")
    return topic or None


@routes.post("/sandbox/press")
async def press(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    made = acts.press(world, place(world, body), int(body["user"]), int(body["message_id"]), body)
    return answer({"callback_query_id": made.id})


@routes.post("/sandbox/edit")
async def edit(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    chat, message_id = place(world, body), int(body["message_id"])
    update = acts.edit(world, chat, int(body["user"]), message_id, str(body["text"]))
    return answer({"message_id": message_id, "update_id": id_of(update)})


@routes.post("/sandbox/block")
async def block(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    chat = world.private(world.bot(optional(body, "bot")).id, world.user(int(body["user"])).id)
    acts.block(world, chat, bool(body.get("blocked", True)))
    return answer({"blocked": chat.blocked})


@routes.post("/sandbox/link")
async def link(request: web.Request) -> web.Response:
    body = await body_of(request)
    said, update = acts.open_link(request.app[WORLD], int(body["user"]), str(body["url"]))
    return answer({"message_id": said.message_id, "update_id": id_of(update)})


@routes.get("/sandbox/messages")
async def messages(request: web.Request) -> web.Response:
    """Of one chat (a group, or a user's private one), or of all chats when none is named."""
    world, chat_id, user_id = request.app[WORLD], number(request, "chat"), number(request, "user")
    chat: Chat | None = None
    if chat_id is not None and chat_id < 0:
        chat = world.group(chat_id)
    elif (person := chat_id or user_id) is not None:
        chat = world.private(world.bot(number(request, "bot")).id, world.user(person).id)
    topic, after = number(request, "topic"), number(request, "after") or 0
    key = "change" if chat is None else "chat " + chat.key
    found = await world.signals.poll(key, lambda: look.messages(world, chat, topic, after), seconds(request))
    return answer({"change": world.change, "messages": found})


@routes.get("/sandbox/answers")
async def answers(request: web.Request) -> web.Response:
    world, press_id = request.app[WORLD], request.query["callback_query_id"]
    if press_id not in world.presses:
        raise UnknownError("没有这次按下：请用 /sandbox/press 返回的编号。")
    made = world.presses[press_id]
    await world.signals.poll("press " + press_id, lambda: made.answer, seconds(request))
    return answer({"answered": made.answer is not None, "text": "", "alert": False} | (made.answer or {}))


@routes.get("/sandbox/calls")
async def calls(request: web.Request) -> web.Response:
    kept, after = request.app[CALLS], number(request, "after") or 0
    world = request.app[WORLD]
    found = await world.signals.poll("calls", lambda: kept.after(after), seconds(request))
    return answer({"calls": found})


@routes.post("/sandbox/command_menu")
async def command_menu(request: web.Request) -> web.Response:
    """The commands a person is offered in a chat: the narrowest scope first, as Telegram chooses."""
    body, world = await body_of(request), request.app[WORLD]
    chat = place(world, body)
    bots = [bot for bot in world.bots_of(chat) if optional(body, "bot") in (None, bot.id)]
    person = world.user(int(body["user"]))
    found = menus.offered(bots[0], chat, person) if bots else []
    return answer({"commands": found})


@routes.get("/sandbox/queue")
async def queue(request: web.Request) -> web.Response:
    bot = request.app[WORLD].bot(number(request, "bot"))
    return answer({"pending": len(bot.queue), "webhook": bot.webhook})


@routes.get("/sandbox/clock")
async def clock(request: web.Request) -> web.Response:
    world, after = request.app[WORLD], number(request, "after") or 0
    moved = world.clock
    await world.signals.poll("clock", lambda: moved.serial > after, seconds(request))
    return answer(moved.view())


@routes.post("/sandbox/clock")
async def move_clock(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    world.clock.move(body.get("to"), body.get("freeze"))
    world.touch()
    world.signals.ring("clock")
    return answer(world.clock.view())


@routes.post("/sandbox/revoke")
async def revoke(request: web.Request) -> web.Response:
    body, world = await body_of(request), request.app[WORLD]
    world.revoked.add(str(body["token"]))
    world.touch()
    return answer({"revoked": True})


@routes.get("/sandbox/file")
async def file(request: web.Request) -> web.Response:
    """The bytes of any file, whichever bot its identifier belongs to."""
    files = request.app[WORLD].files
    found = files.by_id(request.query["id"], None)
    if found is None:
        raise UnknownError("没有这个文件。")
    headers = {"Cache-Control": "private, max-age=86400", "ETag": f'"{file_id(found, 0)[-16:]}"'}
    return web.Response(body=files.data(found), content_type=found.mime, headers=headers)
