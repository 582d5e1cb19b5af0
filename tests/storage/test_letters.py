"""Letters, cards, errands and chats as rows: said once, shown last, held and released, sealed at rest."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage import arrivals, cards, chats, claiming, delivering, errands, letters
from storage.chats import Chat, ChatKind
from storage.letters import Lane, Letter, LetterState
from tests.storage.plain import NOW, open_session

BOT = 42


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as one:
        yield one


@pytest.fixture
def chat(session: Session) -> Chat:
    return chats.chat_of(session, BOT, 7)


def claim(session: Session, *busy: tuple[int, int], most: int = 99) -> list[claiming.Claimed]:
    taken: list[int] = []

    def may(_number: int, _private: bool, lane: int) -> bool:
        taken.append(lane)
        return len(taken) <= most

    return claiming.claim(session, BOT, NOW, busy, may)


def test_a_chat_is_one_row_whatever_it_is_called(session: Session) -> None:
    first = chats.chat_of(session, BOT, -5, kind=ChatKind.GROUP, title="管理组")
    again = chats.chat_of(session, BOT, -5, kind=ChatKind.GROUP, title="新名字")
    assert first.id == again.id
    assert again.title == "新名字"
    assert chats.chat_of(session, BOT, -5, topic=3).id != first.id, "a topic is a chat of its own"
    assert chats.chat_of(session, 43, -5).id != first.id, "as is another bot's"


def test_the_words_of_a_letter_are_sealed_at_rest(session: Session, chat: Chat, tmp_path: Path) -> None:
    letters.say(session, chat, "sendMessage", {"text": "李大山 120114199001011234"}, now=NOW)
    cards.show(session, chat, {"text": "李大山 120114199001011234"}, now=NOW)
    errands.send_on(session, BOT, "photo", {"name": "120114199001011234"}, due_at=NOW)
    arrivals.keep(session, BOT, [(1, "李大山 120114199001011234".encode())], NOW)
    session.commit()
    at_rest = b"".join(path.read_bytes() for path in tmp_path.glob("zhucun.db*"))
    assert "李大山".encode() not in at_rest
    assert b"120114199001011234" not in at_rest


def test_answers_go_first_then_notices_then_the_broadcast(session: Session, chat: Chat) -> None:
    for lane in (Lane.BULK, Lane.NOTICE, Lane.TALK):
        letters.say(session, chat, "sendMessage", {"text": lane.name}, now=NOW, lane=lane)
    assert [one.lane for one in claim(session)] == [Lane.TALK, Lane.NOTICE, Lane.BULK]


def test_only_the_first_of_a_chat_and_lane_goes_at_a_time(session: Session, chat: Chat) -> None:
    for text in "一二":
        letters.say(session, chat, "sendMessage", {"text": text}, now=NOW)
    (first,) = claim(session)
    assert first.payload["text"] == "一"
    assert claim(session, (first.chat, Lane.TALK)) == [], "the second waits while the first is on its way"
    delivering.sent(session, first, 5, NOW)
    assert [one.payload["text"] for one in claim(session)] == ["二"]


def test_a_letter_put_off_holds_back_those_behind_it(session: Session, chat: Chat) -> None:
    for text in "一二":
        letters.say(session, chat, "sendMessage", {"text": text}, now=NOW)
    (first,) = claim(session)
    delivering.again(session, first.id, NOW + timedelta(seconds=5), None)
    assert claim(session) == []


def test_what_the_budget_does_not_allow_is_not_claimed(session: Session) -> None:
    for number in range(5):
        letters.say(session, chats.chat_of(session, BOT, number), "sendMessage", {"text": "x"}, now=NOW)
    assert len(claim(session, most=2)) == 2
    assert letters.count(session, LetterState.WAITING) == 3
    assert letters.count(session, LetterState.SENDING) == 2


def test_what_was_on_its_way_at_a_crash_is_in_doubt(session: Session, chat: Chat) -> None:
    letters.say(session, chat, "sendDocument", {"document": "x"}, now=NOW)
    claim(session)
    assert delivering.recover(session, BOT) == 1
    (again,) = claim(session)
    assert again.doubtful
    assert again.repeats_aloud


def test_one_bot_never_claims_anothers_letters(session: Session) -> None:
    letters.say(session, chats.chat_of(session, 43, 7), "sendMessage", {"text": "x"}, now=NOW)
    assert claim(session) == []


def test_letters_of_an_unreachable_chat_are_held_and_released_in_order(session: Session, chat: Chat) -> None:
    for text in "一二":
        letters.say(session, chat, "sendMessage", {"text": text}, now=NOW)
    (first,) = claim(session)
    delivering.unreachable(session, first, NOW)
    letters.say(session, chat, "sendMessage", {"text": "三"}, now=NOW)
    cards.show(session, chat, {"text": "四"}, now=NOW)
    assert letters.count(session, LetterState.HELD) == 4
    chat.unreachable_since = None
    assert letters.release(session, chat.id or 0) == 4
    assert [one.payload["text"] for one in claim(session)] == ["一"]


def test_a_card_is_found_by_its_own_number_and_by_telegrams(session: Session, chat: Chat) -> None:
    card = cards.show(session, chat, {"text": "一"}, now=NOW)
    cards.adopt(session, chat, card.id or 0, 500)
    assert cards.find(session, chat, 500) is card
    assert cards.find(session, chat, -(card.id or 0)) is card
    other = chats.chat_of(session, BOT, 8)
    assert cards.find(session, other, -(card.id or 0)) is None, "not from another chat"
    cards.adopt(session, chat, card.id or 0, 501)
    assert card.message_id == 500, "an id once known is kept"


def test_a_card_shown_and_removed_before_it_was_sent_is_never_sent(session: Session, chat: Chat) -> None:
    card = cards.show(session, chat, {"text": "一"}, now=NOW)
    cards.remove(session, chat, card, NOW)
    session.flush()
    (only,) = claim(session)
    assert only.method == ""


def test_a_migrated_group_keeps_its_binding_and_joins_what_came_first(session: Session) -> None:
    group = chats.chat_of(session, BOT, -5, kind=ChatKind.GROUP, title="管理组")
    group.region = "120114"
    letters.say(session, group, "sendMessage", {"text": "旧"}, now=NOW)
    early = chats.chat_of(session, BOT, -1005, kind=ChatKind.SUPERGROUP)
    letters.say(session, early, "sendMessage", {"text": "新"}, now=NOW)
    delivering.migrate(session, group.id or 0, -1005)
    session.flush()
    (row,) = session.exec(select(Chat).where(Chat.telegram_id == -1005)).all()
    assert (row.id, row.region) == (group.id, "120114")
    assert {one.chat_id for one in session.exec(select(Letter)).all()} == {group.id}
    delivering.migrate(session, row.id or 0, -1005)


def test_old_letters_lose_their_words(session: Session, chat: Chat) -> None:
    letters.say(session, chat, "sendMessage", {"text": "x"}, now=NOW)
    (one,) = claim(session)
    delivering.sent(session, one, 5, NOW)
    assert delivering.prune(session, NOW + timedelta(days=6)) == 0
    assert delivering.prune(session, NOW + timedelta(days=8)) == 1


def test_errands_come_due_in_order_and_wait_for_their_time(session: Session) -> None:
    late = errands.send_on(session, BOT, "a", {}, due_at=NOW + timedelta(hours=1))
    now = errands.send_on(session, BOT, "b", {}, due_at=NOW)
    assert late is not None
    assert now is not None
    assert [one.kind for one in errands.due(session, BOT, NOW, 5)] == ["b"]
    errands.later(session, now.id or 0, NOW + timedelta(hours=2), "NotSentError")
    assert [one.kind for one in errands.due(session, BOT, NOW + timedelta(hours=3), 5)] == ["a", "b"]
    assert errands.due(session, BOT, NOW + timedelta(hours=3), 5, [late.id or 0, now.id or 0]) == []
