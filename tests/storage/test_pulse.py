"""What waits and how long, by hand beside by query."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from storage import arrivals, chats, errands, letters, pulse
from storage.arrivals import Arrival, ArrivalState
from storage.errands import Errand, ErrandState
from storage.letters import Lane, Letter, LetterState
from tests.storage.asking import NOW, new_store

pytestmark = pytest.mark.both_databases
BOT = 42


@pytest.fixture
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    store = new_store(str(tmp_path_factory.mktemp("pulse") / "z.db"))
    with store.writing() as made:
        yield made
    store.close()


def before(**ago: float) -> datetime:
    return NOW - timedelta(**ago)


def test_nothing_waits(session: Session) -> None:
    found = pulse.pulse(session, NOW)
    assert (found.arrivals, found.lag, found.letter_age, found.errand_age) == (0, *[timedelta()] * 3)
    assert sum(map(sum, found.letters.values())) == 0
    assert found.parked == {"arrivals": 0, "letters": 0, "errands": 0}


def test_arrivals_wait_since_they_came(session: Session) -> None:
    for number, ago in enumerate((10, 400, 9000), 1):
        arrivals.keep(session, BOT, [(number, b"{}")], before(seconds=ago))
    done = session.exec(select(Arrival).order_by(col(Arrival.id).desc()).limit(1)).one()
    done.state = ArrivalState.DONE
    session.flush()
    found = pulse.pulse(session, NOW)
    assert (found.arrivals, found.lag) == (2, timedelta(seconds=400))
    done.state = ArrivalState.PARKED
    session.flush()
    found = pulse.pulse(session, NOW)
    assert (found.parked["arrivals"], found.newest["arrivals"]) == (1, done.id)


def say(session: Session, lane: Lane, **ago: float) -> Letter:
    made = letters.say(
        session, chats.chat_of(session, BOT, 1000), "sendMessage", {"text": "x"}, now=before(**ago), lane=lane
    )
    return session.get_one(Letter, made)


def test_letters_by_lane_and_age(session: Session) -> None:
    say(session, Lane.TALK, seconds=1)
    say(session, Lane.TALK, minutes=2)
    say(session, Lane.NOTICE, minutes=30)
    say(session, Lane.BULK, hours=5)
    say(session, Lane.BULK, hours=9).state = LetterState.SENT
    say(session, Lane.BULK, hours=9).state = LetterState.HELD
    say(session, Lane.BULK, hours=9).not_before = NOW + timedelta(minutes=1)
    parked = say(session, Lane.BULK, hours=9)
    parked.state = LetterState.PARKED
    session.flush()
    found = pulse.pulse(session, NOW)
    assert found.letters == {Lane.TALK: (1, 1, 0, 0), Lane.NOTICE: (0, 0, 1, 0), Lane.BULK: (0, 0, 0, 1)}
    assert (found.letter_age, found.held, found.parked["letters"]) == (timedelta(hours=5), 1, 1)
    assert found.newest["letters"] == parked.id


def test_errands_are_late_since_they_were_due(session: Session) -> None:
    for number, minutes in enumerate((20, 1, -10)):
        errands.send_on(session, BOT, "qr", {"n": number}, due_at=before(minutes=minutes))
    found = pulse.pulse(session, NOW)
    assert (found.errands, found.errand_age) == (2, timedelta(minutes=20))
    errands.park(session, session.exec(select(Errand.id).order_by(col(Errand.id))).first() or 0, "ValueError")
    found = pulse.pulse(session, NOW)
    assert (found.errands, found.parked["errands"]) == (1, 1)
    assert session.exec(select(Errand.state).order_by(col(Errand.id))).first() == ErrandState.PARKED
