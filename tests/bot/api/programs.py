"""The API behind a real server, a county to read, and programs with tokens."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from starlette.applications import Starlette

from bot.api.app import Api
from bot.pen import Pen
from bot.web import server
from storage import tokens
from storage.db import Store
from storage.files import Files
from storage.people import Role
from tests.bot.spine import Watch
from tests.bot.web.signed import settled
from tests.storage.asking import NOW, County

BASE = "/api"


@dataclass(frozen=True)
class Said:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Program:
    """Another program with a token, or none."""

    http: aiohttp.ClientSession
    url: str
    token: str = ""

    async def get(self, path: str, verb: str = "GET", **headers: str) -> Said:
        given = {"authorization": f"Bearer {self.token}"} if self.token else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(verb, self.url + path, headers=given, allow_redirects=False) as answer:
            return Said(answer.status, answer.headers, await answer.read())

    async def all(self, path: str) -> list[Any]:
        """The items of every page."""
        found, cursor, sign = list[Any](), "", "&" if "?" in path else "?"
        while True:
            told = (await self.get(path + (f"{sign}cursor={cursor}" if cursor else ""))).json
            found += told["items"]
            cursor = told["next"]
            if cursor is None:
                return found


@dataclass
class Programs:
    """`clock` is set by the test; `anybody` has no token."""

    store: Store
    files: Files
    county: County
    clock: Watch
    api: Api
    url: str
    http: aiohttp.ClientSession

    @property
    def anybody(self) -> Program:
        return Program(self.http, self.url)

    def program(self, role: Role = Role.SUPERVISOR, place: str = "120114001", days: int = 30) -> Program:
        with self.store.writing() as session:
            token = tokens.make(session, "大数据局", role, place, days, by=None, now=self.clock())
        return Program(self.http, self.url, token)


@asynccontextmanager
async def programs(folder: Path, rate: int = 100_000) -> AsyncIterator[Programs]:
    store, county = settled(folder / "z.db")
    pen, clock, files = Pen(store), Watch(NOW), Files(folder / "files")
    pen.start()
    listening = server.listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}{BASE}"
    made = Api(pen, files, url, clock, rate)
    serving = asyncio.create_task(server.serve(Starlette(routes=[made.mount]), listening))
    async with aiohttp.ClientSession() as http:
        yield Programs(store, files, county, clock, made, url, http)
    serving.cancel()
    await asyncio.wait([serving])
    await asyncio.to_thread(pen.stop)
    store.close()
