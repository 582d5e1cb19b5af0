"""Administrators hear of what waits too long or was put aside: once an hour for each cause, and not otherwise."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.jobs import alarm
from storage import arrivals, errands, letters
from storage.arrivals import Arrival, ArrivalState
from storage.letters import Letter
from tests.storage.asking import NOW

BOT = 42


@pytest.fixture
def session(administered: Session) -> Session:
    return administered


def said(session: Session) -> list[str]:
    found = session.exec(select(Letter).order_by(col(Letter.id))).all()
    return [letters.payload_of(session, one)["text"] for one in found]


@pytest.mark.fault("messages wait unanswered")
def test_messages_that_wait_are_told_once_an_hour(session: Session) -> None:
    arrivals.keep(session, BOT, [(1, b"{}")], NOW - timedelta(minutes=4))
    assert alarm.step(session, NOW) == {}
    assert alarm.step(session, NOW + timedelta(minutes=2)) == {"alarms": 1}
    assert alarm.step(session, NOW + timedelta(minutes=3)) == {}
    (text,) = said(session)
    assert "有 1 条消息还没处理，最早的等了 6 分钟" in text
    assert "zhucun doctor" in text
    session.exec(select(Arrival)).one().state = ArrivalState.DONE
    session.flush()
    assert alarm.step(session, NOW + timedelta(minutes=3)) == {}
    assert alarm.step(session, NOW + timedelta(minutes=61)) == {"alarms": 1}, (
        "its own letter waits since an hour"
    )
    assert "有 1 条消息发不出去，最早的等了 59 分钟" in said(session)[-1]


@pytest.mark.fault("work put aside for a person")
def test_what_was_put_aside_is_told_when_it_grows(session: Session) -> None:
    for number in (1, 2):
        made = errands.send_on(session, BOT, "qr", {"n": number}, due_at=NOW)
        assert made is not None
        errands.park(session, made.id or 0, "ValueError")
        at = NOW + timedelta(hours=number)
        assert alarm.step(session, at) == {"alarms": 1}, "grown"
        assert alarm.step(session, at + timedelta(minutes=5)) == {}
    assert "后台任务 2。" in said(session)[1]
    for one in said(session):
        assert "放在一边" in one


def test_late_errands_are_told(session: Session) -> None:
    errands.send_on(session, BOT, "qr", {}, due_at=NOW - timedelta(minutes=20))
    assert alarm.step(session, NOW) == {"alarms": 1}
    assert said(session)[0].startswith("有 1 件后台任务没做完，最早的晚了 20 分钟")


def test_all_is_well(session: Session) -> None:
    assert alarm.step(session, NOW) == {}
    assert said(session) == []
