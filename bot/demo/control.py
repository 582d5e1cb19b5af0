"""The sandbox's control side, as far as the demo uses it: plain calls, waiting by long polls."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]
PATIENCE = 45.0
"""Seconds that an answer may take on a slow machine."""


class SilentError(Exception):
    """The bot did not say in time what it should have said."""


class Control:
    """The sandbox at that address."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def get(self, path: str, **query: Any) -> Json:
        return self._call(urllib.request.Request(f"{self.url}/sandbox/{path}?{urlencode(query)}"))  # noqa: S310 - our own loopback server

    def post(self, path: str, **body: Any) -> Json:
        data, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
        return self._call(urllib.request.Request(f"{self.url}/sandbox/{path}", data, kind))  # noqa: S310 - our own loopback server

    def _call(self, request: urllib.request.Request) -> Json:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
                found: Json = json.load(answer)
        except urllib.error.HTTPError as error:
            raise SilentError(error.read().decode(errors="replace")) from error
        return found

    def hears(
        self, chat: int, wanted: Callable[[Json], bool], timeout: float = PATIENCE, topic: int | None = None
    ) -> Json:
        """The first message of a bot in that chat that is wanted. Raises SilentError when there is none in time."""
        after, deadline = 0, monotonic() + timeout
        place = {"chat": chat} | ({"topic": topic} if topic else {})
        while (left := deadline - monotonic()) > 0:
            found = self.get("messages", after=after, wait=round(min(left, 20), 2), **place)
            for message in found["messages"]:
                after = max(after, message["change"])
                if message.get("from", {}).get("bot") and wanted(message):
                    return dict(message)
        raise SilentError(f"chat {chat}")


def button(message: Json, label: str) -> Json | None:
    """The button with that label, or whose label begins with it."""
    buttons = [one for row in message.get("keyboard") or [] for one in row]
    exact = [one for one in buttons if one["text"] == label]
    return next(iter(exact or [one for one in buttons if one["text"].startswith(label)]), None)
