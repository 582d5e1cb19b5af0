"""The queue of a bot: offsets, limits, ages, second deliveries."""

from __future__ import annotations

import time

import pytest

from bot.sandbox.updates import PRESS_SECONDS, UPDATE_SECONDS, Queue, wanted


def filled(count: int) -> Queue:
    queue = Queue()
    queue.next_id = 100
    for number in range(count):
        queue.add("message", {"n": number}, "1001")
    return queue


def ids(queue: Queue) -> list[int]:
    return [update["update_id"] for update in queue.take(100)]


@pytest.mark.parametrize(
    ("offset", "left"),
    [
        (0, [100, 101, 102, 103]),
        (102, [102, 103]),
        (104, []),
        (114, []),  # up to ten past the tail still confirms
        (115, [100, 101, 102, 103]),  # farther: falls back to the head, forgets nothing
        (5, [100, 101, 102, 103]),
        (-1, [103]),
        (-3, [101, 102, 103]),
        (-9, [100, 101, 102, 103]),
    ],
)
def test_offsets(offset: int, left: list[int]) -> None:
    queue = filled(4)
    queue.confirm(offset)
    assert ids(queue) == left


def test_what_is_not_confirmed_comes_again_in_order() -> None:
    queue = filled(3)
    assert ids(queue) == ids(queue) == [100, 101, 102]
    assert [update["update_id"] for update in queue.take(2)] == [100, 101]


def test_a_press_dies_after_150_seconds_of_real_time_and_a_message_after_a_day() -> None:
    queue = filled(1)
    press = queue.add("callback_query", {}, "user 1001")
    now = time.time()
    assert now + PRESS_SECONDS - 1 < press.expires <= now + PRESS_SECONDS
    queue.expire(now + PRESS_SECONDS - 1)
    assert len(queue.items) == 2
    queue.expire(now + PRESS_SECONDS + 1)
    assert list(queue.items) == [100]
    queue.expire(now + UPDATE_SECONDS + 1)
    assert not queue.items


def test_a_marked_update_is_delivered_once_more() -> None:
    queue = filled(2)
    queue.items[100].again = True
    queue.confirm(102)
    assert ids(queue) == [100]
    queue.confirm(101)
    assert ids(queue) == []


@pytest.mark.parametrize(
    ("kind", "allowed", "got"),
    [
        ("message", [], True),
        ("my_chat_member", [], True),
        ("chat_member", [], False),
        ("message_reaction", [], False),
        ("chat_member", ["chat_member"], True),
        ("message", ["callback_query"], False),
    ],
)
def test_kinds_asked_for(kind: str, allowed: list[str], got: bool) -> None:
    assert wanted(kind, allowed) is got
