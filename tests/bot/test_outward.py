"""Nothing that somebody names leads into our own network."""

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.outward import InsideError, client, public

INSIDE = (
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1", "198.18.0.1", "2001:db8::1",
)  # fmt: skip
OUTSIDE = ("1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101")


@pytest.mark.parametrize("address", INSIDE)
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_internet_are(address: str) -> None:
    assert public(address)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    asked: list[str] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="inside")

    app = web.Application()
    app.router.add_get("/{rest:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    yield site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined] # aiohttp tells the port nowhere else
    await runner.cleanup()


@pytest.mark.fault("hook into our own network")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
async def test_no_connection_is_made_inside_however_it_is_written(port: int, host: str) -> None:
    async with client(private=False) as http:
        with pytest.raises((aiohttp.ClientError, OSError, ValueError)) as refused:
            await http.get(f"http://{host}:{port}/")
    causes = [refused.value, refused.value.__cause__, getattr(refused.value, "os_error", None)]
    resolved = not isinstance(refused.value, aiohttp.ClientConnectorDNSError | ValueError)
    assert not resolved or any(isinstance(one, InsideError) for one in causes), refused.value


async def test_a_setting_allows_it(port: int) -> None:
    async with client(private=True) as http, http.get(f"http://127.0.0.1:{port}/") as answer:
        assert await answer.text() == "inside"


def test_a_name_is_looked_at_where_it_leads_not_as_it_is_spelt() -> None:
    assert {info[4][0] for info in socket.getaddrinfo("localhost", 80)} <= {"127.0.0.1", "::1"}
