"""Photos and files from a phone: one by one or as an album, on time, late or twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox import acts
from bot.sandbox.control import WORLD, answer, id_of, place, topic_of
from bot.sandbox.files import Upload, file_id, unique_id
from bot.sandbox.media import NotAPictureError, sizes
from bot.sandbox.model import Chat, Json, Message
from bot.sandbox.updates import Update
from bot.sandbox.world import World

ALBUM_MOST = 10
routes = web.RouteTableDef()


@dataclass
class Held:
    """Messages whose updates wait for /sandbox/release: (chat key, message id)."""

    parts: list[tuple[str, int]] = field(default_factory=list)


HELD = web.AppKey("held", Held)


@dataclass
class Sending:
    """The form of an upload; `hold` and `twice` count its parts from 1."""

    fields: dict[str, str]
    uploads: list[Upload]

    def flag(self, name: str) -> bool:
        return self.fields.get(name, "").lower() in ("1", "true", "yes")

    def parts(self, name: str) -> set[int]:
        return {int(part) for part in self.fields.get(name, "").split(",") if part.strip()}


async def read_form(request: web.Request) -> Sending:
    fields: dict[str, str] = {}
    uploads: list[Upload] = []
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            uploads.append(Upload(part.filename or name, part.file.read()))
        else:
            fields[name] = str(part)
    if not uploads:
        raise acts.RefusedError("没有文件：请在表单里附上照片或文件。")
    return Sending(fields, uploads)


async def content_of(world: World, upload: Upload, as_file: bool) -> Json:
    if as_file:
        return {"document": world.files.document(upload).n}
    try:
        await asyncio.to_thread(sizes, upload.data)
    except NotAPictureError:
        raise acts.RefusedError(f"{upload.name} 不是能显示的照片：请作为文件发送（as_file=1）。") from None
    return {"photo": world.files.photo(upload.data)}


@routes.post("/sandbox/upload")
async def upload(request: web.Request) -> web.Response:
    """Every file is a message of its own; an album's parts share an id, the first has the caption."""
    sending, world = await read_form(request), request.app[WORLD]
    chat = place(world, dict(sending.fields))
    contents = [await content_of(world, one, sending.flag("as_file")) for one in sending.uploads]
    together = sending.flag("album") and len(contents) > 1
    if together and len(contents) > ALBUM_MOST:
        raise acts.RefusedError(f"一组最多 {ALBUM_MOST} 张：请分几次发送。")
    common: Json = {"topic": topic_of(chat, int(sending.fields.get("topic") or 0))}
    if together:
        common["media_group_id"] = world.new_album()
    said = say_parts(request.app[HELD], world, chat, sending, [common | one for one in contents])
    return answer(receipt(world, chat, said))


def say_parts(
    held: Held, world: World, chat: Chat, sending: Sending, contents: list[Json]
) -> list[tuple[Message, Update | None]]:
    hold, twice = sending.parts("hold"), sending.parts("twice")
    said = []
    for number, content in enumerate(contents, 1):
        if number == 1 and sending.fields.get("caption"):
            content["caption"] = sending.fields["caption"]
        quiet = number in hold
        message, update = acts.say(world, chat, int(sending.fields["user"]), quiet=quiet, **content)
        if quiet:
            held.parts.append((chat.key, message.message_id))
        if update is not None:
            update.again = number in twice
        said.append((message, update))
    return said


def receipt(world: World, chat: Chat, said: list[tuple[Message, Update | None]]) -> Json:
    bot_id = chat.bot_id or next((bot.id for bot in world.bots_of(chat)), 0)
    files = []
    for message, _ in said:
        file = world.files.known[message.document or message.photo[-1]]
        names = {"file_id": file_id(file, bot_id), "file_unique_id": unique_id(file)}
        files.append(names | {"sha256": file.sha256, "size": file.size})
    ids = [message.message_id for message, _ in said]
    return {"message_ids": ids, "update_ids": [id_of(update) for _, update in said], "files": files}


@routes.post("/sandbox/release")
async def release(request: web.Request) -> web.Response:
    """Deliver the parts that were held back, in their order, under new update ids."""
    world, held = request.app[WORLD], request.app[HELD]
    parts, held.parts = held.parts, []
    update_ids = []
    for key, message_id in parts:
        chat = world.chats[key]
        update_ids.append(id_of(acts.tell(world, chat, chat.messages[message_id], "message")))
    return answer({"update_ids": update_ids})
