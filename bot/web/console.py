"""The console in the browser: sessions, headers, and the way from a request to its page and back.

A page that reads runs in a thread with a reading session; a form is a job of the pen. What goes out never holds a
person's number that is not masked, whichever page wrote it.
"""

import asyncio
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlmodel import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from bot.pen import Pen
from bot.web import files, form_data, headers, thumbs
from bot.web.form_data import File
from bot.web.limits import Limit
from bot.web.routes import PAGES, Page
from bot.web.server import body_of
from reports.pages import door, frame
from reports.pages.asked import Answer, Asked, Download, Go, Made, Picture, Watched
from storage import confining, console, lists, photos, private_numbers, showing
from storage.console import Visitor
from storage.files import Files
from storage.refusals import Expired, Gone, NoPage, NotYourRole, NotYours, Refusal, SignedOut
from storage.showing import Channel, Of
from storage.texts import _, speaking

COOKIE = "zhucun_console"
LARGEST = 64 << 10
"""Bytes of a form."""
FIELDS = 200
TRIES, TRIES_IN_ALL, MINUTE = 10, 120, timedelta(minutes=1)
"""How often somebody at one address, and everybody together, may try to come in."""
STATUS: dict[type[Refusal], int] = {
    SignedOut: 401,
    NotYours: 403,
    NotYourRole: 403,
    NoPage: 404,
    Gone: 404,
    Expired: 410,
}

log = logging.getLogger("zhucun.console")
Endpoint = Callable[[Request], Awaitable[Response]]


class Console:
    """The console at an address (setting console_url). `wake` is called when a form may have left something to do."""

    def __init__(
        self,
        pen: Pen,
        files: Files,
        address: str,
        bot: int,
        now: Callable[[], datetime],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.pen, self.files, self.bot, self.now, self.wake = pen, files, bot, now, wake
        self.base, self.secure = urlsplit(address).path.rstrip("/"), address.startswith("https://")
        self._tries, self._all = Limit(TRIES, MINUTE), Limit(TRIES_IN_ALL, MINUTE)
        self.mount = Mount(self.base, routes=[*self._fixed(), *map(self._route, PAGES), self._rest()])

    def _fixed(self) -> list[Route]:
        return [
            Route("/console.css", self._guarded(headers.style)),
            Route("/icon.svg", self._guarded(headers.icon)),
            Route("/enter/{token}", self._guarded(self._before)),
            Route("/enter", self._guarded(self._enter), methods=["POST"]),
            Route("/leave", self._guarded(self._leave), methods=["POST"]),
        ]

    def _route(self, page: Page) -> Route:
        if page.act:
            return Route(page.path, self._guarded(partial(self._act, page)), methods=["POST"])
        if page.noted:
            return Route(page.path, self._guarded(partial(self._note, page)), methods=["GET"])
        return Route(page.path, self._guarded(partial(self._show, page)))

    def _rest(self) -> Route:
        async def nothing(_request: Request) -> Response:
            raise NoPage

        return Route("/{path:path}", self._guarded(nothing))

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        """Refusals become a sentence, errors an apology with a number; every answer gets its headers."""

        async def answer(request: Request) -> Response:
            try:
                made = await endpoint(request)
            except ClientDisconnect:
                made = Response(status_code=400)
            except Refusal as refusal:
                made = self._refused(refusal)
            except Exception as error:  # noqa: BLE001 - whatever it is, nobody is shown it
                made = self._failed(error)
            made.headers.update(headers.of(made.headers, secure=self.secure))
            return made

        return answer

    def _refused(self, refusal: Refusal) -> Response:
        status = STATUS.get(type(refusal), 400)
        if refusal.sentence == Gone().sentence:
            refusal = NoPage()  # it speaks of buttons, and here are none
        made = _html(door.sentence(self.base, refusal.sentence), status)
        if status == 401:
            made.delete_cookie(COOKIE, path=self.base or "/")
        return made

    def _failed(self, error: Exception) -> Response:
        number = secrets.token_hex(3).upper()
        last = traceback.extract_tb(error.__traceback__)[-1]
        # The text of an error may hold personal data: class and place only.
        log.error("page failed (%s): %s at %s:%s", number, type(error).__name__, last.filename, last.lineno)
        said = _("这一页没有做成。请过一会儿再试；还不行请把这个号码告诉管理员：{number}。").format(
            number=number
        )
        return _html(door.sentence(self.base, said), 500)

    # coming and going

    async def _before(self, request: Request) -> Response:
        return _html(door.before(self.base, request.path_params["token"]))

    async def _enter(self, request: Request) -> Response:
        now, address = self.now(), request.client.host if request.client else ""
        if not (self._tries.allows(address, now) and self._all.allows("", now)):
            made = _html(door.sentence(self.base, _("试得太多了，请过一分钟再试。")), 429)
            made.headers["retry-after"] = "60"
            return made
        given = await self._form(request)
        token = await self.pen(lambda session: console.enter(session, given.get("token", ""), now))
        made = self._gone_to("/")
        made.set_cookie(
            COOKIE, token, max_age=int(console.SESSION.total_seconds()), path=self.base or "/", secure=self.secure,
            httponly=True, samesite="strict",
        )  # fmt: skip
        return made

    async def _leave(self, request: Request) -> Response:
        given, now = await self._form(request), self.now()

        def job(session: Session) -> None:
            visitor = self._visitor(session, request, now)
            console.take(session, visitor, given.get("mark", ""), now)
            console.leave(session, visitor, now)

        await self.pen(job)
        made = _html(door.gone(self.base))
        made.delete_cookie(COOKIE, path=self.base or "/")
        return made

    def _visitor(self, session: Session, request: Request, now: datetime) -> Visitor:
        return console.visitor(session, request.cookies.get(COOKIE, ""), now)

    # pages

    async def _show(self, page: Page, request: Request) -> Response:
        now = self.now()

        def read() -> Response:
            with self.pen.store.reading() as session:
                visitor = self._visitor(session, request, now)
                confining.confine(session, visitor.actor)
                asked = self._asked(session, visitor, request, request.query_params, now)
                with speaking(asked.actor.language):
                    return self._told(session, _answer(page, asked))

        return await asyncio.to_thread(read)

    async def _act(self, page: Page, request: Request) -> Response:
        (given, file), now = await self._filled(request, page), self.now()

        def write(session: Session) -> Response:
            visitor = self._visitor(session, request, now)
            asked = self._asked(session, visitor, request, given, now, file)
            with speaking(asked.actor.language):
                if not console.take(session, visitor, given.get("mark", ""), now):
                    return _html(door.again(self.base, _back(request, self.base)))
                return self._told(session, _answer(page, asked))

        made = await self.pen(write)
        self.wake()
        return made

    async def _note(self, page: Page, request: Request) -> Response:
        """A reading that the journal knows of: found in the pen, read outside it."""
        now = self.now()

        def write(session: Session) -> Answer:
            visitor = self._visitor(session, request, now)
            asked = self._asked(session, visitor, request, request.query_params, now)
            with speaking(asked.actor.language):
                return _answer(page, asked)

        made = await self.pen(write)
        assert isinstance(made, Download)
        return await asyncio.to_thread(files.response, self.files, made)

    def _asked(
        self,
        session: Session,
        visitor: Visitor,
        request: Request,
        given: Mapping[str, str],
        now: datetime,
        file: File | None = None,
    ) -> Asked:
        mark = partial(console.form, visitor)
        return Asked(session, visitor.actor, now, self.bot, self.base, request.path_params, given, mark, file)

    def _told(self, session: Session, answer: Answer) -> Response:
        if isinstance(answer, Go):
            return self._gone_to(answer.path)
        if isinstance(answer, Picture):
            return Response(thumbs.bytes_of(session, self.files, answer, self._kept), media_type="image/jpeg")
        if isinstance(answer, Made):
            return files.made(answer)
        if isinstance(answer, Watched):
            made = self._told(session, answer.page)
            made.headers["refresh"] = str(answer.seconds)
            return made
        shown = showing.degree(Of.NUMBER, Channel.PAGE)
        return Response(private_numbers.told(session, str(answer), shown), media_type="text/html")

    def _kept(self, photo_id: int, kind: str, sha: str) -> None:
        self.pen.submit(lambda session: photos.copied(session, photo_id, kind, sha))

    def _gone_to(self, path: str) -> Response:
        return RedirectResponse(self.base + path, 303)

    async def _form(self, request: Request) -> dict[str, str]:
        """Its fields. Raises Refusal for a form of another site's page, or one too long."""
        return (await self._filled(request))[0]

    async def _filled(self, request: Request, page: Page | None = None) -> tuple[dict[str, str], File | None]:
        """The same with the file, of a form that has one."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise NotYours
        takes = page is not None and page.takes_file
        raw = await body_of(request, LARGEST + (lists.LARGEST if takes else 0))
        if raw is None:
            raise Refusal(_("太长了。请写短一些，或者把文件分成几份，再提交。"))
        kind = request.headers.get("content-type", "")
        try:
            if takes and kind.startswith("multipart/form-data"):
                return form_data.parse(kind, raw)
            return dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=FIELDS)), None
        except ValueError:
            raise NoPage from None


def _answer(page: Page, asked: Asked) -> Answer:
    """Raises NotYours for those who may not have the page."""
    if not frame.has(asked.actor, page.roles):
        raise NotYours
    return page.answer(asked)


def _html(page: Any, status: int = 200) -> Response:
    return Response(str(page), status, media_type="text/html")


def _back(request: Request, base: str) -> str:
    """The page that a form was on, if it was one of ours."""
    path = urlsplit(request.headers.get("referer", "")).path
    return path if path.startswith(base + "/") else base + "/"
