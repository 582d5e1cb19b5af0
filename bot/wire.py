"""The Bot API as seen from here: python-telegram-bot's bot over aiohttp. The only file that imports `telegram`.

httpx, the library's default transport, costs ten times as much per call and cannot tell a request that was
never sent from an answer that was lost; delivery needs that difference.
"""

import os
import warnings
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from telegram import Bot, InputFile, InputMediaDocument, InputMediaPhoto
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData
from telegram.warnings import PTBUserWarning

from bot.connection import connector, read
from bot.outcomes import BotDownError, LaterError, NotSentError, RefusedError, UnknownError, WireError

TIMEOUT = aiohttp.ClientTimeout(total=60, sock_connect=10)
UNWELL = 5.0
"""Seconds to wait after a 5xx."""
_NO_FILE = (400, 403, 404, 410)
"""The file server does not know a path that getFile has just named."""
_MEDIA = {"photo": InputMediaPhoto, "document": InputMediaDocument}

# The library's coming way to say times; without it each 429 warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# We hand over methods by name on purpose: what is recorded may be newer than the library.
warnings.filterwarnings("ignore", message=".*do_api_request.*", category=PTBUserWarning)
warnings.filterwarnings("ignore", message=".*Please use 'Bot\\..*", category=PTBUserWarning)


class _NotSent(NetworkError):
    """The connection was never made."""


class _Unknown(NetworkError):
    """The connection broke after the request went out."""


class AiohttpRequest(BaseRequest):
    """The library's transport over aiohttp; `on_date` hears the server's clock with each answer."""

    def __init__(self, proxy: str | None, on_date: Callable[[datetime], None]) -> None:
        self._proxy, self._on_date = proxy, on_date
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return TIMEOUT.total

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=connector(self._proxy), timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the wire is not open")
        return self._session

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        try:
            # As the library does it: one wrong byte in a name does not make a letter seem unsent.
            return read(payload.decode(errors="replace").encode())
        except ValueError as error:
            raise TelegramError("Invalid server response") from error

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **__timeouts: Any,
    ) -> tuple[int, bytes]:
        try:
            body, headers = _body(request_data)
            async with self.session.request(method, url, data=body, headers=headers) as answer:
                said = await answer.read()
                if "Date" in answer.headers:
                    self._on_date(_moment(answer.headers["Date"]))
                return answer.status, said
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _NotSent(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _Unknown(type(error).__name__) from error


@lru_cache(maxsize=4)
def _moment(date: str) -> datetime:
    """Said to the second, and answers come by the hundred in one."""
    return parsedate_to_datetime(date)


def _body(data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    """The body of a request and its headers."""
    if data is None:
        return None, {}
    if not data.contains_files:
        # Writing the same as a form costs as much as the rest of the call: each byte of Chinese is quoted.
        return orjson.dumps(data.json_parameters), {"Content-Type": "application/json"}
    return _form(data), {}


def _form(data: RequestData) -> aiohttp.FormData:
    # Quoted names would reach the reader as %E5%91%A8…
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


class Wire:
    """One bot's line to the Bot API."""

    def __init__(
        self, token: str, api_url: str, proxy: str | None, on_date: Callable[[datetime], None]
    ) -> None:
        self._files = f"{api_url}/file/bot{token}/"
        self._request = AiohttpRequest(proxy, on_date)
        self._bot = Bot(
            token, base_url=f"{api_url}/bot", base_file_url=f"{api_url}/file/bot", request=self._request,
            get_updates_request=self._request,
        )  # fmt: skip

    async def open(self) -> None:
        await self._request.initialize()

    async def close(self) -> None:
        await self._request.shutdown()

    async def call(
        self, method: str, parameters: dict[str, Any], files: dict[str, bytes] | None = None
    ) -> Any:
        """Call a method by name. `files` holds the bytes of the {"$file": sha} references in the parameters.
        Raises WireError."""
        try:
            return await self._bot.do_api_request(method, api_kwargs=_ready(parameters, files or {}))
        except TelegramError as error:
            raise _translate(error) from error

    async def me(self) -> tuple[int, str]:
        """The bot's id and @name."""
        about = await self.call("getMe", {})
        return about["id"], about["username"]

    async def get_file(self, file_id: str) -> tuple[str, int | None]:
        """Where to download a file, and its size when known."""
        about = await self.call("getFile", {"file_id": file_id})
        return about["file_path"], about.get("file_size")

    async def download(self, path: str) -> bytes:
        """The bytes of a file. A Bot API server of one's own may name a local path instead."""
        if path.startswith("/"):
            return Path(path).read_bytes()  # noqa: ASYNC240 - a local file of at most 20 MB, in a worker
        try:
            async with self._request.session.get(self._files + path) as answer:
                if answer.status in _NO_FILE:
                    raise RefusedError(f"file is temporarily unavailable: download answered {answer.status}")
                if answer.status != 200:
                    raise LaterError(UNWELL, f"download answered {answer.status}")
                return await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotSentError(type(error).__name__) from error


def _ready(parameters: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    """Recorded parameters as the library wants them: uploads and media as its own objects."""
    return {key: _ready_value(key, value, files) for key, value in parameters.items()}


def _ready_value(key: str, value: Any, files: dict[str, bytes]) -> Any:
    if key == "media" and isinstance(value, list):
        return [_media(item, files) for item in value]
    if key == "media":
        return _media(value, files)
    if isinstance(value, dict) and "$file" in value:
        return InputFile(files[value["$file"]], filename=value.get("name"))
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def _media(item: dict[str, Any], files: dict[str, bytes]) -> Any:
    about = dict(item)
    made, media = _MEDIA[about.pop("type")], about.pop("media")
    if isinstance(media, dict):
        media = InputFile(files[media["$file"]], filename=media.get("name"), attach=True)
    return made(media, **about)


def _translate(error: TelegramError) -> WireError:
    said = error.message
    if isinstance(error, _NotSent):
        return NotSentError(said)
    if isinstance(error, _Unknown):
        return UnknownError(said)
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        seconds = wait if isinstance(wait, int) else wait.total_seconds()
        return LaterError(seconds, said, flood=True)
    if isinstance(error, ChatMigrated):
        return RefusedError("group chat was upgraded to a supergroup chat", error.new_chat_id)
    if isinstance(error, InvalidToken | EndPointNotFound):
        return BotDownError(said)
    if isinstance(error, BadRequest | Forbidden):
        return RefusedError(said)
    return LaterError(UNWELL, said)
