"""The record of calls: what every bot asked and what it was answered, for the page and the tests."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.world import World

KEPT = 50_000


class Calls:
    def __init__(self, world: World) -> None:
        self.world = world
        self.last = 0
        self.kept: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def record(self, call: Call, answer: dict[str, Any]) -> None:
        self.last += 1
        files = {name: upload.view() for name, upload in call.files.items()}
        line = {"n": self.last, "at": self.world.clock.iso(), "bot": call.bot.id, "method": call.method}
        line |= {"params": call.params | files, "ok": answer["ok"], "warnings": call.warnings}
        line |= {"error_code": answer.get("error_code"), "description": answer.get("description")}
        result = answer.get("result")
        line["result_message_id"] = result.get("message_id") if isinstance(result, dict) else None
        self.kept.append(line)
        self.world.signals.ring("calls")

    def after(self, n: int) -> list[dict[str, Any]]:
        newest_first = islice(reversed(self.kept), max(0, self.last - n))
        return list(newest_first)[::-1]
