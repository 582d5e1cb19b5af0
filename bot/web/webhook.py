"""Updates by webhook: Telegram posts each of them, and is told 200 only after the commit.

Whatever else it is told, it sends the update again later; so does it when the answer is lost, and the second
one is dropped. Updates that arrive together are committed together (the pen does that).
"""

import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot import crash
from bot.connection import read
from bot.intake import ALLOWED
from bot.pen import Pen
from bot.web.server import body_of
from storage import arrivals

SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name
LARGEST = 1 << 20
"""Bytes of an update; Telegram's own are a few kilobytes."""
AGAIN = {"Retry-After": "1"}
CONNECTIONS = 40
"""How many updates Telegram may post at once; those of one chat follow each other all the same."""

log = logging.getLogger("zhucun.webhook")


class Webhook:
    """The application for one bot at one address. `wake` is called when something new was written down."""

    def __init__(
        self, pen: Pen, token: str, address: str, now: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self.pen, self.now, self.wake = pen, now, wake
        self.bot = int(token.partition(":")[0])
        self.address, self.secret = address, secret_of(token)
        self.app = Starlette(routes=[Route(urlsplit(address).path or "/", self.take, methods=["POST"])])

    @property
    def registration(self) -> dict[str, Any]:
        """What Telegram is told with setWebhook."""
        return {"url": self.address, "secret_token": self.secret, "allowed_updates": ALLOWED,
                "max_connections": CONNECTIONS}  # fmt: skip

    async def take(self, request: Request) -> Response:
        """401 without the secret, 413 over the limit, 400 for what is no update, 503 while nothing can be
        written, else 200."""
        given = request.headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return Response(status_code=401)
        try:
            raw = await body_of(request, LARGEST)
            if raw is None:
                return Response(status_code=413)
            update = read(raw)
            row = (int(update["update_id"]), orjson.dumps(update))
        except ClientDisconnect:
            return Response(status_code=400)
        except (ValueError, TypeError, KeyError):
            return Response(status_code=400)
        return await self._keep(row)

    async def _keep(self, row: tuple[int, bytes]) -> Response:
        now = self.now()
        crash.point("web.received")
        try:
            await self.pen(lambda session: arrivals.keep(session, self.bot, [row], now))
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing was written: Telegram must not forget it
            log.warning("not taken for now: %s", type(error).__name__)
            return Response(status_code=503, headers=AGAIN)
        crash.point("web.kept")
        self.wake()
        return Response(status_code=200)


def secret_of(token: str) -> str:
    """What Telegram sends with each update, so that nobody else can: every process knows it from the token."""
    return hashlib.sha256(f"zhucun webhook {token}".encode()).hexdigest()
