"""Tell a program what happened to reports, one event a request, in order. What it has answered for is noted after each;
what it has not is told again, with the same id.

Body: {"hook": id}.
"""

import asyncio
import hashlib
import hmac
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import aiohttp
import orjson
from pydantic import TypeAdapter
from sqlmodel import Session

from bot.api import shapes
from bot.outcomes import LaterError
from bot.outward import client
from bot.workers import ErrandContext
from reports.given import Giving
from storage import bots, errands, hooks, identity, letters, private_numbers, showing
from storage.hooks import Event, Hook
from storage.letters import Lane
from storage.showing import Channel, Of
from storage.texts import _, speaking

MOST = 50
"""Events of one errand; for the others there is another."""
TAKEN, GONE = range(200, 300), 410
_REPORT = TypeAdapter(shapes.Report)


class Parcel(NamedTuple):
    """A request to be made; `record` is what it tells of."""

    id: str
    seq: int
    body: bytes
    record: str


class Way(NamedTuple):
    address: str
    secret: str


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    number: int = body["hook"]
    found = await asyncio.to_thread(_read, context, number)
    if found is not None:
        way, parcels = found
        async with client(private=context.private_hooks) as http:
            for parcel in parcels:
                status = await post(http, way, parcel.id, parcel.body, context.now())
                if status not in TAKEN:
                    await _failed(context, number, status)
                    return
                await context.pen(partial(_told, hook=number, parcel=parcel, now=context.now()))
    await context.pen(lambda session: errands.done(session, context.errand_id))


def _read(context: ErrandContext, number: int) -> tuple[Way, list[Parcel]] | None:
    """What is to be told; None when the hook was ended or stopped."""
    with context.pen.store.reading() as session, speaking("zh"):
        hook = session.get(Hook, number)
        if hook is None or hook.ended_at or hook.stopped_at:
            return None
        found, _upto = hooks.events(session, hook, MOST)
        giving = Giving(session, hooks.actor(session, hook))
        return Way(*hooks.opened(session, hook)), [_parcel(session, giving, one) for one in found]


def _parcel(session: Session, giving: Giving, event: Event) -> Parcel:
    """The report as the API tells it, masked; as it is now, which may be later than the event."""
    (row,) = giving.rows([event.report])
    told = {
        "id": event.id, "type": event.what, "step": event.step, "at": event.at.isoformat(),
        "report": orjson.loads(_REPORT.dump_json(_REPORT.validate_python(row))),
    }  # fmt: skip
    shown = showing.degree(Of.NUMBER, Channel.API)
    body = private_numbers.told(session, orjson.dumps(told).decode(), shown).encode()
    return Parcel(event.id, event.seq, body, f"report:{event.report.number}")


def _told(session: Session, hook: int, parcel: Parcel, now: datetime) -> None:
    hooks.told(session, hook, parcel.seq, parcel.record, now)


async def post(http: aiohttp.ClientSession, way: Way, event: str, body: bytes, now: datetime) -> int | str:
    """The status that came back, or what kept it from coming."""
    moment = int(now.timestamp())
    headers = {
        "content-type": "application/json", "user-agent": "zhucun", "zhucun-event": event,
        "zhucun-signature": f"t={moment},v1={signature(way.secret, moment, body)}",
    }  # fmt: skip
    try:
        async with http.post(way.address, data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # Its text may hold the address.
        return type(error).__name__


def signature(secret: str, moment: int, body: bytes) -> str:
    """HMAC-SHA256 over the moment, a dot and the body, as hex."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


async def _failed(context: ErrandContext, number: int, status: int | str) -> None:
    """Later, or stopped for good with a word to administrators."""

    def note(session: Session) -> float | None:
        wait = hooks.failed(session, number, str(status), context.now(), gone=status == GONE)
        if wait is not None:
            return wait.total_seconds()
        _tell(session, session.get_one(Hook, number), context.now())
        errands.done(session, context.errand_id)
        return None

    seconds = await context.pen(note)
    if seconds is not None:
        raise LaterError(seconds, "the hook does not answer")


def _tell(session: Session, hook: Hook, now: datetime) -> None:
    for bot in bots.known(session):
        for person, chat in identity.administrators(session, bot.id, now):
            with speaking(person.language):
                said = _(
                    "向“{label}”推送一直不成功（{error}），已经停下。等对方恢复后请运行 zhucun hooks resume {number}，"
                    "停下以后的会补推。"
                ).format(label=hook.label, error=hook.error, number=hook.id)
            letters.say(session, chat, "sendMessage", {"text": said}, now=now, lane=Lane.NOTICE)
