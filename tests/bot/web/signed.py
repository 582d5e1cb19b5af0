"""The console behind a real server, a county to look at, and people signed in to it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from starlette.routing import Mount

from bot.pen import Pen
from bot.web.console import COOKIE, Console
from bot.workers import ErrandContext
from storage import chats, console, identity
from storage.db import Store
from storage.people import Person
from tests.bot.errands.running import Here
from tests.bot.spine import BOT, Watch
from tests.bot.web.served import Served, served
from tests.storage.asking import County

BASE = "/office"


@dataclass
class Browser:
    """Somebody's browser. Redirects are not followed unless asked for."""

    http: aiohttp.ClientSession
    url: str
    token: str = ""

    async def get(self, path: str, **more: Any) -> tuple[int, str]:
        async with self.http.get(self.url + path, **self._sent(more)) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **fields: str) -> tuple[int, str]:
        async with self.http.post(self.url + path, data=fields, **self._sent({})) as answer:
            return answer.status, answer.headers.get("location", "") or await answer.text()

    async def bring(self, path: str, file: tuple[str, bytes], **fields: str) -> tuple[int, str]:
        """A form with a file (name, bytes)."""
        form = aiohttp.FormData(fields, quote_fields=False)  # as browsers write names
        form.add_field("file", io.BytesIO(file[1]), filename=file[0])
        async with self.http.post(self.url + path, data=form, **self._sent({})) as answer:
            return answer.status, answer.headers.get("location", "") or await answer.text()

    @property
    def cookies(self) -> dict[str, str]:
        return {COOKIE: self.token} if self.token else {}

    def _sent(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"cookies": self.cookies, "allow_redirects": False} | more


@dataclass
class Office:
    """`clock` is set by the test; `anybody` is a browser without a session."""

    store: Store
    pen: Pen
    county: County
    clock: Watch
    console: Console
    url: str
    http: aiohttp.ClientSession

    @property
    def anybody(self) -> Browser:
        return Browser(self.http, self.url)

    def link(self, name: str) -> str:
        now = self.clock()
        with self.store.writing() as session:
            actor = identity.actor(session, self.county.people[name], now)
            assert actor is not None
            return console.link(session, actor, now)

    def signed_in(self, name: str) -> Browser:
        token = self.link(name)
        with self.store.writing() as session:
            return Browser(self.http, self.url, console.enter(session, token, self.clock()))

    def context(self, errand_id: int) -> ErrandContext:
        """For an errand that needs no network."""
        none: Any = None
        here: Any = Here()
        return ErrandContext(errand_id, BOT, 0, self.pen, none, self.console.files, here, self.clock)

    def chats_with(self, name: str) -> None:
        """That person has written to the bot."""
        with self.store.writing() as session:
            person = session.get_one(Person, self.county.people[name])
            person.telegram_id = person.telegram_id or 1000 + (person.id or 0)
            chats.chat_of(session, BOT, person.telegram_id)

    def mark(self, browser: Browser) -> str:
        with self.store.reading() as session:
            return console.form(console.visitor(session, browser.token, self.clock()))


@asynccontextmanager
async def office(folder: Path, address: str = "http://127.0.0.1:8443" + BASE) -> AsyncIterator[Office]:
    consoles = list[Console]()

    def mounted(to: Served) -> Mount:
        consoles.append(Console(to.pen, to.files, address, BOT, to.clock))
        return consoles[0].mount

    async with served(folder, mounted) as one:
        yield Office(one.store, one.pen, one.county, one.clock, consoles[0], one.address + BASE, one.http)
