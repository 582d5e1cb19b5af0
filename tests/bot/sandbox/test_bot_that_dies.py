"""A bot that is killed: what it had not confirmed comes again; a lost answer may have had its effect."""

from __future__ import annotations

import socket

import pytest

from tests.bot.sandbox.test_receiving import drained
from tests.phone import Phone, Sandbox


def asked(sandbox: Sandbox, path: str) -> socket.socket:
    """A request sent over a connection of its own, whose answer nobody has read."""
    host, port = sandbox.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return connection


def test_a_poller_that_vanished_takes_nothing_with_it(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    asked(sandbox, f"/bot{sandbox.token}/getUpdates?offset={offset}&timeout=50").close()
    wang.says("还在吗")
    updates = sandbox.bot("getUpdates", offset=offset, timeout=20)
    assert [update["message"]["text"] for update in updates] == ["还在吗"]


def test_what_was_read_but_not_confirmed_comes_again(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    wang.sends_photos([b"\x89PNG"], as_files=True)
    with asked(sandbox, f"/bot{sandbox.token}/getUpdates?offset={offset}") as connection:
        assert b"200 OK" in connection.recv(4096)
    again = sandbox.bot("getUpdates", offset=offset)
    assert again[0]["message"]["document"]["file_size"] == 4


@pytest.mark.parametrize("after_effect", [True, False])
def test_an_answer_that_never_comes(sandbox: Sandbox, wang: Phone, after_effect: bool) -> None:
    sandbox.faults("timeout", "sendMessage", count=1, after_effect=after_effect)
    path = f"/bot{sandbox.token}/sendMessage?chat_id={wang.id}&text=unsure"
    with asked(sandbox, path) as connection:
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    assert bool(wang.sees("unsure")) is after_effect
