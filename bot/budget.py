"""How much may be sent now: Telegram allows about 30 messages a second per bot, one a second per private chat
(short bursts are fine), 20 a minute per group. Edits count like sends; answers to presses do not. Broadcasts take
what is left: they always leave some of it to whoever waits for an answer.

Another server may allow more (setting ZHUCUN_SEND_RATE); all rates then grow alike. Times are seconds of a
monotonic clock, handed in.
"""

from dataclasses import dataclass

from storage.letters import Lane

PER_SECOND, BURST = 30.0, 20.0
"""A burst of a whole second's worth would let two of them meet in one second; two thirds leave room for messages that
overtake each other on the way."""
SPARED = 0.4
"""The part of a burst that broadcasts leave alone."""
PRIVATE_RATE, PRIVATE_BURST = 1.0, 3.0
GROUP_RATE, GROUP_BURST = 20 / 60, 18.0
FORGET = 4096
"""Chats remembered before full buckets are forgotten."""


@dataclass
class Bucket:
    rate: float
    burst: float
    level: float
    at: float

    def wait(self, now: float, least: float = 1.0) -> float:
        """Seconds until it holds `least`; 0 when it does."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= least else (least - self.level) / self.rate


class Budget:
    """`take` either takes one message's worth and gives 0, or takes nothing and gives the seconds to wait."""

    def __init__(self, now: float, per_second: float = PER_SECOND) -> None:
        self._scale = per_second / PER_SECOND
        self._all = self._bucket(PER_SECOND, BURST, now)
        self._chats: dict[int, Bucket] = {}

    def take(self, chat: int, private: bool, lane: int, now: float) -> float:
        one = self._chat(chat, private, now)
        spared = SPARED * (self._all.burst - 1) if lane == Lane.BULK else 0
        wait = max(self._all.wait(now, 1 + spared), one.wait(now))
        if wait == 0:
            self._all.level -= 1
            one.level -= 1
        return wait

    def _chat(self, chat: int, private: bool, now: float) -> Bucket:
        if chat not in self._chats:
            if len(self._chats) >= FORGET:
                self._chats = {k: b for k, b in self._chats.items() if b.wait(now) or b.level < b.burst}
            rate, burst = (PRIVATE_RATE, PRIVATE_BURST) if private else (GROUP_RATE, GROUP_BURST)
            self._chats[chat] = self._bucket(rate, burst, now)
        return self._chats[chat]

    def _bucket(self, rate: float, burst: float, now: float) -> Bucket:
        most = max(1.0, burst * self._scale)
        return Bucket(rate * self._scale, most, most, now)
