"""sendMediaGroup and editMessageMedia: media described by JSON, with their files beside it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.methods.attachments import document_of, photo_of
from bot.sandbox.methods.editing import apply
from bot.sandbox.methods.sending import say
from bot.sandbox.model import Json
from bot.sandbox.text import checked_caption, formatted

ALBUM_MOST = 10


async def media_of(call: Call, media: object) -> Json:
    """Message content of one InputMedia object."""
    if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
        raise bad("can't parse InputMedia: type must be photo or document here")
    caption, entities = formatted(
        str(media.get("caption") or ""), str(media.get("parse_mode") or ""), media.get("caption_entities")
    )
    checked_caption(caption)
    reference = str(media.get("media") or "")
    if not reference:
        raise bad("media is empty")
    content: Json = {"caption": caption or None, "entities": entities, "photo": [], "document": None}
    if media["type"] == "photo":
        return content | {"photo": await photo_of(call, reference, "")}
    return content | {"document": document_of(call, reference, "")}


async def send_media_group(call: Call) -> list[Json]:
    """The parts are messages of their own with one media_group_id; a bad part sends nothing."""
    chat, wanted = call.open_chat(), call.json("media")
    if not isinstance(wanted, list) or not wanted:
        raise bad("media is empty")
    if len(wanted) > ALBUM_MOST:
        raise bad("too many messages to send as an album")
    if len({part.get("type") for part in wanted if isinstance(part, dict)}) > 1:
        raise bad("document can't be mixed with other media types")
    contents = []
    for number, part in enumerate(wanted, 1):
        try:
            contents.append(await media_of(call, part))
        except ApiError as error:
            reason = error.description.removeprefix("Bad Request: ")
            raise bad(f'failed to send message #{number} with the error message "{reason}"') from None
    album = {"media_group_id": call.world.new_album()} if len(contents) > 1 else {}
    return [say(call, chat, **content, **album) for content in contents]


async def edit_message_media(call: Call) -> Json:
    chat = call.open_chat()
    said = call.own_message(chat)
    content = await media_of(call, call.json("media"))
    if said.media_group_id and bool(content["document"]) != bool(said.document):
        raise bad("message can't be edited")
    return apply(call, chat, said, text=None, **content)


METHODS: dict[str, Any] = {"sendMediaGroup": send_media_group, "editMessageMedia": edit_message_media}
