"""Statements handed to the driver mean what they mean to SQLAlchemy."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlmodel import Session, SQLModel

from storage import chats, prepared
from storage.chats import Chat, ChatKind
from storage.letters import Lane, Letter, LetterState
from storage.prepared import run, run_many
from tests.storage.plain import NOW, open_session

CHATS, LETTERS = (SQLModel.metadata.tables[str(one.__tablename__)] for one in (Chat, Letter))
ADD = insert(CHATS).returning(CHATS.c.id)
FIND = select(CHATS.c.id, CHATS.c.kind, CHATS.c.not_before).where(CHATS.c.telegram_id == bindparam("number"))
ALL = select(CHATS.c.telegram_id).order_by(CHATS.c.id)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as one:
        yield one


def add(session: Session, number: int, **more: object) -> int:
    row = {"bot": 1, "telegram_id": number, "topic": 0, "kind": ChatKind.GROUP, "title": ""} | more
    made: int = run(session, ADD, **row).scalar_one()
    return made


def test_values_go_in_and_come_out_as_their_types(session: Session) -> None:
    local = datetime(2026, 11, 17, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    number = add(session, 7, not_before=local)
    found = run(session, FIND, number=7).first()
    assert found is not None
    assert (found.id, found.kind) == (number, ChatKind.GROUP)
    assert found.not_before == local
    assert found.not_before.tzinfo == UTC
    with pytest.raises(ValueError, match="naive"):
        add(session, 8, not_before=datetime(2026, 11, 17))  # noqa: DTZ001 - a naive time is what is refused


def test_the_same_is_read_by_the_orm(session: Session) -> None:
    add(session, 7, title="武清区")  # not for people: a title
    chat = chats.find_chat(session, 1, 7)
    assert chat is not None
    assert (chat.kind, chat.title, chat.region) == (ChatKind.GROUP, "武清区", None)


def test_rows_are_asked_in_each_usual_way(session: Session) -> None:
    assert run(session, ALL).first() is None
    assert run(session, ALL).scalar() is None
    assert run(session, ALL).all() == []
    for number in (5, 6):
        add(session, number)
    rows = run(session, ALL)
    assert rows.scalars() == [5, 6]
    assert [row.telegram_id for row in rows] == [5, 6]
    assert rows.scalar() == 5
    with pytest.raises(ValueError, match="too many"):
        rows.scalar_one()


def test_fixed_values_and_defaults_are_kept(session: Session) -> None:
    chat = add(session, 5)
    row = {"uid": "u", "bot": 1, "chat_id": chat, "method": "sendMessage", "created_at": NOW}
    run(session, insert(LETTERS), **row)
    letter = session.get_one(Letter, 1)
    assert (letter.lane, letter.state, letter.attempts) == (Lane.TALK, LetterState.WAITING, 0)
    sent = update(LETTERS).where(LETTERS.c.id == bindparam("one")).values(state=LetterState.SENT)
    assert run(session, sent, one=1).rowcount == 1
    assert run(session, sent, one=2).rowcount == 0
    session.refresh(letter)
    assert letter.state == LetterState.SENT


def test_each_set_of_names_is_a_statement_of_its_own(session: Session) -> None:
    statement = insert(CHATS)
    run(session, statement, bot=1, telegram_id=1)
    run(session, statement, bot=1, telegram_id=2, title="two")
    titles = run(session, select(CHATS.c.title).order_by(CHATS.c.id)).scalars()
    assert titles == ["", "two"]


def test_a_list_within_in_is_written_anew_each_time(session: Session) -> None:
    for number in (5, 6, 7):
        add(session, number)
    some = select(func.count()).where(CHATS.c.telegram_id.in_(bindparam("some", expanding=True)))
    assert run(session, some, some=[5, 6]).scalar_one() == 2
    assert run(session, some, some=[5]).scalar_one() == 1
    assert run(session, some, some=[]).scalar_one() == 0
    gone = update(CHATS).where(CHATS.c.telegram_id.in_(bindparam("some", expanding=True))).values(title="x")
    assert run(session, gone, some=[5, 6]).rowcount == 2


def test_many_rows_go_in_at_once(session: Session) -> None:
    rows = [{"bot": 1, "telegram_id": number, "not_before": NOW} for number in range(20)]
    run_many(session, insert(CHATS), rows)
    assert run(session, ALL).scalars() == list(range(20))


def test_errors_are_sqlalchemys_and_tell_no_values(session: Session) -> None:
    add(session, 5)
    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        add(session, 5, title="secret")
    assert "secret" not in str(refused.value)
    with pytest.raises(IntegrityError), session.begin_nested():
        run_many(session, insert(CHATS), [{"bot": 1, "telegram_id": 5, "topic": 0}])
    with pytest.raises((OperationalError, ProgrammingError)):
        run(session, text("select nothing from nowhere"))


def test_it_sees_and_joins_the_sessions_transaction(session: Session) -> None:
    chats.chat_of(session, 1, 9)
    assert run(session, ALL).scalars() == [9]
    nested = session.begin_nested()
    add(session, 10)
    nested.rollback()
    assert run(session, ALL).scalars() == [9]


def test_a_leak_of_statements_is_stopped(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "KEPT", 3)
    monkeypatch.setattr(prepared, "_kept", {})
    for number in range(20):
        run(session, select(CHATS.c.id).where(CHATS.c.id == number))
    assert len(prepared._kept) <= 4


def test_a_statement_within_anothers_rows_disturbs_it_not(session: Session) -> None:
    for number in (1, 2, 3):
        add(session, number)
    seen = [(one, run(session, FIND, number=one).scalar()) for one in run(session, ALL).scalars()]
    assert [one for one, _id in seen] == [1, 2, 3]
    assert len({key for _one, key in seen}) == 3


def test_the_same_moment_in_another_zone_is_the_same(session: Session) -> None:
    here = NOW.astimezone(timezone(timedelta(hours=8)))
    add(session, 1, not_before=NOW)
    add(session, 2, not_before=here)
    add(session, 3, not_before=NOW + timedelta(microseconds=1))
    found = [run(session, FIND, number=number).all()[0].not_before for number in (1, 2, 3)]
    assert found == [NOW, NOW, NOW + timedelta(microseconds=1)]
