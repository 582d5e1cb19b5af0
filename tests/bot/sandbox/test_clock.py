"""The sandbox's clock: wishes read, moved on, stopped, never turned back."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from bot.sandbox.clock import ZONE, Clock, ClockError, parse
from tests.phone import Phone, Sandbox, SandboxError

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("wish", "moment"),
    [
        ("friday 16:00", datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)),
        ("Monday 8:30", datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)),
        ("monday 09:01", datetime(2026, 11, 16, 9, 1, tzinfo=ZONE)),
        ("monday 09:00", datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)),
        ("+3d", MONDAY + timedelta(days=3)),
        ("+2h30m", MONDAY + timedelta(hours=2, minutes=30)),
        ("2026-11-20T16:00", datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)),
        ("2026-11-20T08:00Z", datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)),
        ("2026-11-20T16:00+08:00", datetime(2026, 11, 20, 16, 0, tzinfo=ZONE)),
    ],
)
def test_wishes(wish: str, moment: datetime) -> None:
    assert parse(wish, MONDAY) == moment


@pytest.mark.parametrize("wish", ["", "soon", "+3", "+d", "friday 25:00", "friday noon", "2026-13-01"])
def test_what_cannot_be_read_is_refused(wish: str) -> None:
    with pytest.raises(ClockError):
        parse(wish, MONDAY)


def test_it_runs_stands_and_runs_on() -> None:
    clock = Clock(MONDAY)
    assert 0 <= clock.now() - MONDAY.timestamp() < 5
    clock.move("friday 16:00", freeze=True)
    stood = clock.now()
    assert stood == clock.now() == datetime(2026, 11, 20, 16, 0, tzinfo=ZONE).timestamp()
    clock.move("+1h")
    assert clock.now() == stood + 3600
    clock.move(None, freeze=False)
    assert clock.stands_at is None
    assert 0 <= clock.now() - stood - 3600 < 5


def test_it_is_never_turned_back() -> None:
    clock = Clock(MONDAY)
    with pytest.raises(ClockError, match="不能往回拨"):
        clock.move("2026-11-15T09:00")
    assert clock.serial == 1


def test_header_messages_and_view_tell_the_same_time(sandbox: Sandbox, wang: Phone) -> None:
    before = sandbox.get("clock")
    moved = sandbox.clock_to("friday 16:00")
    assert moved["now"].startswith("2026-11-20T16:00:00")
    assert moved["serial"] == before["serial"] + 1
    assert moved["zone"] == "Asia/Shanghai"
    assert abs(time.time() + moved["offset"] - datetime.fromisoformat(moved["now"]).timestamp()) < 1
    said = sandbox.bot("sendMessage", chat_id=wang.id, text="到点了")
    assert 0 <= said["date"] - datetime(2026, 11, 20, 16, 0, tzinfo=ZONE).timestamp() < 10
    with pytest.raises(SandboxError, match="不能往回拨"):
        sandbox.clock_to("2026-11-16T09:00")


def test_a_follower_hears_of_a_move(sandbox: Sandbox) -> None:
    serial = sandbox.get("clock")["serial"]
    assert sandbox.get("clock", after=serial, wait=0.1)["serial"] == serial
    sandbox.clock_to("+1h")
    assert sandbox.get("clock", after=serial, wait=10)["serial"] == serial + 1
