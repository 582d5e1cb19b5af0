"""Something mounted behind a real server, and a county for it to tell of."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.pen import Pen
from bot.web import server
from storage.db import Store
from storage.files import Files
from storage.sealing import Keyring
from tests import databases
from tests.bot.spine import Watch
from tests.storage.asking import NOW, County, new_store, settle


@dataclass(frozen=True)
class Served:
    """`clock` is set by the test; `address` is where the server listens, without a path."""

    store: Store
    county: County
    pen: Pen
    files: Files
    clock: Watch
    address: str
    http: aiohttp.ClientSession


_made: list[tuple[bytes, Keyring, County]] = []
"""On SQLite the first one is copied: making the tables takes longer than most of these tests."""


def settled(file: Path) -> tuple[Store, County]:
    if _made and databases.kind() == "sqlite":
        content, keyring, county = _made[0]
        file.write_bytes(content)
        return Store(databases.url(file), keyring), replace(county, people=dict(county.people))
    store = new_store(str(file))
    with store.writing() as session:
        county = settle(session)
    if databases.kind() == "sqlite":
        store.close()  # what is in the log beside it goes into the file
        _made.append((file.read_bytes(), store.keyring, replace(county, people=dict(county.people))))
    return store, county


@asynccontextmanager
async def served(folder: Path, mounted: Callable[[Served], Mount]) -> AsyncIterator[Served]:
    """What `mounted` makes is answered until this ends."""
    store, county = settled(folder / "z.db")
    pen, files = Pen(store), Files(folder / "files")
    pen.start()
    listening = server.listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        made = Served(store, county, pen, files, Watch(NOW), address, http)
        serving = asyncio.create_task(server.serve(Starlette(routes=[mounted(made)]), listening))
        yield made
    serving.cancel()
    await asyncio.wait([serving])
    await asyncio.to_thread(pen.stop)
    store.close()
