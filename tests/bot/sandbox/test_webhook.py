"""Webhooks really delivered: secret, order in a chat, repeats, and a method as the answer."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.bot.sandbox.test_sending import keys, refused
from tests.phone import Phone, Sandbox, SandboxError

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Receiver:
    """A small web server that notes what it gets and answers as the test says."""

    def __init__(self) -> None:
        self.got: queue.Queue[tuple[str | None, dict[str, Any]]] = queue.Queue()
        self.answers: queue.Queue[tuple[int, bytes]] = queue.Queue()
        self.url = ""

    def next(self) -> tuple[str | None, dict[str, Any]]:
        return self.got.get(timeout=60)

    def answer(self) -> tuple[int, bytes]:
        try:
            return self.answers.get_nowait()
        except queue.Empty:
            return 200, b""


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, text = receiver.answer()
            receiver.got.put((self.headers.get(SECRET), body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[Receiver]:
    with listening() as one:
        yield one
        sandbox.bot("deleteWebhook", drop_pending_updates=True)


def set_hook(sandbox: Sandbox, receiver: Receiver, **more: Any) -> None:
    assert sandbox.bot("setWebhook", url=receiver.url, drop_pending_updates=True, **more) is True


def test_updates_come_with_the_secret(sandbox: Sandbox, wang: Phone, receiver: Receiver) -> None:
    set_hook(sandbox, receiver, secret_token="s3cret_-")
    wang.says("你好")
    secret, update = receiver.next()
    assert (secret, update["message"]["text"]) == ("s3cret_-", "你好")
    info = sandbox.bot("getWebhookInfo")
    assert (info["url"], "secret_token" in info) == (receiver.url, False)
    assert sandbox.queue()["webhook"]["url"] == receiver.url


def test_a_chat_keeps_its_order_through_repeats(sandbox: Sandbox, wang: Phone, receiver: Receiver) -> None:
    receiver.answers.put((500, b""))
    set_hook(sandbox, receiver)
    for text in ("一", "二", "三"):
        wang.says(text)
    texts = [receiver.next()[1]["message"]["text"] for _ in range(4)]
    assert texts == ["一", "一", "二", "三"]
    assert "500" in sandbox.bot("getWebhookInfo")["last_error_message"]


def test_other_chats_do_not_wait_for_one_that_fails(
    sandbox: Sandbox, wang: Phone, receiver: Receiver
) -> None:
    li = sandbox.phone("李四")
    receiver.answers.put((503, b""))
    set_hook(sandbox, receiver)
    wang.says("一")
    assert receiver.next()[1]["message"]["text"] == "一"
    li.says("二")
    assert [receiver.next()[1]["message"]["text"] for _ in range(2)] == ["二", "一"]


def test_a_press_travels_by_person_and_a_method_may_answer(
    sandbox: Sandbox, wang: Phone, receiver: Receiver
) -> None:
    card = keys([{"text": "看", "callback_data": "look"}])
    sandbox.bot("sendMessage", chat_id=wang.id, text="卡片", reply_markup=card)
    set_hook(sandbox, receiver)
    reply = {"method": "sendMessage", "chat_id": wang.id, "text": "由答复发出"}
    receiver.answers.put((200, json.dumps(reply).encode()))
    wang.presses("看")
    assert receiver.next()[1]["callback_query"]["data"] == "look"
    assert wang.hears("由答复发出")


def test_polling_and_a_webhook_exclude_each_other(sandbox: Sandbox, receiver: Receiver) -> None:
    set_hook(sandbox, receiver)
    with pytest.raises(SandboxError) as error:
        sandbox.bot("getUpdates")
    assert error.value.status == 409
    assert "webhook is active" in str(error.value)
    sandbox.bot("deleteWebhook")
    assert sandbox.bot("getUpdates") == []


def test_addresses_and_secrets_are_checked(sandbox: Sandbox) -> None:
    assert "An HTTPS URL must be provided" in refused(sandbox, "setWebhook", url="http://example.org/x")
    secret = {"url": "https://example.org/x", "secret_token": "秘密"}
    assert "secret token contains unallowed characters" in refused(sandbox, "setWebhook", **secret)
