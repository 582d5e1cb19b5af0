"""Delivery: sends the letters and brings cards up to date, one of it per bot."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session

from bot import crash
from bot.budget import PER_SECOND
from bot.calls import parameters, references
from bot.claims import Claims
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
from bot.pen import Acting, Job, Pen
from bot.wire import Wire
from storage import claiming, delivering
from storage.claiming import Claimed
from storage.files import Files
from storage.letters import EPHEMERAL

UNKNOWN_TRIES = 5
"""A letter whose answer was lost this often is put aside for a person to look at."""
DOWN_PAUSE = 30.0
DRAIN = 10.0
"""Seconds given at the end to what is on the wire."""
LONGEST_PAUSE = timedelta(minutes=5)

log = logging.getLogger("zhucun.delivery")


T = TypeVar("T")
_Note = tuple[Claimed, int | None, asyncio.Future[bool]]


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
        together: bool = False,
    ) -> None:
        self.pen, self.wire, self.files, self.bot, self.now = pen, wire, files, bot, now
        self.wake = asyncio.Event()
        self.down: str | None = None
        """Telegram's words when it refuses the token; nothing is sent meanwhile."""
        self.claims = Claims(bot, now, per_second, together, self._begin_one, self.wake)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sent: list[_Note] = []
        self._marking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled. What was under way when the process last ended is sent again, in doubt."""
        self.claims.ready = False
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
        await nap(self.wake, min(self.claims.wait, 1.0))

    async def step(self) -> bool:
        """Claim what may go and start sending it. Whether anything was."""
        claimed = await self.claims.own(self.pen)
        self.claims.ready = self.claims.ready and self.down is None
        return claimed

    async def after(self, job: Job[T]) -> T:
        """Do a job that writes letters: what may go is on its way when it is written."""
        value, _ = await self.claims.with_(job, self.pen)
        return value

    def _begin_one(self, letter: Claimed) -> None:
        self._begin(self._deliver(letter))

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
        self.claims.end()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        with suppress(Exception):  # the next start recovers it
            await self.claims.give_up(self.pen)

    async def _deliver(self, letter: Claimed) -> None:
        followed = False
        try:
            followed = await self._send(letter)
        except Exception as error:  # noqa: BLE001 - trouble of ours must not stop the other letters
            log.error("letter %s: %s", letter.id, type(error).__name__)
            await asyncio.sleep(1)
            await self._after_trouble(letter, error)
        finally:
            self.claims.free(letter)
            if not followed:
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

    async def _send(self, letter: Claimed) -> bool:
        """Whether what follows it was claimed when it was noted as sent."""
        if not letter.method:
            return await self._mark(letter, None)
        try:
            if letter.doubtful:
                await self._look_at_the_line()
            answer = await self.wire.call(letter.method, parameters(letter), self._files(letter.payload))
            crash.point("delivery.sent")
            self.down = None
        except WireError as error:
            await self._failed(letter, error)
            return False
        return await self._mark(letter, _message_id(answer))

    async def _look_at_the_line(self) -> None:
        """Before something is repeated that may have arrived: while every answer is lost, one that has no effect
        is asked for, or the reader would get the same message with each try. Raises WireError."""
        try:
            await self.wire.me()
        except UnknownError as error:
            raise NotSentError(str(error)) from error

    async def _mark(self, letter: Claimed, message_id: int | None) -> bool:
        """Note that it was sent. What is sent while earlier notes are being written is noted together."""
        noted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._sent.append((letter, message_id, noted))
        if self._marking is None:
            self._marking = asyncio.create_task(self._mark_all())
        return await noted

    async def _mark_all(self) -> None:
        while self._sent:
            some, self._sent = self._sent, []
            pairs = [(letter, message_id) for letter, message_id, _noted in some]
            try:
                crash.point("delivery.noting")
                note = partial(delivering.sent_all, some=pairs, now=self.now())
                _, followed = await self.claims.with_(note, self.pen.surely, (one for one, _ in pairs))
                crash.point("delivery.noted")
            except Exception as error:  # noqa: BLE001 - each of them hears why
                _tell(some, error)
            else:
                _tell(some, None, followed)
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
            self.down, self.claims.ready = str(error), False
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


def _tell(notes: list[_Note], error: Exception | None, followed: bool = False) -> None:
    for _letter, _message_id, noted in notes:
        if noted.cancelled():
            continue
        if error is None:
            noted.set_result(followed)
        else:
            noted.set_exception(error)


def _message_id(answer: Any) -> int | None:
    first = answer[0] if isinstance(answer, list) and answer else answer
    return first.get("message_id") if isinstance(first, dict) else None
