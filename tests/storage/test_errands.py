"""What is due of slow work: the bot's own and everybody's, oldest first, without what is under way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import errands
from tests.storage.plain import NOW, open_session

BOT, OTHER, ALL = 42, 43, 0


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as one:
        for bot, kind, minutes in (
            (BOT, "b", 1),
            (ALL, "a", 2),
            (OTHER, "x", 3),
            (BOT, "late", -1),
            (BOT, "c", 0),
        ):
            errands.send_on(one, bot, kind, {}, due_at=NOW - timedelta(minutes=minutes))
        yield one


def kinds(session: Session, limit: int = 9, not_these: tuple[int, ...] = ()) -> str:
    return "".join(one.kind for one in errands.due(session, BOT, NOW, limit, not_these))


def test_what_is_due_comes_oldest_first(session: Session) -> None:
    assert kinds(session) == "abc"


def test_what_is_under_way_takes_no_room(session: Session) -> None:
    first = errands.due(session, BOT, NOW, 1)[0]
    assert kinds(session, 2, (first.id or 0, 999)) == "bc"


def test_what_was_done_is_due_no_more(session: Session) -> None:
    errands.done(session, errands.due(session, BOT, NOW, 1)[0].id or 0)
    assert kinds(session, 1) == "b"
