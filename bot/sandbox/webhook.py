"""Webhook delivery: one update at a time in each lane (messages by chat, presses by user), until taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.model import Bot
from bot.sandbox.updates import Update
from bot.sandbox.world import World

ANSWER_SECONDS = 60
LONGEST_PAUSE = 60.0
DEFAULT_CONNECTIONS = 40
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
Reply = Callable[[Bot, bytes], Awaitable[None]]


class Hooks:
    """Keeps a courier running for every bot that has a webhook address."""

    def __init__(self, world: World, reply: Reply) -> None:
        self.world = world
        self.reply = reply  # runs the method a bot names in its answer
        self.couriers: dict[int, tuple[str, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        try:
            while True:
                self.refresh()
                await self.world.signals.until("hooks", LONGEST_PAUSE)
        finally:
            for _, task in self.couriers.values():
                task.cancel()

    def refresh(self) -> None:
        for bot in self.world.bots.values():
            url = str(bot.webhook.get("url") or "")
            now, task = self.couriers.get(bot.id, ("", None))
            if url == now:
                continue
            if task is not None:
                task.cancel()
                del self.couriers[bot.id]
            if url:
                work = asyncio.create_task(Courier(self.world, bot, self.reply).run())
                self.couriers[bot.id] = (url, work)


class Courier:
    def __init__(self, world: World, bot: Bot, reply: Reply) -> None:
        self.world, self.bot, self.reply = world, bot, reply
        self.busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        async with ClientSession(timeout=ClientTimeout(total=ANSWER_SECONDS)) as session:
            try:
                while True:
                    pause = self.start_ready(session, time.time())
                    await self.world.signals.until(f"queue {self.bot.id}", pause)
            finally:
                for task in self.busy.values():
                    task.cancel()

    def start_ready(self, session: ClientSession, now: float) -> float:
        """Start what can go now; the seconds until the next repeat is due."""
        self.bot.queue.expire(now)
        seen: set[str] = set()
        pause = LONGEST_PAUSE
        for update in self.bot.queue.items.values():
            if len(self.busy) >= int(self.bot.webhook.get("max_connections") or DEFAULT_CONNECTIONS):
                break
            if update.lane in seen or update.lane in self.busy:
                continue
            seen.add(update.lane)
            if update.due > now:
                pause = min(pause, update.due - now)
            else:
                self.busy[update.lane] = asyncio.create_task(self.carry(session, update))
        return pause

    async def carry(self, session: ClientSession, update: Update) -> None:
        try:
            await self.post(session, update)
        finally:
            self.busy.pop(update.lane, None)
            self.world.signals.ring(f"queue {self.bot.id}")

    async def post(self, session: ClientSession, update: Update) -> None:
        secret = str(self.bot.webhook.get("secret_token") or "")
        headers = {SECRET_HEADER: secret} if secret else {}
        try:
            url = self.bot.webhook["url"]
            async with session.post(url, json=update.wire(), headers=headers) as response:
                if response.ok:
                    self.bot.queue.remove(update.id)
                    await self.follow(await response.read())
                    return
                reason = f"Wrong response from the webhook: {response.status} {response.reason}"
                self.later(update, reason, response.headers.get("Retry-After", ""))
        except TimeoutError:
            self.later(update, "Read timeout expired")
        except ClientError as error:
            self.later(update, "Connection refused" if "Cannot connect" in str(error) else str(error))

    def later(self, update: Update, reason: str, wait: str = "") -> None:
        """Repeat after 1, 2, 4 … 60 s, or when the bot's Retry-After says."""
        seconds = float(wait) if wait.isdigit() else min(2.0**update.tries, LONGEST_PAUSE)
        update.tries += 1
        update.due = time.time() + seconds
        now = int(self.world.clock.now())
        self.bot.webhook |= {"last_error_date": now, "last_error_message": reason}

    async def follow(self, body: bytes) -> None:
        """A bot may answer an update with a method call."""
        if body.lstrip().startswith(b"{"):
            await self.reply(self.bot, body)
