"""Users who hold conversations with a bot: some always waiting (closed loop), or so many updates a second."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks import talks
from tests.benchmarks.api import Api, Message
from tests.benchmarks.talks import Talk

PATIENCE = 60.0
"""Seconds without one answer after which a bot is given up."""


class NoAnswerError(RuntimeError):
    """The bot fell silent."""


@dataclass
class User:
    """One private chat, at one place in the conversation. Times are seconds of the monotonic clock."""

    chat: int
    place: int = 0
    turns: int = 0
    asked_at: float = 0.0
    wanted: str = ""
    """By what the answer is known; empty while nothing is awaited."""
    screen: int = 0
    """The message that shows the conversation."""


@dataclass
class Heard:
    """Latencies in seconds, in the order of the answers, and the moments of the first and last."""

    latencies: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / (self.ended - self.began)

    def at(self, share: float) -> float:
        """The latency that this share of the answers kept."""
        return percentile(self.latencies, share)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that this share of them does not exceed."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class Load:
    """`count` users of one bot. Each phase (`closed`, `paced`) begins where the last one left the users."""

    def __init__(self, talk: Talk, count: int, first: int = 100_000) -> None:
        self.talk = talk
        self.api = Api(self._shown)
        self._users = {first + place: User(first + place) for place in range(count)}
        self._idle = deque(self._users.values())
        self._due: deque[float] = deque()
        self._heard = Heard()
        self._on_answer = asyncio.Event()
        self._closed = False
        self._left = 0

    async def closed(self, updates: int, in_flight: int) -> Heard:
        """So many updates, always that many waiting for an answer."""
        self._closed, self._left, self._heard = True, updates, Heard(began=time.perf_counter())
        for _ in range(min(in_flight, updates)):
            self._next(time.perf_counter())
        await self._until(updates)
        return self._heard

    async def paced(self, updates: int, rate: float) -> Heard:
        """So many updates at a steady rate; latency counts from when each was due, waiting users or not."""
        self._closed, self._left, self._heard = False, updates, Heard(began=time.perf_counter())
        loop, start = asyncio.get_running_loop(), time.perf_counter()
        away = loop.time() - start
        for number in range(updates):
            due = start + number / rate
            loop.call_at(due + away, self._next, due)
        await self._until(updates)
        return self._heard

    async def _until(self, answers: int) -> None:
        while len(self._heard.latencies) < answers:
            self._on_answer.clear()
            try:
                await asyncio.wait_for(self._on_answer.wait(), PATIENCE)
            except TimeoutError:
                stuck = sorted(
                    {f"{user.place}: {user.wanted}" for user in self._users.values() if user.wanted}
                )
                said = f"{len(self._heard.latencies)} of {answers} answers; waiting at {stuck[:5]}"
                raise NoAnswerError(said) from None

    def _next(self, due: float) -> None:
        """The next idle user takes the next step; when all wait, the first to be answered does."""
        if not self._idle:
            self._due.append(due)
            return
        if self._left > 0:
            self._left -= 1
            self._act(self._idle.popleft(), due)

    def _act(self, user: User, due: float) -> None:
        step = self.talk[user.place]
        user.wanted = step.answer.format(number=user.turns)
        if step.types:
            self._message(user, step.types.format(number=user.turns), due)
        else:
            self._press(user, step.presses, due)

    def _message(self, user: User, text: str, due: float) -> None:
        user.asked_at = due
        about: dict[str, Any] = {
            "message_id": self.api.new_message(), "from": _person(user.chat), "chat": _chat(user.chat),
            "date": int(time.time()), "text": text,
        }  # fmt: skip
        self.api.post(message=about)

    def _press(self, user: User, label: str, due: float) -> None:
        user.asked_at = due
        message = self.api.message(user.chat, user.screen)
        query = {
            "id": str(self.api.new_message()), "from": _person(user.chat), "chat_instance": str(user.chat),
            "message": message, "data": talks.button(message, label, user.turns),
        }  # fmt: skip
        self.api.post(callback_query=query)

    def _shown(self, chat: int, message: Message) -> None:
        user = self._users.get(chat)
        if user is None or not user.wanted or not talks.answers(message, user.wanted):
            return
        user.wanted, user.screen = "", message["message_id"]
        user.place = (user.place + 1) % len(self.talk)
        user.turns += user.place == 0
        self._note(time.perf_counter() - user.asked_at)
        self._idle.append(user)
        if self._due:
            self._next(self._due.popleft())
        elif self._closed:
            self._next(time.perf_counter())

    def _note(self, latency: float) -> None:
        self._heard.latencies.append(latency)
        self._heard.ended = time.perf_counter()
        self._on_answer.set()


def _person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": f"队员{number}", "language_code": "zh-hans"}


def _chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private", "first_name": f"队员{number}"}
