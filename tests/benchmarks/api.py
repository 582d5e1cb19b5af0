"""A Bot API server for measuring: loopback, no checks, tens of microseconds a call.

It keeps Telegram's rule of getUpdates (an offset confirms what is below it), gives messages ids, remembers
each chat's messages as Telegram returns them, and tells a listener what a chat now shows.
"""

import asyncio
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, cast
from urllib.parse import parse_qsl

import httptools
import orjson

TOKEN = "42:BENCHMARK"
BOT = {"id": 42, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
TOO_MANY = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
    b'"parameters":{"retry_after":%d}}'
)
TRUE = b'{"ok":true,"result":true}'
MOST = 100
Message = dict[str, Any]


class Api:
    """`post(update)` hands an update to the bot; `shown(chat, message)` is called for each send and edit."""

    def __init__(self, shown: Callable[[int, Message], None]) -> None:
        self.shown = shown
        self.refuses: Callable[[str, int], int] = lambda _method, _chat: 0
        """Seconds that a call to a chat has to wait; 0: it may be made."""
        self.calls = 0
        self._updates: dict[int, bytes] = {}
        self._messages: dict[tuple[int, int], Message] = {}
        self._poll: asyncio.Future[None] | None = None
        self._last_update = self._last_message = 1000
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Listen on a free port; the address for the bot."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Line(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.wake()

    def new_message(self) -> int:
        self._last_message += 1
        return self._last_message

    def message(self, chat: int, message_id: int) -> Message:
        return self._messages[chat, message_id]

    def post(self, **body: Any) -> None:
        self._last_update += 1
        self._updates[self._last_update] = orjson.dumps({"update_id": self._last_update, **body})
        self.wake()

    def wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    async def call(self, method: str, given: dict[str, str]) -> bytes:
        if method == "getupdates":
            return await self._get_updates(given)
        self.calls += 1
        if wait := self.refuses(method, int(given.get("chat_id") or 0)):
            return TOO_MANY % (wait, wait)
        if method == "sendmessage":
            return self._say(given, self.new_message())
        if method == "editmessagetext":
            return self._say(given, int(given["message_id"]))
        if method == "getme":
            return _ok(BOT)
        if method == "deletemessage":
            self._messages.pop((int(given["chat_id"]), int(given["message_id"])), None)
        return TRUE

    async def _get_updates(self, given: dict[str, str]) -> bytes:
        offset = int(given.get("offset") or 0)
        for number in [one for one in self._updates if one < offset]:
            del self._updates[number]
        if not self._updates:
            self._poll = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._poll], timeout=float(given.get("timeout") or 0))
        some = list(self._updates.values())[: min(MOST, int(given.get("limit") or MOST))]
        return b'{"ok":true,"result":[' + b",".join(some) + b"]}"

    def _say(self, given: dict[str, str], message_id: int) -> bytes:
        chat = int(given["chat_id"])
        message: Message = {
            "message_id": message_id, "from": BOT, "chat": {"id": chat, "type": "private", "first_name": "李"},
            "date": int(time.time()), "text": given["text"],
        }  # fmt: skip
        if "reply_markup" in given:
            message["reply_markup"] = orjson.loads(given["reply_markup"])
        self._messages[chat, message_id] = message
        self.shown(chat, message)
        return _ok(message)


class Line(asyncio.Protocol):
    """One connection of a bot: requests one after the other."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._parser = httptools.HttpRequestParser(self)
        self._url = self._body = self._type = b""
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not inherit

    def connection_lost(self, error: Exception | None) -> None:
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._url = self._body = self._type = b""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._type = value

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        method = self._url.rpartition(b"/")[2].decode().lower()
        self._task = asyncio.ensure_future(self._answer(method, _fields(self._type, self._body)))

    async def _answer(self, method: str, given: dict[str, str]) -> None:
        body = await self._api.call(method, given)
        status = "200 OK" if body.startswith(b'{"ok":true') else "429 Too Many Requests"
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Date: {formatdate(usegmt=True)}\r\nConnection: keep-alive\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


def _fields(kind: bytes, body: bytes) -> dict[str, str]:
    if not body:
        return {}
    if b"json" in kind:
        found = orjson.loads(body)
        return {k: v if isinstance(v, str) else orjson.dumps(v).decode() for k, v in found.items()}
    if b"multipart" in kind:
        return _parts(kind.rpartition(b"boundary=")[2].strip(b'"'), body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _parts(boundary: bytes, body: bytes) -> dict[str, str]:
    """The fields of a form; of an uploaded picture only that there was one."""
    found = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0]
        found[name.decode()] = value.removesuffix(b"\r\n").decode(errors="replace")
    return found


def _ok(result: Any) -> bytes:
    return b'{"ok":true,"result":' + orjson.dumps(result) + b"}"
