"""A broadcast under the limits that Telegram enforces: how long it takes beside what they allow, and how long somebody
waits for an answer meanwhile."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage import chats, letters
from storage.db import Store
from storage.letters import Lane
from storage.sealing import Keyring
from tests.benchmarks import processes
from tests.benchmarks.api import Message
from tests.benchmarks.contenders import CONTENDERS, ZHUCUN, Place, environment
from tests.benchmarks.installation import BOT, FIRST, MEMBERS, TEAMS
from tests.benchmarks.limits import PER_SECOND, Limits
from tests.benchmarks.load import Load
from tests.benchmarks.tables import Goal
from tests.benchmarks.talks import VISIT

REMINDED, QUICKLY = 3790, 600
FIRST_REMINDED = 500_000
"""Telegram's number of the first account that is reminded: nobody who reports."""
ANSWERS, RATE = 40, 4.0
"""Updates of people who report meanwhile, and how many a second: what is left of 30 a second is more than they take."""
PATIENCE = 60.0


@dataclass
class Broadcast:
    """Who got the reminder, and when. Times are seconds of the monotonic clock."""

    count: int
    heard: dict[int, float] = field(default_factory=dict)
    whole: asyncio.Event = field(default_factory=asyncio.Event)

    def shown(self, chat: int, _message: Message) -> None:
        if FIRST_REMINDED <= chat < FIRST_REMINDED + self.count:
            self.heard.setdefault(chat, time.perf_counter())
            if len(self.heard) == self.count:
                self.whole.set()

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return max(self.heard.values()) - min(self.heard.values())


@asynccontextmanager
async def _bot(furnished: Path, count: int, *more: str) -> AsyncIterator[tuple[Load, Broadcast, Limits, int]]:
    """The program on a copy of the installation, with so many reminders waiting, at a server that enforces limits."""
    load = Load(VISIT, TEAMS * MEMBERS, FIRST)
    limits, broadcast, users = Limits(), Broadcast(count), load.api.shown
    load.api.refuses = limits.refuse

    def shown(chat: int, message: Message) -> None:
        users(chat, message)
        broadcast.shown(chat, message)

    load.api.shown = shown
    (contender,) = (one for one in CONTENDERS if one.name == ZHUCUN)
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared"
        shutil.copytree(furnished, prepared)
        remind(prepared, count)
        place = Place(Path(folder), await load.api.start(), "", prepared)
        told = environment(contender, place) | {"ZHUCUN_SEND_RATE": str(PER_SECOND)}
        with processes.running([*contender.command(), *more], told, place.folder / "log.txt") as pid:
            try:
                yield load, broadcast, limits, pid
            finally:
                load.api.stop()


def remind(folder: Path, count: int) -> None:
    """Reminders as the clock's job writes them, one for each of so many chats."""
    store = Store(f"sqlite:///{folder / 'zhucun.db'}", Keyring.load(folder / "zhucun.key"))
    now = datetime.now(UTC)
    button = {"text": "走访", "callback_data": "f:new:visit"}
    said: dict[str, Any] = {
        "text": "本周还没有走访：黄庄洼村、老米店村。有事来不及，可以跟队长说一声。",
        "reply_markup": {"inline_keyboard": [[button]]},
    }
    with store.writing() as session:
        for number in range(count):
            chat = chats.chat_of(session, BOT, FIRST_REMINDED + number)
            letters.say(session, chat, "sendMessage", said, now=now, lane=Lane.BULK)
    store.close()


async def alone(furnished: Path, count: int) -> list[Goal]:
    """Delivery by itself, nobody else wanting anything."""
    async with _bot(furnished, count, "--only", "delivery") as (_load, broadcast, limits, pid):
        await asyncio.wait_for(broadcast.whole.wait(), PATIENCE + 2 * count / PER_SECOND)
        megabytes = processes.peak_megabytes([pid])
    allowed = (count - 1) / PER_SECOND
    return [
        Goal("2.outbound_beside_30_a_second", broadcast.seconds / allowed, 1.03),
        Goal("2.outbound_429", limits.refused, 0),
        Goal("2.delivery_mb", megabytes, 90),
    ]


async def answering(furnished: Path, count: int) -> list[Goal]:
    """The whole program, with people who report while the reminders go out."""
    async with _bot(furnished, count) as (load, broadcast, limits, _pid):
        await load.closed(1, 1)
        before = len(broadcast.heard)
        heard = await load.paced(ANSWERS, RATE)
        still = count - len(broadcast.heard)
        await asyncio.wait_for(broadcast.whole.wait(), PATIENCE + 2 * count / PER_SECOND)
    if before == count or not still:
        raise RuntimeError("the broadcast was over before the answers were")
    return [
        Goal("2.slowest_answer_s_during_a_broadcast", max(heard.latencies), 1),
        Goal("2.answering_429", limits.refused, 0),
    ]


def goals(furnished: Path, *, quick: bool, run: Callable[[Any], list[Goal]] = asyncio.run) -> list[Goal]:
    """Both, one after the other; the quick ones in a minute."""
    count = QUICKLY if quick else REMINDED
    return run(alone(furnished, count)) + run(answering(furnished, count))
