"""The Bot API as seen from here: python-telegram-bot over pyreqwest. The only file that imports `telegram`.

httpx, the library's default transport, costs twenty times as much per call and cannot tell a request that was
never sent from an answer that was lost; delivery needs that difference.
"""

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from pyreqwest.client import Client
from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.request import RequestBuilder
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

from bot.connection import client, read
from bot.outcomes import BotDownError, LaterError, NotSentError, RefusedError, UnknownError, WireError

TIMEOUT = 60.0
"""Seconds for a whole call."""
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


@dataclass(frozen=True)
class Said:
    """Parameters without files, in place of the library's data: that looks for files in each and writes each twice."""

    json_parameters: dict[str, Any]


class Request(BaseRequest):
    """The library's transport over pyreqwest; `on_date` hears the server's clock with each answer."""

    def __init__(self, proxy: str | None, on_date: Callable[[datetime], None]) -> None:
        self._proxy, self._on_date = proxy, on_date
        self._client: Client | None = None

    @property
    def read_timeout(self) -> float | None:
        return TIMEOUT

    async def initialize(self) -> None:
        if self._client is None:
            self._client = client(self._proxy, TIMEOUT)

    async def shutdown(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    @property
    def client(self) -> Client:
        if self._client is None:
            raise RuntimeError("the wire is not open")
        return self._client

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
        request_data: RequestData | Said | None = None,
        *_timeouts: Any,
        **__timeouts: Any,
    ) -> tuple[int, bytes]:
        asked = self.client.request(method, url)
        try:
            answer = await (asked if request_data is None else _filled(asked, request_data)).build().send()
            said = (await answer.bytes()).to_bytes()
        except PyreqwestError as error:
            kind = _NotSent if _never_connected(error) else _Unknown
            raise kind(type(error).__name__) from None  # its words hold the address, and so the token
        if (date := answer.get_header("Date")) is not None:
            self._on_date(_moment(date))
        return answer.status, said


@lru_cache(maxsize=4)
def _moment(date: str) -> datetime:
    """Said to the second, and answers come by the hundred in one."""
    return parsedate_to_datetime(date)


def _never_connected(error: PyreqwestError) -> bool:
    """Whether nothing can have been sent. The classes do not tell: a connection that broke is a ConnectError, too."""
    causes = error.details["causes"] if isinstance(error, DetailedPyreqwestError) else None
    return any(cause["message"] == "client error (Connect)" for cause in causes or ())


def _filled(asked: RequestBuilder, data: RequestData | Said) -> RequestBuilder:
    """A request with its body."""
    if isinstance(data, RequestData) and data.contains_files:
        return asked.multipart(_form(data))
    # Writing the same as a form costs as much as the rest of the call: each byte of Chinese is quoted.
    return asked.header("Content-Type", "application/json").body_bytes(orjson.dumps(data.json_parameters))


def _form(data: RequestData) -> FormBuilder:
    # Quoted names would reach the reader as %E5%91%A8…
    form = FormBuilder().percent_encode_noop()
    for name, value in data.json_parameters.items():
        form = form.text(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        whole = content if isinstance(content, bytes) else content.read()
        form = form.part(name, PartBuilder.from_bytes(whole).file_name(filename).mime(mime))
    return form


class Wire:
    """One bot's line to the Bot API."""

    def __init__(
        self, token: str, api_url: str, proxy: str | None, on_date: Callable[[datetime], None]
    ) -> None:
        self._calls, self._files = f"{api_url}/bot{token}/", f"{api_url}/file/bot{token}/"
        self._request = Request(proxy, on_date)
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
            if files or "media" in parameters:
                return await self._bot.do_api_request(method, api_kwargs=_ready(parameters, files or {}))
            said = Said(_ready(parameters, {}))
            return await self._request.post(self._calls + method, said)  # type: ignore[arg-type]  # goes to do_request unread
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
            answer = await self._request.client.get(self._files + path).build().send()
            if answer.status in _NO_FILE:
                raise RefusedError(f"file is temporarily unavailable: download answered {answer.status}")
            if answer.status != 200:
                raise LaterError(UNWELL, f"download answered {answer.status}")
            return (await answer.bytes()).to_bytes()
        except PyreqwestError as error:
            raise NotSentError(type(error).__name__) from None


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
