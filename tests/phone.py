"""Phones and the sandbox they live in, for tests: plain calls over real HTTP, with the standard library only.

    with Sandbox.start(clock="2026-11-16T09:00+08:00") as sandbox:
        phone = sandbox.phone("王五")
        phone.says("/start")
        phone.hears("欢迎")
        phone.presses("走访")

Waiting is by long poll with a deadline, never by sleeping; what was not heard in time is an AssertionError
that shows the screen.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.handset import PATIENCE, Phone
from tests.sandbox_http import Json, SandboxError, Wire

PROJECT = Path(__file__).resolve().parent.parent

__all__ = ["Json", "Phone", "Sandbox", "SandboxError"]


class Sandbox:
    """A running sandbox; `token` and `url` are what a bot needs (its Bot API is at `api_url`)."""

    def __init__(
        self,
        url: str,
        token: str = "42:DEMO",
        process: subprocess.Popen[str] | None = None,
        bot: int | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.api_url = self.url
        self.token = token
        self.process = process
        self.bot_id = bot
        """Whom its phones talk to, where it has several bots; None: the first."""
        self.wire = Wire(self.url)

    @classmethod
    @contextmanager
    def start(
        cls, clock: str | None = None, data: Path | None = None, token: str = "42:DEMO", port: int = 0
    ) -> Iterator[Self]:
        """Run a sandbox as a process of its own on a free port and end it afterwards."""
        command = [sys.executable, "-m", "bot.sandbox", "--port", str(port), "--token", token]
        command += ["--clock", clock] if clock else []
        command += ["--data", str(data)] if data else []
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("sandbox http"), f"the sandbox did not start: {line!r}"
            try:
                yield cls(line.split()[1], token, process)
            finally:
                process.terminate()

    # people and places

    def phone(self, name: str, username: str | None = None, user_id: int | None = None) -> Phone:
        body = {"name": name, "username": username, "id": user_id}
        return Phone(self, self.post("users", body)["id"], name)

    def group(self, title: str, *phones: Phone, **more: Any) -> Json:
        """A group with these people and the bot; `topics`, `forum`, `privacy`, `admins`, `supergroup`."""
        return self.post("groups", {"title": title, "members": [phone.id for phone in phones]} | more)

    def member(self, chat: int, user: int, inside: bool) -> Json:
        return self.post(f"groups/{chat}/member", {"user": user, "in": inside})

    def upgrade(self, chat: int) -> Json:
        return self.post(f"groups/{chat}/upgrade", {})

    # clock, faults, record

    def clock_to(self, to: str, freeze: bool | None = None) -> Json:
        """Move the clock on: an ISO time, "friday 16:00", "+3d" or "+2h"."""
        return self.post("clock", {"to": to, "freeze": freeze})

    def now(self) -> str:
        return str(self.get("clock")["now"])

    def faults(self, kind: str, method: str = "*", **more: Any) -> Json:
        """Spoil calls of `method`: count, share, retry_after, description, after_effect, chat."""
        return self.post("faults", {"kind": kind, "method": method} | more)

    def limits(self, on: bool = True) -> Json:
        return self.post("faults", {"limits": on})

    def clear_faults(self) -> Json:
        return self.wire.call("DELETE", "faults")

    def calls(self, method: str | None = None, after: int = 0, wait: float = 0) -> list[Json]:
        """What bots called, oldest first; `method` picks one kind of call."""
        found: list[Json] = self.get("calls", after=after, wait=wait)["calls"]
        return [call for call in found if method in (None, call["method"])]

    def hears_call(self, method: str, timeout: float = PATIENCE, **params: Any) -> Json:
        """Wait for a call of `method` whose parameters contain those given (compared as text)."""
        after, deadline = 0, time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            for call in (new := self.calls(after=after, wait=left)):
                wanted = all(str(value) in str(call["params"].get(key)) for key, value in params.items())
                if call["method"] == method and wanted:
                    return call
            after = new[-1]["n"] if new else after
        raise AssertionError(f"no call of {method} with {params} in {timeout:g} s")

    def queue(self) -> Json:
        """Updates not yet confirmed (`pending`) and the webhook, of the bot its phones talk to."""
        return self.get("queue", bot=self.bot_id)

    def state(self) -> Json:
        return self.get("state")

    def revoke(self, token: str | None = None) -> Json:
        return self.post("revoke", {"token": token or self.token})

    def release(self) -> Json:
        """Deliver the parts of uploads that were held back."""
        return self.post("release", {})

    def messages(self, chat: int) -> list[Json]:
        """What stands in a chat now."""
        found = self.get("messages", chat=chat)["messages"]
        return sorted(
            (one for one in found if not one.get("deleted")), key=lambda one: int(one["message_id"])
        )

    def file(self, message: Mapping[str, Any]) -> bytes:
        """The bytes of a message's photo or document."""
        return self.wire.bytes((message.get("photo") or message["document"])["url"])

    def bot(self, method: str, **params: Any) -> Any:
        """Call the Bot API as the bot would; the result, or SandboxError with its answer."""
        return self.wire.bot(self.token, method, params)

    def get(self, path: str, **query: Any) -> Json:
        return self.wire.call("GET", path, query=query)

    def post(self, path: str, body: Json) -> Json:
        return self.wire.call("POST", path, body)
