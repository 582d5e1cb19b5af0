"""Budgets: 30 a second in all, one a second in a private chat, 20 a minute in a group, bulk behind the rest."""

import pytest

from bot.budget import FORGET, Budget
from storage.letters import Lane


def sent_within(
    seconds: float, budget: Budget, chats: int, private: bool = True, lane: int = Lane.TALK
) -> list[float]:
    """When each message goes out if everybody wants to send all the time."""
    moments: list[float] = []
    now = 0.0
    while now <= seconds:
        waits = []
        for chat in range(chats):
            wait = budget.take(chat, private, lane, now)
            if wait == 0:
                moments.append(now)
            waits.append(wait)
        now += max(min((wait for wait in waits if wait), default=0), 0.001)
    return moments


def busiest(moments: list[float], window: float) -> int:
    return max(sum(start <= moment < start + window for moment in moments) for start in moments)


def test_a_bot_never_sends_more_than_thirty_in_a_second_for_long() -> None:
    moments = sent_within(20, Budget(0.0), chats=200)
    assert busiest(moments, 10) <= 30 * 10 + 20
    assert len(moments) >= 30 * 20 * 0.95, "what is allowed is used"


def test_a_private_chat_may_have_a_short_burst_then_one_a_second() -> None:
    budget = Budget(0.0)
    assert [budget.take(7, True, Lane.TALK, 0.0) for _ in range(3)] == [0, 0, 0]
    assert budget.take(7, True, Lane.TALK, 0.0) == pytest.approx(1.0)
    assert budget.take(7, True, Lane.TALK, 1.0) == 0


def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    moments = sent_within(180, Budget(0.0), chats=1, private=False)
    assert busiest(moments, 60) <= 38, "the first minute may hold the burst besides"
    assert busiest([moment for moment in moments if moment > 60], 60) <= 20


def test_a_broadcast_takes_all_that_is_left_and_leaves_room_for_answers() -> None:
    budget = Budget(0.0)
    now, bulk = 0.0, 0
    for chat in range(10_000):
        bulk += budget.take(chat, True, Lane.BULK, now) == 0
        now += 0.001
    assert 30 * 10 <= bulk <= 30 * 10 + 13
    assert [budget.take(99_990 + chat, True, Lane.TALK, now) for chat in range(7)] == [0] * 7
    assert budget.take(99_980, True, Lane.BULK, now) > 0, "answers go before it"


@pytest.mark.parametrize("per_second", [0.5, 1, 30, 3000])
def test_a_broadcast_gets_through_at_any_rate(per_second: float) -> None:
    budget = Budget(0.0, per_second)
    sent = sum(budget.take(chat, True, Lane.BULK, chat / per_second / 2) == 0 for chat in range(100))
    assert sent >= 49


def test_taking_nothing_costs_nothing() -> None:
    budget = Budget(0.0)
    for _ in range(3):
        budget.take(7, True, Lane.TALK, 0.0)
    waits = [budget.take(7, True, Lane.TALK, 0.0) for _ in range(50)]
    assert all(waits)
    assert budget.take(8, True, Lane.TALK, 0.0) == 0


def test_chats_long_quiet_are_forgotten() -> None:
    budget = Budget(0.0)
    for chat in range(FORGET * 3):
        budget.take(chat, True, Lane.TALK, chat * 10.0)
    assert len(budget._chats) <= FORGET + 1
