"""Somebody is told the answer to a saved query: once a slot, of what is new, inside the territory they have by then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.jobs import told_queries
from storage import cards, chats, saved
from storage.cards import Card
from storage.people import Person, Posting
from storage.reading import LIVE, Filter
from tests.storage.asking import NOW, PLACES, County, add_full, new_store, settle

MONDAY = datetime(2026, 11, 23, 0, 31, tzinfo=UTC)
FRIDAY = NOW - timedelta(days=3)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Session, County]]:
    """孙丽 supervises the first town; two reports there and one of the other town, all of the last week."""
    store = new_store(str(tmp_path / "z.db"))
    with store.writing() as session:
        county = settle(session)
        session.get_one(Person, county.people["孙丽"]).telegram_id = 7001
        chats.chat_of(session, 42, 7001)
        for number, place in enumerate((PLACES[0], PLACES[1], PLACES[2])):
            answers = {"village": place, "household": None, "purposes": ["look"], "findings": "屋顶漏雨"}
            at = NOW + timedelta(minutes=number)
            add_full(
                session, "visit", county.people["赵建国"], answers, at=at, number=f"ZF-20261120-000{number}"
            )
        yield session, county
    store.close()


def subscribe(world: tuple[Session, County], cadence: str, asked: Filter) -> saved.SavedQuery:
    session, county = world
    one = saved.keep(session, county.actor(session, "孙丽"), asked, "漏雨<户>", FRIDAY)
    saved.tell(one, cadence, FRIDAY)
    session.flush()
    return one


def shown(session: Session) -> list[dict[str, Any]]:
    found = session.exec(select(Card).order_by(Card.id)).all()  # type: ignore[arg-type] # a column
    return [cards.wanted_of(session, card) or {} for card in found]


def test_the_answer_comes_on_monday_once(world: tuple[Session, County]) -> None:
    session, _county = world
    one = subscribe(world, saved.MONDAY, Filter(words="漏雨", states=LIVE, period="上周"))
    assert told_queries.step(session, MONDAY - timedelta(hours=1)) == {}
    assert told_queries.step(session, MONDAY) == {"queries": 1}
    assert told_queries.step(session, MONDAY + timedelta(minutes=1)) == {}
    (card,) = shown(session)
    assert card["text"].startswith("<b>★ 漏雨&lt;户&gt;</b>")
    assert "共 2 份" in card["text"]
    assert "ZF-20261120-0002" not in card["text"], "of the other town"
    data = [button["callback_data"] for row in card["reply_markup"]["inline_keyboard"] for button in row]
    assert data[-2:] == ["q:1:back", f"q:one:{one.id}"]
    assert [one.partition(":")[0] for one in data[:-2]] == ["o", "o"]
    assert told_queries.step(session, MONDAY + timedelta(days=7)) == {"queries": 1}
    assert "没有找到" in shown(session)[1]["text"], "on a Monday nothing is an answer too"


def test_on_working_days_only_what_is_new(world: tuple[Session, County]) -> None:
    session, county = world
    subscribe(world, saved.WORKDAY, Filter(words="漏雨", states=LIVE))
    assert told_queries.step(session, MONDAY) == {"queries": 1}
    assert told_queries.step(session, MONDAY + timedelta(days=1)) == {}, "nothing since"
    answers = {"village": PLACES[0], "household": None, "purposes": ["look"], "findings": "漏雨已修"}
    add_full(session, "visit", county.people["王爱民"], answers, at=MONDAY + timedelta(days=1), number="ZF-9")
    assert told_queries.step(session, MONDAY + timedelta(days=2)) == {"queries": 1}
    assert "共 1 份" in shown(session)[1]["text"]


def test_whoever_has_no_posting_any_more_is_told_nothing(world: tuple[Session, County]) -> None:
    session, county = world
    subscribe(world, saved.MONDAY, Filter(words="漏雨", states=LIVE))
    post = session.exec(select(Posting).where(Posting.person_id == county.people["孙丽"])).one()
    post.ends_at = NOW
    session.flush()
    assert told_queries.step(session, MONDAY) == {}
    assert shown(session) == []


def test_whoever_never_wrote_to_the_bot_is_left_out(world: tuple[Session, County]) -> None:
    session, county = world
    one = saved.keep(session, county.actor(session, "李明"), Filter(states=LIVE), "全部", FRIDAY)
    saved.tell(one, saved.MONDAY, FRIDAY)
    session.flush()
    assert told_queries.step(session, MONDAY) == {}
