"""getMe, getUpdates and tokens over HTTP."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.phone import Phone, Sandbox, SandboxError


def raw(sandbox: Sandbox, path: str, data: bytes | None = None, kind: str = "") -> tuple[int, Any, Any]:
    """Status, body and headers of a plain request."""
    request = urllib.request.Request(sandbox.url + path, data, {"Content-Type": kind} if kind else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.load(response), response.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error), error.headers


FORM = (
    b'--e\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n%d\r\n'
    b'--e\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xe4\xbd\xa0\r\n--e--\r\n'
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (None, ""),
        (b"chat_id=%d&text=%%E4%%BD%%A0", "application/x-www-form-urlencoded"),
        (b'{"chat_id": %d, "text": "\\u4f60", "entities": null}', "application/json"),
        (
            FORM,
            "multipart/form-data; boundary=e",
        ),
    ],
)
def test_every_encoding_is_read(sandbox: Sandbox, wang: Phone, data: bytes | None, kind: str) -> None:
    query = "" if data else f"?chat_id={wang.id}&text=%E4%BD%A0"
    status, body, headers = raw(
        sandbox, f"/bot42:DEMO/SendMessage{query}", data % wang.id if data else None, kind
    )
    assert (status, body["ok"], body["result"]["text"]) == (200, True, "你")
    assert headers["Date"].startswith("Mon, 16 Nov 2026 01:0")


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot42:DEMO/noSuchThing", 404, "Not Found"),
        ("/botnonsense/getMe", 401, "Unauthorized"),
        (
            "/bot42:DEMO/getStarTransactions",
            501,
            "Not Implemented: the sandbox does not play getStarTransactions",
        ),
        ("/bot42:DEMO/sendMessage", 400, "Bad Request: chat_id is empty"),
        ("/bot42:DEMO/sendMessage?chat_id=1", 400, "Bad Request: message text is empty"),
        ("/bot42:DEMO/getFile", 400, "Bad Request: file_id not specified"),
    ],
)
def test_wrong_requests(sandbox: Sandbox, path: str, status: int, description: str) -> None:
    got, body, _ = raw(sandbox, path)
    assert (got, body["error_code"], body["description"]) == (status, status, description)
    assert body["ok"] is False


def test_a_body_that_is_not_json_is_400(sandbox: Sandbox) -> None:
    status, body, _ = raw(sandbox, "/bot42:DEMO/getMe", b"{", "application/json")
    assert (status, body["description"]) == (400, "Bad Request: can't parse request JSON object")


def test_every_token_is_a_bot_of_its_own(sandbox: Sandbox) -> None:
    status, body, _ = raw(sandbox, "/bot77:abc/getMe")
    assert (status, body["result"]["username"]) == (200, "zhucun_77_bot")
    assert sandbox.bot("getMe")["username"] == "zhucun_demo_bot"


def test_a_revoked_token_is_401_and_a_new_one_is_the_same_bot(sandbox: Sandbox) -> None:
    assert raw(sandbox, "/bot78:old/getMe")[0] == 200
    sandbox.revoke("78:old")
    assert raw(sandbox, "/bot78:old/getMe")[:2] == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert raw(sandbox, "/bot78:new/getMe")[1]["result"]["id"] == 78


def drained(sandbox: Sandbox) -> int:
    """Confirm what is there; the offset for what comes next."""
    last = sandbox.bot("getUpdates", offset=-1)
    offset = int(last[0]["update_id"]) + 1 if last else 0
    if offset:
        sandbox.bot("getUpdates", offset=offset)
    return offset


def test_a_long_poll_ends_when_something_comes(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    timer = threading.Timer(0.2, wang.says, ["来了"])
    timer.start()
    updates = sandbox.bot("getUpdates", offset=offset, timeout=20)
    timer.join()
    assert [update["message"]["text"] for update in updates] == ["来了"]
    assert sandbox.queue()["pending"] == 1
    assert sandbox.bot("getUpdates", offset=updates[-1]["update_id"] + 1, timeout=0) == []
    assert sandbox.queue()["pending"] == 0


def test_the_second_poller_wins_and_the_first_is_told(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    errors: list[SandboxError] = []

    def poll() -> None:
        try:
            sandbox.bot("getUpdates", offset=offset, timeout=20)
        except SandboxError as error:
            errors.append(error)

    first = threading.Thread(target=poll)
    first.start()
    second: list[Any] = []
    while not errors:  # the first may not be waiting yet: then the second is told, and asks again
        second = sandbox.bot("getUpdates", offset=offset, timeout=0)
        first.join(0.05)
    assert second == []
    assert errors[0].status == 409
    assert "terminated by other getUpdates request" in str(errors[0])


def test_limit_and_kinds_are_obeyed(sandbox: Sandbox, wang: Phone) -> None:
    offset = drained(sandbox)
    for text in ("一", "二", "三"):
        wang.says(text)
    updates = sandbox.bot("getUpdates", offset=offset, limit=2)
    assert [update["message"]["text"] for update in updates] == ["一", "二"]
    sandbox.bot("getUpdates", offset=updates[-1]["update_id"] + 2, allowed_updates=["callback_query"])
    wang.says("不要")
    assert sandbox.queue()["pending"] == 0
    sandbox.bot("getUpdates", allowed_updates=[])
    wang.says("要")
    assert sandbox.queue()["pending"] == 1
