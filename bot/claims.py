"""Claims: the letters that are under way, and the taking of the next ones.

A letter is claimed only when the budget says go, so a crash leaves in doubt no more than what was on the wire. Where
one process does all, letters are claimed in the very transaction that writes them, or that notes that the one before
them was sent: an answer waits for one commit less, and nobody has to be woken for it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from bot import crash
from bot.budget import Budget
from bot.pen import Job
from storage import claiming, delivering
from storage.claiming import Claimed
from storage.letters import EPHEMERAL

T = TypeVar("T")
Write = Callable[[Job[T]], Awaitable[T]]


class Claims:
    """Of one bot. What is claimed is given to `begin`, in the loop, once that is committed; `wake` says that the
    delivery should look for itself. `together`: other jobs of this process may claim."""

    def __init__(
        self,
        bot: int,
        now: Callable[[], datetime],
        per_second: float,
        together: bool,
        begin: Callable[[Claimed], None],
        wake: asyncio.Event,
    ) -> None:
        self.bot, self.now, self._begin, self._wake = bot, now, begin, wake
        self._together, self._per_second = together, per_second
        self.ready = False
        """Whether the delivery's own last claiming went well: only then do others claim."""
        self.wait = 1.0
        """Seconds until the budget allows the next one."""
        self.unbegun: dict[int, Claimed] = {}
        """Letters that are claimed, or nearly so, and not yet given to `begin`."""
        self._budget: Budget | None = None
        self._busy: dict[tuple[int, int], int] = {}  # the letter under way in each chat and lane

    async def own(self, write: Write[None]) -> bool:
        """Claim what may go. Whether anything was."""
        return (await self._with(lambda _session: None, write, (), own=True))[2]

    async def with_(self, job: Job[T], write: Write[T], freed: Iterable[Claimed] = ()) -> tuple[T, bool]:
        """Do a job and claim what may go after it, in the same transaction; `freed` are no longer under way by
        it. Its value, and whether that was done: else the delivery is woken."""
        value, led, _ = await self._with(job, write, tuple(freed), own=False)
        if not led or self.wait < 1:
            self._wake.set()
        return value, led

    async def _with(
        self, job: Job[T], write: Write[T], freed: tuple[Claimed, ...], own: bool
    ) -> tuple[T, bool, bool]:
        claimed: list[Claimed] = []
        led = False

        def both(session: Session) -> T:
            nonlocal led
            self._let_go(claimed)  # of an earlier try
            value = job(session)
            led = own or (self._together and self.ready)
            if led:
                for letter in freed:
                    self.free(letter)
                claimed.extend(self.claim(session))
            return value

        try:
            value = await write(both)
        except Exception:
            self.ready = False  # perhaps it was the claiming that failed: the others go on without
            self._let_go(claimed)
            self._wake.set()
            raise
        self.ready = self.ready or own
        self._go(claimed)
        return value, led, bool(claimed)

    def claim(self, session: Session) -> list[Claimed]:
        """In the pen's thread."""
        now = self.now()
        self.wait = 1.0
        quick = claiming.claim_ephemeral(session, self.bot, now)
        claimed = quick + claiming.claim(session, self.bot, now, self._busy, self._may)
        self.unbegun.update((letter.id, letter) for letter in claimed)
        for letter in claimed:
            if letter.method not in EPHEMERAL:
                self._busy[letter.chat, letter.lane] = letter.id
        return claimed

    def _may(self, chat: int, private: bool, lane: int) -> bool:
        clock = time.monotonic()  # a moved clock must not open the budgets
        if self._budget is None:
            self._budget = Budget(clock, self._per_second)
        wait = self._budget.take(chat, private, lane, clock)
        if wait:
            self.wait = min(self.wait, wait)
        return wait == 0

    def _go(self, claimed: list[Claimed]) -> None:
        if claimed:
            crash.point("delivery.claimed")
        for letter in claimed:
            self.unbegun.pop(letter.id, None)
            self._begin(letter)

    def _let_go(self, claimed: list[Claimed]) -> None:
        """The transaction in which these were claimed has not happened."""
        for letter in claimed:
            self.unbegun.pop(letter.id, None)
            self.free(letter)
        claimed.clear()

    def end(self) -> None:
        """From now on only what is under way is brought to its end."""
        self._together = False

    async def give_up(self, write: Write[list[Claimed]]) -> None:
        """What was claimed and is not begun waits again, in no doubt."""

        def back(session: Session) -> list[Claimed]:
            left = list(self.unbegun.values())
            delivering.put_back(session, [letter.id for letter in left])
            return left

        self._let_go(await write(back))

    def free(self, letter: Claimed) -> None:
        """It is no longer under way: the next one of its chat and lane may go."""
        if self._busy.get((letter.chat, letter.lane)) == letter.id:
            del self._busy[letter.chat, letter.lane]
