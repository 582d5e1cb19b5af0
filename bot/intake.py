"""Intake: takes updates from Telegram, writes them down, and only then confirms them.

Raw JSON in, rows out: it needs no aiogram, so it answers a second after a restart (Telegram forgets a button
press after 150 s) and keeps working through updates of a kind nobody understands yet.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from bot import crash
from bot.connection import client, read
from bot.pen import Acting, Pen
from storage import arrivals
from storage.roles import StandbyError

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL = 25
"""Seconds of one long poll."""
PAUSE, LONGEST_PAUSE = 1.0, 5.0
"""Seconds: nobody is answered meanwhile, and Telegram forgets a press after 150."""
REFUSED_PAUSE = 30.0
"""While our token or another poller is in the way: to ask more often would only disturb."""
REFUSED = (401, 404, 409)
CONFLICT = 409

log = logging.getLogger("zhucun.intake")


class Intake:
    """One per bot, by long polling. `wake` is called when something new was written down; `early`, when it is about
    to be, because whoever is woken asks the same pen and so comes after it, at best in the same commit."""

    def __init__(
        self,
        pen: Pen | Acting,
        token: str,
        api_url: str,
        proxy: str | None,
        now: Callable[[], datetime],
        wake: Callable[[], None],
        early: bool = False,
    ) -> None:
        self.pen, self.now, self.wake, self.early = pen, now, wake, early
        self.bot = int(token.partition(":")[0])
        self._api = f"{api_url}/bot{token}"
        self._proxy = proxy
        self._offset: int | None = None
        self.on_date: Callable[[datetime], None] = lambda _date: None
        self.state = "starting"

    async def run(self) -> None:
        """Poll until cancelled, with growing pauses while Telegram or our disk says no."""
        pause = PAUSE
        async with client(self._proxy, POLL + 20) as line:
            while True:
                try:
                    await self.poll(line)
                    pause = PAUSE
                except StandbyError:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever went wrong, nothing was confirmed: ask again
                    self._trouble(error)
                    await asyncio.sleep(max(pause, error.wait if isinstance(error, PollError) else 0))
                    pause = min(pause * 2, _longest(error))
                    if isinstance(error, PollError) and error.webhook:
                        await self._end_webhook(line)

    async def _end_webhook(self, line: Client) -> None:
        """Updates were posted to an address before; now they are asked for. What waits there is kept."""
        with suppress(PyreqwestError):
            answer = await line.post(f"{self._api}/deleteWebhook").build().send()
            log.info("the webhook is given up: %s", answer.status)

    def _trouble(self, error: Exception) -> None:
        said = str(error) if isinstance(error, PollError) else type(error).__name__
        if said != self.state:
            log.warning("no updates for now: %s", said)
        self.state = said

    async def poll(self, line: Client, wait: int = POLL) -> int:
        """Ask once. The offset confirms what is safely written; it is the last element's id + 1, never the
        largest (ids turn random after a quiet week), and none at start (duplicates are dropped)."""
        asked: dict[str, Any] = {"timeout": wait, "limit": 100, "allowed_updates": ALLOWED}
        if self._offset is not None:
            asked["offset"] = self._offset
        answer = await line.post(f"{self._api}/getUpdates").body_json(asked).build().send()
        if (date := answer.get_header("Date")) is not None:
            self.on_date(parsedate_to_datetime(date))
        body = read((await answer.bytes()).to_bytes())
        if not body.get("ok"):
            raise PollError(body)
        if self._offset is not None:
            crash.point("intake.confirmed")
        if self.state != "ok":
            log.info("taking updates")
            self.state = "ok"
        return await self._keep(body["result"])

    async def _keep(self, updates: list[dict[str, Any]]) -> int:
        if not updates:
            return 0
        rows = [(update["update_id"], orjson.dumps(update)) for update in updates]
        now = self.now()
        crash.point("intake.received")
        written = self.pen.submit(lambda session: arrivals.keep(session, self.bot, rows, now))
        if self.early:
            self.wake()
        new = await asyncio.wrap_future(written)
        crash.point("intake.kept")
        self._offset = updates[-1]["update_id"] + 1
        if not self.early:
            self.wake()
        return new


class PollError(Exception):
    """Telegram answered, but not with updates: a revoked token (401), a second poller (409), a limit (429)."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(f"{body.get('error_code')} {body.get('description', '')}")
        self.refused = body.get("error_code") in REFUSED
        self.wait = float((body.get("parameters") or {}).get("retry_after", 0))
        """Seconds that Telegram wants to be left alone."""
        self.webhook = body.get("error_code") == CONFLICT and "webhook is active" in str(
            body.get("description")
        )


def _longest(error: Exception) -> float:
    """What the pauses grow to, in seconds."""
    return REFUSED_PAUSE if isinstance(error, PollError) and error.refused else LONGEST_PAUSE
