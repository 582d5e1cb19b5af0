"""Fetch a photo: ask Telegram where it is, download it, read it in a process of its own, keep the original.

Telegram keeps the file, so trouble of any kind (network, disk, Telegram itself) means: later. A photo is
given up only when it is no picture we can keep, or when Telegram has said for a day that it cannot give it.
"""

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from obstore.exceptions import BaseError
from obstore.store import LocalStore
from sqlmodel import Session

from bot import crash
from bot.errands import reading
from bot.errands.alone import alone
from bot.errands.reading import Taken
from bot.outcomes import BotDownError, LaterError, Outcome, RefusedError, WireError, judge
from bot.workers import ErrandContext
from storage import captions, errands, identity, letters, likeness, photos, picture, reporting
from storage.files import Files
from storage.letters import Lane
from storage.photo import Photo, PhotoState
from storage.photo_faults import LARGEST, TOO_LARGE
from storage.texts import _, speaking

SHORTEST, LONGEST = timedelta(seconds=5), timedelta(hours=1)
ROOM = 500 * 2**20
"""Bytes that must be free on the disk: letters and reports come before photos, which Telegram keeps."""

Fate = Callable[[Session], Photo]


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    photo_id = body["photo_id"]
    with context.pen.store.reading() as session:
        file_id = photos.waiting(session, photo_id)
    if file_id is None:
        await context.pen(lambda session: errands.done(session, context.errand_id))
        return
    await _make_sure_of_room(context)
    try:
        fate = await _fate(context, photo_id, file_id)
    except (WireError, BaseError, OSError) as error:
        raise _later(context, error) from error
    await context.pen(lambda session: _settle(session, context, fate))
    crash.point("photo.noted")


async def _fate(context: ErrandContext, photo_id: int, file_id: str) -> Fate:
    """What becomes of the photo. Raises what passes by itself: it is tried again."""
    now = context.now()
    try:
        data = await _download(context, file_id)
        crash.point("photo.fetched")
        taken = await alone(context.process, reading.take, data)
    except picture.Unreadable as error:
        sentence = error.sentence
        return lambda session: photos.refused(session, photo_id, sentence, now)
    except RefusedError as error:
        if await _can_wait(context, photo_id, error):
            raise
        return lambda session: photos.gone(session, photo_id, now)
    await asyncio.to_thread(context.files.keep, data)
    thumbnail = await asyncio.to_thread(context.files.keep, taken.thumbnail)
    crash.point("photo.kept")
    return lambda session: _kept(session, photo_id, taken, thumbnail, now)


def _kept(session: Session, photo_id: int, taken: Taken, thumbnail: str, now: datetime) -> Photo:
    """The photo, its thumbnail and its look; what it is like is found out next."""
    photo = photos.kept(session, photo_id, taken.facts, now)
    photos.copied(session, photo_id, photos.THUMBNAIL, thumbnail)
    likeness.keep(session, photo_id, taken.look)
    captions.forget(session, photo, now)
    if photo.state == PhotoState.KEPT:
        key = f"photo:{photo_id}:compare"
        errands.send_on(session, photo.bot, "compare", {"photo_id": photo_id}, due_at=now, key=key)
    return photo


async def _download(context: ErrandContext, file_id: str) -> bytes:
    try:
        path, size = await context.wire.get_file(file_id)
    except RefusedError as error:
        if "too big" in error.description.lower():
            raise picture.Unreadable(TOO_LARGE) from error
        raise
    if size is not None and size > LARGEST:
        raise picture.Unreadable(TOO_LARGE)
    return await context.wire.download(path)


async def _can_wait(context: ErrandContext, photo_id: int, error: RefusedError) -> bool:
    if judge(error) is Outcome.PARK:
        return False
    return not await context.pen(lambda session: photos.unavailable(session, photo_id, context.now()))


def _later(context: ErrandContext, error: Exception) -> LaterError:
    """A pause of 5 s that doubles up to an hour; longer when Telegram asks for it."""
    pause = min(SHORTEST * 2 ** min(context.attempts, 20), LONGEST).total_seconds()
    asked = error.seconds if isinstance(error, LaterError) else 0
    if isinstance(error, BotDownError):
        asked = LONGEST.total_seconds()
    return LaterError(max(pause, asked), type(error).__name__)


def _settle(session: Session, context: ErrandContext, fate: Fate) -> None:
    photo = fate(session)
    errands.done(session, context.errand_id)
    if photo.report_id is not None:
        reporting.photos_changed(session, photo.report_id, context.now())


async def _make_sure_of_room(context: ErrandContext) -> None:
    free = free_bytes(context.files)
    if free is not None and free < ROOM:
        await context.pen(lambda session: _tell_administrators(session, context, free))
        raise _later(context, OSError("disk"))


def free_bytes(files: Files) -> int | None:
    """Of the disk that holds the files; None for a bucket."""
    if not isinstance(files.store, LocalStore) or files.store.prefix is None:
        return None
    return shutil.disk_usage(files.store.prefix).free


def _tell_administrators(session: Session, context: ErrandContext, free: int) -> None:
    """Once a day at most."""
    now = context.now()
    for person, chat in identity.administrators(session, context.bot, now):
        with speaking(person.language):
            text = _(
                "服务器磁盘只剩 {megabytes} MB，已暂停下载照片（照片还在 Telegram 上，不会丢）。"
                "请清理磁盘或扩容，空间够了会自动继续。"
            ).format(megabytes=free // 2**20)
        key = f"disk:{context.bot}:{now:%Y-%m-%d}:{chat.id}"
        letters.say(session, chat, "sendMessage", {"text": text}, now=now, lane=Lane.NOTICE, key=key)
