"""The desk: takes arrivals in order and lets the handlers answer, one transaction per arrival.

Handlers never wait: the desk drives each coroutine by hand and raises when one yields. A Refusal rolls the
arrival's savepoint back and becomes a sentence; any other exception parks the arrival at once (without a
network it is deterministic) and gives the sender a number.
"""

import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.methods import TelegramMethod
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

import handlers
from bot import arriving, crash
from bot.hand import Hand
from bot.pen import Acting, Job, Pen
from bot.recorder import Recorder
from handlers.doors import EVENTS, Doors
from handlers.turn import Turn, escape
from storage import arrivals, errands, turns
from storage.arrivals import Waiting
from storage.db import savepoint
from storage.refusals import Refusal
from storage.sealing import CannotOpen
from storage.texts import _, speaking

BATCH = 20
"""Some 40 ms of work: the pen is not held longer, and a commit is shared by many."""
ATTEMPTS = 3
"""An arrival that ended the process or its batch this often, alone in hand, is put aside."""
TOAST_LIFE = timedelta(seconds=8)
TOAST_LENGTH = 180

log = logging.getLogger("zhucun.desk")
for noisy in ("aiogram.event", "aiogram.dispatcher"):
    logging.getLogger(noisy).setLevel(logging.WARNING)


class HandlerWaitedError(RuntimeError):
    """A handler awaited something real, or returned a method instead of awaiting it."""


def drive(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end without an event loop. Raises HandlerWaitedError when it yields."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise HandlerWaitedError("a handler waited")


def _slim(said: dict[str, Any]) -> dict[str, Any]:
    """An event without the picture of the pressed card, which is known to be what we made it."""
    if "message" not in said:
        return said
    return {name: value for name, value in said.items() if name != "message"}


class Desk:
    """One per bot. `step()` handles what is waiting, at most BATCH arrivals, and says how many there were."""

    def __init__(
        self,
        pen: Pen | Acting,
        token: str,
        username: str,
        now: Callable[[], datetime],
        hand: Hand,
        hush: Callable[[Sequence[str]], None] = lambda _queries: None,
        write: Callable[[Job[Any]], Awaitable[Any]] | None = None,
    ) -> None:
        self.pen, self.username, self.now, self.hand, self.hush = pen, username, now, hand, hush
        self._write = write or pen
        """As `pen`; what was said goes out with it, where the delivery is here."""
        self.more = False
        """Whether the last step left arrivals waiting, as far as it knows."""
        self.errands = False
        """Whether the last step left something for the workers."""
        self._silent: list[str] = []
        self._next: int | None = None
        self.recorder = Recorder()
        self.bot = Bot(token, session=self.recorder)
        self.doors = Doors(handlers.routers())

    async def step(self) -> int:
        """Handle the oldest waiting arrivals. Raises the database's error when nothing could be written."""
        handled: int = await self._write(self._handle_some)
        if handled:
            crash.point("desk.committed")
            self._hush()
        return handled

    def _handle_some(self, session: Session) -> int:
        self._silent = []
        todo = arrivals.waiting(session, self.bot.id, BATCH)
        handled = self._handle_each(session, todo)
        self.more = handled == BATCH or handled < len(todo)
        self.errands = errands.left(session)
        return handled

    def _handle_each(self, session: Session, todo: list[Waiting]) -> int:
        """How many, until other bots wait for this transaction to end."""
        for handled, arrival in enumerate(todo, 1):
            self._handle(session, arrival)
            if turns.crowded(session):
                return handled
        return len(todo)

    async def careful_step(self) -> int:
        """Handle one arrival, alone in hand and committed before: after a start or a failed batch the oldest ones
        may be what ended it. How many were handled."""
        found, self._next = self._next, None
        if found is None:
            found = await self.pen(self._oldest)
            self.hand.empty()
        self.more = found is not None
        if found is None:
            return 0
        self._next = await self._write(lambda session: self._handle_alone(session, found))
        crash.point("desk.committed")
        self._hush()
        return 1

    def _hush(self) -> None:
        """Let the pressed buttons rest, once what they did is written. An answer without words is no letter."""
        silent, self._silent = self._silent, []
        if silent:
            self.hush(silent)

    def _handle_alone(self, session: Session, arrival_id: int) -> int | None:
        """The arrival that is the oldest then. A database that cannot be written, as on a full disk, is no
        arrival's fault."""
        self.hand.take(arrival_id)
        crash.point("desk.taken")
        todo = arrivals.waiting(session, self.bot.id, 2)
        try:
            if todo and todo[0].id == arrival_id:
                self._handle(session, todo.pop(0))
        except OperationalError:
            self.hand.empty()
            raise
        self.hand.empty()
        self.errands = errands.left(session)
        return todo[0].id if todo else None

    def _oldest(self, session: Session) -> int | None:
        """The oldest arrival. Of one that was still in hand an attempt is counted; at last it is put aside."""
        todo = arrivals.waiting(session, self.bot.id, 1)
        if not todo:
            return None
        oldest = todo[0]
        if self.hand.holds() == oldest.id and arrivals.try_again(session, oldest.id) >= ATTEMPTS:
            self._park(session, oldest, "ended the process")
            with suppress(CannotOpen, ValueError):  # nobody can tell whose it is
                self._say_sorry(session, oldest, arrivals.body_of(session, oldest))
            return self._oldest(session)
        return oldest.id

    def _handle(self, session: Session, arrival: Waiting) -> None:
        try:
            body = arrivals.body_of(session, arrival)
        except (CannotOpen, ValueError) as error:
            self._park(session, arrival, type(error).__name__)
            return
        try:
            crash.point("desk.begun")
            with savepoint(session):
                turn = arriving.turn_for(session, body, arrival.bot, self.username, self.now())
                if turn is not None:
                    self._dispatch(body, turn)
                arrivals.done(session, arrival.id)
            crash.point("desk.handled")
        except Refusal as refusal:
            self._refuse(session, arrival, body, refusal)
            arrivals.done(session, arrival.id)
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
                raise
            self._apologise(session, arrival, body, error)

    def _dispatch(self, body: dict[str, Any], turn: Turn) -> None:
        self.recorder.turn = turn
        kind = arriving.kind_of(body)
        with speaking(turn.actor.language if turn.actor else "zh"):
            result = drive(self._feed(kind, body[kind], turn))
        if isinstance(result, TelegramMethod):
            raise HandlerWaitedError("a handler returned a method instead of awaiting it")
        if "callback_query" in body and not turn.answered:
            self._silent.append(body["callback_query"]["id"])
        turn.db.flush()

    async def _feed(self, kind: str, said: dict[str, Any], turn: Turn) -> Any:
        """What aiogram's dispatcher does with an update: the first handler whose filters let it pass. Without its log
        line, which wants a running loop for its clock, and here is none on purpose; and without what routers and
        middlewares could put between (handlers/doors.py refuses it), which takes as long as the filters."""
        event = EVENTS[kind].model_validate(_slim(said), context={"bot": self.bot})
        for handler in self.doors.open(kind, said):
            passed, known = await handler.check(event, bot=self.bot, turn=turn)
            if passed:
                return await handler.call(event, **known)
        return None

    def _refuse(self, session: Session, arrival: Waiting, body: dict[str, Any], refusal: Refusal) -> None:
        turn = arriving.turn_for(session, body, arrival.bot, self.username, self.now())
        if turn is None:
            return
        query = body.get("callback_query")
        fresh = self.now() - arrival.received_at < TOAST_LIFE
        if query and fresh and len(refusal.sentence) <= TOAST_LENGTH:
            arriving.toast(turn, query["id"], refusal.sentence)
            return
        if query:
            self._silent.append(query["id"])
        turn.say(escape(refusal.sentence))

    def _apologise(self, session: Session, arrival: Waiting, body: dict[str, Any], error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} {frame.name}:{frame.lineno}"
        log.error("arrival %s parked: %s", arrival.id, place)
        self._park(session, arrival, place)
        self._say_sorry(session, arrival, body)

    def _say_sorry(self, session: Session, arrival: Waiting, body: dict[str, Any]) -> None:
        """Give the sender of an arrival that was put aside its number."""
        try:
            with savepoint(session):
                turn = arriving.turn_for(session, body, arrival.bot, self.username, self.now())
        except (AttributeError, KeyError, TypeError, ValueError):
            return  # not an update as Telegram describes them: there is nobody to answer
        if turn is None:
            return
        with speaking(turn.actor.language if turn.actor else "zh"):
            sorry = _("抱歉，这一步没有成功。您发的内容已保存，编号 {number}，管理员会处理，不用重发。")
            turn.say(sorry.format(number=f"A{arrival.id}"))

    def _park(self, session: Session, arrival: Waiting, place: str) -> None:
        arrivals.park(session, arrival.id, place)
        arriving.tell_administrators(session, arrival, place, self.now())
