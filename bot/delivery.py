"""Delivery: sends the letters and brings cards up to date, one of it per bot.

A letter is claimed only when the budget says go, so a crash leaves in doubt no more than what was on the wire.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot import crash
from bot.budget import PER_SECOND, Budget
from bot.calls import parameters, references
from bot.loops import nap
from bot.outcomes import (
    BotDownError,
    LaterError,
    NotSentError,
    Outcome,
    RefusedError,
    UnknownError,
    WireError,
    judge,
)
from bot.pen import Acting, Pen
from bot.wire import Wire
from storage import claiming, delivering
from storage.claiming import Claimed
from storage.files import Files
from storage.letters import EPHEMERAL

UNKNOWN_TRIES = 5
"""A letter whose answer was lost this often is put aside for a person to look at."""
DOWN_PAUSE = 30.0
LONGEST_PAUSE = timedelta(minutes=5)

log = logging.getLogger("zhucun.delivery")


_Note = tuple[Claimed, int | None, asyncio.Future[None]]


class Delivery:
    """`step()` claims and sends what may go now; `wake` when something new was written."""

    def __init__(
        self,
        pen: Pen | Acting,
        wire: Wire,
        files: Files,
        bot: int,
        now: Callable[[], datetime],
        per_second: float = PER_SECOND,
    ) -> None:
        self.pen, self.wire, self.files, self.bot, self.now = pen, wire, files, bot, now
        self.wake = asyncio.Event()
        self.down: str | None = None
        """Telegram's words when it refuses the token; nothing is sent meanwhile."""
        self._budget: Budget | None = None
        self._per_second = per_second
        self._busy: set[tuple[int, int]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._unbegun: list[int] = []
        self._wait = 1.0
        self._sent: list[_Note] = []
        self._marking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled. What was under way when the process last ended is sent again, in doubt."""
        await self.pen(lambda session: delivering.recover(session, self.bot))
        crash.point("delivery.recovered")
        while True:
            self.wake.clear()
            if not await self.step():
                await self._sleep()
            if self.down:
                await asyncio.sleep(DOWN_PAUSE)

    async def _sleep(self) -> None:
        """Until woken, until the budget allows the next, or for a second: the truth is in the table."""
        await nap(self.wake, min(self._wait, 1.0))

    async def step(self) -> bool:
        """Claim what may go and start sending it. Whether anything was."""
        claimed = await self.pen(self._claim)
        if claimed:
            crash.point("delivery.claimed")
        self._unbegun = []
        for letter in claimed:
            if letter.method not in EPHEMERAL:
                self._busy.add((letter.chat, letter.lane))
            self._begin(self._deliver(letter))
        return bool(claimed)

    def _begin(self, sending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(sending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hush(self, queries: Sequence[str]) -> None:
        """Answer presses without words, so that their buttons rest. Written nowhere: after a crash Telegram lets
        them rest by itself."""
        for query in queries:
            self._begin(self._rest(query))

    async def _rest(self, query: str) -> None:
        if self.down is None:
            with suppress(WireError):
                await self.wire.call("answerCallbackQuery", {"callback_query_id": query})

    async def drain(self) -> None:
        """Wait for what is on the wire. What was claimed and is not begun waits again, in no doubt."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)
        with suppress(Exception):  # the next start recovers it
            await self.pen(lambda session: delivering.put_back(session, self._unbegun))

    def _claim(self, session: Session) -> list[Claimed]:
        now = self.now()
        self._wait = 1.0
        quick = claiming.claim_ephemeral(session, self.bot, now)
        claimed = quick + claiming.claim(session, self.bot, now, self._busy, self._may)
        self._unbegun = [letter.id for letter in claimed]
        return claimed

    def _may(self, chat: int, private: bool, lane: int) -> bool:
        clock = time.monotonic()  # a moved clock must not open the budgets
        if self._budget is None:
            self._budget = Budget(clock, self._per_second)
        wait = self._budget.take(chat, private, lane, clock)
        if wait:
            self._wait = min(self._wait, wait)
        return wait == 0

    async def _deliver(self, letter: Claimed) -> None:
        try:
            await self._send(letter)
        except Exception as error:  # noqa: BLE001 - trouble of ours must not stop the other letters
            log.error("letter %s: %s", letter.id, type(error).__name__)
            await asyncio.sleep(1)
            await self._after_trouble(letter, error)
        finally:
            if letter.method not in EPHEMERAL:
                self._busy.discard((letter.chat, letter.lane))
            self.wake.set()

    async def _after_trouble(self, letter: Claimed, error: Exception) -> None:
        """The database said no, or the letter cannot be made (its file is gone): try again, at last park it."""

        def note(session: Session) -> None:
            if letter.attempts >= UNKNOWN_TRIES:
                delivering.park(session, letter.id, type(error).__name__)
            else:
                delivering.again(
                    session, letter.id, self.now() + pause_after(letter.attempts, error), claiming.DOUBT
                )

        try:
            await self.pen.surely(note)
        except Exception as trouble:  # noqa: BLE001 - the next start recovers it
            log.error("letter %s stays in doubt: %s", letter.id, type(trouble).__name__)

    async def _send(self, letter: Claimed) -> None:
        if not letter.method:
            await self._mark(letter, None)
            return
        try:
            if letter.doubtful:
                await self._look_at_the_line()
            answer = await self.wire.call(letter.method, parameters(letter), self._files(letter.payload))
            crash.point("delivery.sent")
            self.down = None
        except WireError as error:
            await self._failed(letter, error)
            return
        await self._mark(letter, _message_id(answer))

    async def _look_at_the_line(self) -> None:
        """Before something is repeated that may have arrived: while every answer is lost, one that has no effect
        is asked for, or the reader would get the same message with each try. Raises WireError."""
        try:
            await self.wire.me()
        except UnknownError as error:
            raise NotSentError(str(error)) from error

    async def _mark(self, letter: Claimed, message_id: int | None) -> None:
        """Note that it was sent. What is sent while earlier notes are being written is noted together."""
        noted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sent.append((letter, message_id, noted))
        if self._marking is None:
            self._marking = asyncio.create_task(self._mark_all())
        await noted

    async def _mark_all(self) -> None:
        while self._sent:
            some, self._sent = self._sent, []
            pairs = [(letter, message_id) for letter, message_id, _noted in some]
            try:
                crash.point("delivery.noting")
                await self.pen.surely(partial(delivering.sent_all, some=pairs, now=self.now()))
                crash.point("delivery.noted")
            except Exception as error:  # noqa: BLE001 - each of them hears why
                _tell(some, error)
            else:
                _tell(some, None)
        self._marking = None

    def _files(self, payload: dict[str, Any]) -> dict[str, bytes]:
        return {sha: self.files.read(sha) for sha in references(payload)} if "text" not in payload else {}

    async def _failed(self, letter: Claimed, error: WireError) -> None:
        outcome = judge(error)
        crash.point("delivery.refused")
        if letter.method in EPHEMERAL and outcome != Outcome.DOWN:
            await self.pen.surely(lambda session: delivering.drop(session, letter.id))
            return
        if outcome == Outcome.DOWN and self.down is None:
            self.down = str(error)
            log.error("Telegram refuses the token (%s): nothing is sent until it is valid again", self.down)
        await self.pen.surely(lambda session: self._note(session, letter, error, outcome))

    def _note(self, session: Session, letter: Claimed, error: WireError, outcome: Outcome) -> None:
        now = self.now()
        if outcome == Outcome.SENT:
            delivering.sent(session, letter, letter.message_id, now)
        elif outcome == Outcome.ANEW and letter.card is not None:
            delivering.anew(session, letter, now)
        elif outcome == Outcome.UNREACHABLE:
            delivering.unreachable(session, letter, now)
        elif outcome == Outcome.MIGRATED and isinstance(error, RefusedError) and error.migrate_to:
            delivering.migrated(session, letter, error.migrate_to, now)
        elif outcome in (Outcome.LATER, Outcome.DOWN, Outcome.UNKNOWN):
            self._put_off(session, letter, error, now)
        else:
            log.error("letter %s parked: %s", letter.id, error)
            delivering.park(session, letter.id, str(error))

    def _put_off(self, session: Session, letter: Claimed, error: WireError, now: datetime) -> None:
        if isinstance(error, BotDownError):
            delivering.again(session, letter.id, now, claiming.doubt(letter.doubts))
            return
        doubts = letter.doubts + (isinstance(error, UnknownError) and not _repeatable(letter))
        if doubts >= UNKNOWN_TRIES:
            log.error("letter %s parked: its answer was lost %d times", letter.id, doubts)
            delivering.park(session, letter.id, claiming.DOUBT)
            return
        pause = pause_after(letter.attempts, error)
        delivering.again(session, letter.id, now + pause, claiming.doubt(doubts))
        if isinstance(error, LaterError) and error.flood:
            delivering.slow_down(session, letter.chat, now + pause)


def _repeatable(letter: Claimed) -> bool:
    """An edit or a deletion done twice is done once."""
    return not letter.method.startswith("send")


def pause_after(attempts: int, error: Exception) -> timedelta:
    """How long to wait before the next try: what Telegram asked, else 1, 2, 4 … seconds, at most 5 minutes."""
    if isinstance(error, LaterError) and error.flood:
        return timedelta(seconds=error.seconds)
    return min(timedelta(seconds=2 ** min(attempts, 9)), LONGEST_PAUSE)


def _tell(notes: list[_Note], error: Exception | None) -> None:
    for _letter, _message_id, noted in notes:
        if noted.cancelled():
            continue
        if error is None:
            noted.set_result(None)
        else:
            noted.set_exception(error)


def _message_id(answer: Any) -> int | None:
    first = answer[0] if isinstance(answer, list) and answer else answer
    return first.get("message_id") if isinstance(first, dict) else None
