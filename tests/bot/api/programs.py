"""The API behind a real server, a county to read, and programs with tokens."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from starlette.routing import Mount

from bot.api.app import Api
from storage import tokens
from storage.db import Store
from storage.files import Files
from storage.people import Role
from tests.bot.spine import Watch
from tests.bot.web.served import Served, served
from tests.storage.asking import County

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
    apis = list[Api]()

    def mounted(to: Served) -> Mount:
        apis.append(Api(to.pen, to.files, to.address + BASE, to.clock, rate))
        return apis[0].mount

    async with served(folder, mounted) as one:
        yield Programs(one.store, one.files, one.county, one.clock, apis[0], one.address + BASE, one.http)
