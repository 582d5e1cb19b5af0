"""The read API: from a request with a token to its answer.

A resource runs in a thread with a reading session. What its answer tells of people is journaled before it is sent; a
number of a person that is not masked never goes out, whichever resource wrote it.
"""

import asyncio
import hashlib
import inspect
import logging
import re
import secrets
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import orjson
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api import described, problems
from bot.api.call import Call, Picture
from bot.api.resources import RESOURCES, Resource
from bot.pen import Pen
from bot.web import headers
from bot.web.limits import Limit
from reports.pages import api_guide
from storage import confining, private_numbers, showing, tokens
from storage.files import Files
from storage.refusals import NotThere, NotYours, Refusal, TooMany
from storage.showing import Channel, Of
from storage.texts import speaking
from storage.tokens import Caller

MINUTE = timedelta(minutes=1)
PRIVATE = {"cache-control": "private, no-cache", "vary": "Accept-Language, Authorization"}
"""Kept by whoever asked, and asked for again with its tag."""
_KINDS = {b"\x89PNG": "image/png", b"RIFF": "image/webp", b"\xff\xd8\xff": "image/jpeg"}

log = logging.getLogger("zhucun.api")

T = TypeVar("T")
Told = tuple[bytes | None, str, str]
"""A body (None: the program has it already), its media type and its tag."""


class Api:
    """The API at an address (setting api); each token may ask `rate` times a minute."""

    def __init__(
        self, pen: Pen, files: Files, address: str, now: Callable[[], datetime], rate: int = 120
    ) -> None:
        self.pen, self.files, self.now = pen, files, now
        self.base, self.secure = urlsplit(address).path.rstrip("/"), address.startswith("https://")
        self._asked = Limit(rate, MINUTE)
        self.app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
        for resource in RESOURCES:
            self._add(resource)
        self._describe(address)
        self.mount = Mount(self.base, app=self.app)
        # A line break in an address is answered here as well, like anything else that is not there.
        self.mount.path_regex = re.compile(self.mount.path_regex.pattern, re.DOTALL)

    def _describe(self, address: str) -> None:
        """The pages that need no token, and what is answered where nothing is."""
        self.description = described.Description(self.app, address)
        for path, answer in (
            ("/", self._guide), ("/openapi.json", self._openapi), ("/console.css", headers.style),
            ("/icon.svg", headers.icon),
        ):  # fmt: skip
            self.app.router.routes.append(Route(path, answer, methods=["GET"]))
        self.app.add_middleware(_Headed, secure=self.secure)
        self.app.add_exception_handler(Refusal, self._refused)
        self.app.add_exception_handler(FailedError, self._failed)
        self.app.add_exception_handler(RequestValidationError, self._not_understood)
        self.app.add_exception_handler(HTTPException, self._other)

    def _add(self, resource: Resource) -> None:
        given = list(inspect.signature(resource.answer).parameters.values())[1:]

        async def endpoint(request: Request, **asked: Any) -> Response:
            if unknown := [one for one in request.query_params if one not in known]:
                return problems.not_understood(request, unknown)
            made: Response = await _guarded(partial(self._answer, resource, request, asked))
            return made

        asking = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
        endpoint.__signature__ = inspect.Signature([asking, *given])  # type: ignore[attr-defined] # what FastAPI reads
        self.app.add_api_route(
            resource.path, endpoint, methods=["GET"], summary=resource.summary, response_class=Response,
            name=resource.answer.__name__, dependencies=[Depends(partial(self._admit, resource))],
            operation_id=resource.answer.__name__, responses=described.responses(resource),
        )  # fmt: skip
        # A filter that is mistyped must not be answered with everything.
        known = {one.alias for one in cast(APIRoute, self.app.routes[-1]).dependant.query_params}

    # who asks

    async def _admit(self, resource: Resource, request: Request) -> None:
        """Before anything else of the request is looked at."""
        await _guarded(partial(self._let_in, resource, request))

    async def _let_in(self, resource: Resource, request: Request) -> None:
        language, now = problems.language_of(request), self.now()
        kind, _space, token = request.headers.get("authorization", "").partition(" ")

        def read() -> Caller:
            with self.pen.store.reading() as session, speaking(language):
                given = token.strip() if kind.lower() == "bearer" else ""
                return tokens.caller(session, given, now, language)

        caller = await asyncio.to_thread(read)
        with speaking(language):
            if not self._asked.allows(str(caller.token_id), now):
                raise TooMany(self._asked.wait(str(caller.token_id), now))
            if not caller.actor.has(*resource.roles):
                raise NotYours
        request.state.caller = caller

    # what is answered

    async def _answer(self, resource: Resource, request: Request, asked: dict[str, Any]) -> Response:
        now, caller = self.now(), request.state.caller
        read: list[tuple[str, str]] = []
        given = request.headers.get("if-none-match", "")

        def work() -> Told:
            with self.pen.store.reading() as session, speaking(caller.actor.language):
                confining.confine(session, caller.actor)
                call = Call(session, caller, now, read)
                return self._told(call, resource, asked, given)

        body, media, tag = await asyncio.to_thread(work)
        if body is None:
            return Response(status_code=304, headers={**PRIVATE, "etag": tag})
        if read:
            await self.pen(lambda session: tokens.note(session, caller.token_id, read, now))
        return Response(body, media_type=media, headers={**PRIVATE, "etag": tag})

    def _told(self, call: Call, resource: Resource, asked: dict[str, Any], given: str) -> Told:
        answer = resource.answer(call, **asked)
        if isinstance(answer, Picture):
            tag = f'"{answer.sha}"'
            return (None, "", tag) if _has(given, tag) else (*self._bytes(answer), tag)
        shape = TypeAdapter(resource.shape)
        text = shape.dump_json(shape.validate_python(answer)).decode()
        body = private_numbers.told(call.session, text, showing.degree(Of.NUMBER, Channel.API)).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return (None, "", tag) if _has(given, tag) else (body, "application/json", tag)

    def _bytes(self, picture: Picture) -> tuple[bytes, str]:
        try:
            found = self.files.read(picture.sha)
        except FileNotFoundError:
            raise NotThere from None
        kinds = (kind for start, kind in _KINDS.items() if found.startswith(start))
        return found, next(kinds, "application/octet-stream")

    # what is refused

    async def _refused(self, request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return problems.refused(request, refusal)

    async def _failed(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, FailedError)
        return problems.failed(request, error.number)

    async def _not_understood(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        places = dict.fromkeys(str(one["loc"][1]) for one in error.errors() if len(one["loc"]) > 1)
        return problems.not_understood(request, list(places))

    async def _other(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problems.other(request, error.status_code, dict(error.headers or {}))

    # without a token

    async def _openapi(self, request: Request) -> Response:
        told = self.description.told(problems.language_of(request))
        return Response(
            orjson.dumps(told), media_type="application/json", headers={"cache-control": "no-cache"}
        )

    async def _guide(self, request: Request) -> Response:
        language = "en" if request.query_params.get("lang") == "en" else problems.language_of(request)
        with speaking(language):
            return HTMLResponse(str(api_guide.page(self.base, self.description.told(language))))


class FailedError(Exception):
    """Something broke; `number` is in the log with its place."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


async def _guarded(work: Callable[[], Awaitable[T]]) -> T:
    """The text of an error may hold personal data: class and place only are logged, under a number. Raises Refusal as
    it is, FailedError for all else."""
    try:
        return await work()
    except Refusal:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody is shown it
        number, last = secrets.token_hex(3).upper(), traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "request failed (%s): %s at %s:%s", number, type(error).__name__, last.filename, last.lineno
        )
        raise FailedError(number) from None


class _Headed:
    """Every answer gets its headers."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app, self.secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                made = MutableHeaders(scope=message)
                made.update(headers.of(made, secure=self.secure))
            await send(message)

        await self.app(scope, receive, headed)


def _has(given: str, tag: str) -> bool:
    """Whether If-None-Match names the tag."""
    return tag in (one.strip().removeprefix("W/") for one in given.split(",")) or given.strip() == "*"
