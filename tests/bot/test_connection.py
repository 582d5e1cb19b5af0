"""The line to the Bot API: direct or through a proxy, and how its answers are read by intake, webhook and delivery."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from telegram.error import TelegramError

from bot.connection import read, trust_the_list
from bot.outcomes import NotSentError, UnknownError, WireError
from bot.wire import Request, Wire
from tests.phone import Sandbox

TOKEN = "42:SECRET"


@pytest.mark.fault("strange text")
def test_half_a_character_in_a_name_does_not_make_a_letter_seem_unsent() -> None:
    for name in (b"\\ud83d", b"\xff"):
        raw = b'{"ok": true, "result": {"message_id": 7, "chat": {"id": 1, "first_name": "' + name + b'"}}}'
        assert Request.parse_json_payload(raw)["result"]["message_id"] == 7


def test_an_answer_that_is_no_json_is_an_error_of_the_line() -> None:
    with pytest.raises(TelegramError, match="Invalid server response"):
        Request.parse_json_payload(b"<html>502 Bad Gateway</html>")


@pytest.mark.fault("strange text")
@pytest.mark.parametrize("text", ["半个\\ud83d字", "\\udc00", "整个\\ud83d\\ude00"])
def test_half_a_character_keeps_nothing_else_from_arriving(text: str) -> None:
    updates = ['{"update_id": 1, "text": "', text, '"}, {"update_id": 2, "text": "好"}']
    raw = "".join(['{"ok": true, "result": [', *updates, "]}"])
    first, second = read(raw.encode())["result"]
    assert second == {"update_id": 2, "text": "好"}
    assert first["text"].encode().decode() in ("半个?字", "?", "整个😀")


def test_what_is_no_json_is_no_update() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        read(b"<html>502 Bad Gateway</html>")


@asynccontextmanager
async def line(url: str, proxy: str | None = None) -> AsyncIterator[Wire]:
    wire = Wire(TOKEN, url, proxy, lambda _date: None)
    await wire.open()
    yield wire
    await wire.close()


async def trouble(url: str, proxy: str | None = None) -> WireError:
    async with line(url, proxy) as wire:
        with pytest.raises(WireError) as raised:
            await wire.call("sendMessage", {"chat_id": 1, "text": "好"})
    assert "SECRET" not in repr((raised.value, raised.value.__cause__, raised.value.__context__))
    return raised.value


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    """A server's port. It is over when every connection is: a server itself does not wait for them."""
    under_way: list[asyncio.Event] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.append(over := asyncio.Event())
        try:
            await serve(reader, writer)
        finally:
            await hung_up(writer)
            over.set()

    async with await asyncio.start_server(one, "127.0.0.1", 0) as made:
        yield made.sockets[0].getsockname()[1]
    for over in under_way:
        await over.wait()


async def hung_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):  # the other side was quicker
        await writer.wait_closed()


@asynccontextmanager
async def server(answer: bytes | None) -> AsyncIterator[str]:
    """One that reads a request and says this, or hangs up without a word."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is not None:
            writer.write(answer)

    async with listening(serve) as port:
        yield f"http://127.0.0.1:{port}"


async def test_where_nobody_listens_nothing_was_sent() -> None:
    for proxy in (None, "http://127.0.0.1:9", "socks5://127.0.0.1:9"):
        assert isinstance(await trouble("http://127.0.0.1:9", proxy), NotSentError)
    assert isinstance(await trouble("http://nobody.invalid"), NotSentError)


@pytest.mark.parametrize("answer", [None, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"])
async def test_when_the_answer_breaks_off_nobody_knows(answer: bytes | None) -> None:
    async with server(answer) as url:
        assert isinstance(await trouble(url), UnknownError)


async def test_when_no_answer_comes_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wire.TIMEOUT", 0.3)

    async def wait(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(wait) as port:
        assert isinstance(await trouble(f"http://127.0.0.1:{port}"), UnknownError)


async def socks5(
    asked: list[str], to: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """A proxy that notes the name it was asked for and passes one request and its answer on (RFC 1928)."""
    _version, ways = await reader.readexactly(2)
    await reader.readexactly(ways)
    writer.write(b"\x05\x00")
    *_head, kind = await reader.readexactly(4)
    assert kind == 3, "a name, not an address that was looked up here"
    (length,) = await reader.readexactly(1)
    asked.append((await reader.readexactly(length + 2))[:length].decode())
    writer.write(b"\x05\x00\x00\x01" + bytes(6))
    there = urlsplit(to)
    inner, outer = await asyncio.open_connection(there.hostname, there.port)
    outer.write(await reader.read(65536))
    writer.write(await inner.read(65536))
    await hung_up(outer)


async def test_a_socks_proxy_looks_up_the_names() -> None:
    """Where a proxy is needed, the names of Telegram are looked up wrongly."""
    asked: list[str] = []
    whole = b'{"ok":true,"result":{"id":42,"username":"zhucun_bot"}}'
    async with (
        server(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(whole), whole)) as url,
        listening(lambda *two: socks5(asked, url, *two)) as port,
        line("http://api.telegram.invalid", f"socks5://127.0.0.1:{port}") as wire,
    ):
        assert await wire.me() == (42, "zhucun_bot")
    assert asked == ["api.telegram.invalid"]


async def test_what_the_machine_says_of_proxies_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Sandbox.start() as sandbox:
        wire = Wire(sandbox.token, sandbox.api_url, None, lambda _date: None)
        await wire.open()
        assert (await wire.me())[0] == int(sandbox.token.partition(":")[0])
        await wire.close()


def test_whom_to_trust_is_read_once_unless_the_operator_says_otherwise(tmp_path: Path) -> None:
    listed = tmp_path / "ca.crt"
    told: dict[str, str] = {}
    trust_the_list(told, str(listed))
    assert told == {}, "there is no list: the machine's own way"
    listed.touch()
    trust_the_list(told, str(listed))
    assert told == {"SSL_CERT_FILE": str(listed)}
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        own = {name: "/etc/own"}
        trust_the_list(own, str(listed))
        assert own == {name: "/etc/own"}
