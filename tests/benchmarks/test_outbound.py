"""The limits that the measuring server enforces, what counts as a broadcast, and that reminders are written for it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from storage.db import Store
from storage.letters import Lane, Letter, LetterState
from storage.sealing import Keyring
from tests.benchmarks.api import Api
from tests.benchmarks.installation import furnish
from tests.benchmarks.limits import Limits
from tests.benchmarks.outbound import FIRST_REMINDED, Broadcast, remind


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def sent(limits: Limits, clock: Hand, chats: list[int], seconds: int) -> int:
    """How many calls get through when each chat is called ten times a second."""
    passed = 0
    for tenth in range(seconds * 10):
        clock.at = tenth / 10
        passed += sum(limits.refuse("sendmessage", chat) == 0 for chat in chats)
    return passed


def test_thirty_a_second_in_all_and_a_burst_of_one_second() -> None:
    clock = Hand()
    limits = Limits(clock)
    assert 30 * 10 <= sent(limits, clock, list(range(1, 101)), 10) <= 30 * 10 + 30
    assert limits.refused > 0


def test_one_a_second_in_a_private_chat_and_twenty_a_minute_in_a_group() -> None:
    clock = Hand()
    assert sent(Limits(clock), clock, [7], 60) == 59 + 3
    assert sent(Limits(clock), clock, [-7], 60) == 20 + 19


def test_what_is_free_is_never_refused_and_whoever_is_refused_is_told_how_long() -> None:
    limits = Limits(Hand())
    assert [limits.refuse("answercallbackquery", 7) for _ in range(99)] == [0] * 99
    assert [limits.refuse("sendmessage", -7) for _ in range(22)] == [0] * 20 + [3, 3]


def test_a_refused_call_shows_nobody_anything() -> None:
    shown: list[int] = []
    api = Api(lambda chat, _message: shown.append(chat))
    api.refuses = lambda _method, chat: 5 if chat == 8 else 0
    answers = [asyncio.run(api.call("sendmessage", {"chat_id": str(chat), "text": "x"})) for chat in (7, 8)]
    assert [b'"retry_after":5' in one for one in answers] == [False, True]
    assert shown == [7]


def test_a_broadcast_is_over_when_each_was_reached_and_repeats_count_once() -> None:
    broadcast = Broadcast(2)
    for chat in (FIRST_REMINDED, FIRST_REMINDED, 7, FIRST_REMINDED + 2):
        broadcast.shown(chat, {})
    assert not broadcast.whole.is_set()
    broadcast.shown(FIRST_REMINDED + 1, {})
    assert broadcast.whole.is_set()
    assert broadcast.seconds > 0


def test_reminders_wait_in_the_lane_of_broadcasts(tmp_path: Path) -> None:
    furnish(tmp_path, datetime.now(UTC))
    remind(tmp_path, 3)
    store = Store(f"sqlite:///{tmp_path / 'zhucun.db'}", Keyring.load(tmp_path / "zhucun.key"))
    with store.reading() as session:
        found = session.exec(select(Letter.lane, Letter.state)).all()
    store.close()
    assert found == [(Lane.BULK, LetterState.WAITING)] * 3
