"""The draft of a week: to those who supervise the region, two hours before the close, once; held means a reminder."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.jobs import draft_week
from storage import cards, identity, letters, week_drafts
from storage.cards import Card
from storage.chats import Chat
from storage.people import Role
from tests import weeks
from tests.bot.jobs_world import Place, place
from tests.weeks import CLOSE, COUNTY, W47

TWO = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10:00 in the county, when reminders go out."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path, towns=1, villages=2)
    with made.writing() as session:
        for number, (name, region) in enumerate((("孙丽", COUNTY), ("周强", "12"), ("吴敏", f"{COUNTY}001"))):
            person = weeks.add_person(session, name, Role.SUPERVISOR, region=region)
            weeks.add_chat(session, person, 7000 + number)
        weeks.fill(session, made.county, W47, seed=9, records=20)
    yield made
    made.store.close()


def shown(session: Session, chat: Chat) -> list[dict[str, Any]]:
    found = session.exec(select(Card).where(Card.chat_id == chat.id)).all()
    return [wanted for card in found if (wanted := cards.wanted_of(session, card))]


def supervisor(session: Session, name: int = 0) -> Any:
    chat = session.exec(select(Chat).where(Chat.telegram_id == 7000 + name)).one()
    actor = identity.actor_of(session, 7000 + name, CLOSE)
    assert actor is not None
    return chat, actor


def test_two_hours_before_the_close_and_once(here: Place) -> None:
    with here.writing() as session:
        assert draft_week.step(session, CLOSE - TWO - MINUTE) == {}
        assert draft_week.step(session, CLOSE - TWO) == {"drafts": 1, "held": 0, "lost": 0}
        assert draft_week.step(session, CLOSE - TWO + MINUTE) == {}
        chat, _actor = supervisor(session)
        (card,) = shown(session, chat)
    assert card["text"].startswith("<b>周报稿</b>，11-20 16:00 自动发出")
    assert "武清区 2026 年第 47 周 周报" in card["text"]
    labels = [key["text"] for row in card["reply_markup"]["inline_keyboard"] for key in row]
    assert labels == ["压下不发", "刷新"]


def test_to_the_nearest_supervisors_of_the_region_alone(here: Place) -> None:
    with here.writing() as session:
        draft_week.step(session, CLOSE - TWO)
        assert [len(shown(session, supervisor(session, number)[0])) for number in range(3)] == [1, 0, 0]
        assert here.said(session, here.group) == [], "the group hears nothing of a draft"


def test_after_an_outage_over_the_close_there_is_no_draft_of_a_told_week(here: Place) -> None:
    with here.writing() as session:
        assert draft_week.step(session, CLOSE + MINUTE) == {}


@pytest.mark.fault("two clocks at once")
def test_two_clocks_at_once_tell_once(here: Place) -> None:
    with here.writing() as session:
        draft_week.step(session, CLOSE - TWO)
    with here.writing() as session:
        assert draft_week.step(session, CLOSE - TWO) == {}


@pytest.mark.fault("weekly summary held over its close")
def test_held_over_the_close_is_reminded_at_once_and_on_working_days(here: Place) -> None:
    with here.writing() as session:
        chat, actor = supervisor(session)
        draft = week_drafts.find(session, actor, COUNTY, "2026-W47")
        week_drafts.hold(session, actor, draft, CLOSE - MINUTE)
        draft_week.step(session, CLOSE - MINUTE)
        assert draft_week.step(session, CLOSE)["held"] == 1
        assert draft_week.step(session, CLOSE + MINUTE) == {}
        assert draft_week.step(session, MONDAY - timedelta(days=1)) == {}, "nobody is reminded on Sunday"
        assert draft_week.step(session, MONDAY)["held"] == 1
        assert draft_week.step(session, MONDAY + MINUTE) == {}
        last = shown(session, chat)[-1]
        assert "还压着没有发出" in last["text"]
        week_drafts.release(session, actor, draft, MONDAY)
        assert draft_week.step(session, MONDAY + timedelta(days=1)) == {}


def test_a_group_that_was_unbound_has_no_draft(here: Place) -> None:
    with here.writing() as session:
        session.get_one(Chat, here.group).region = None
        assert draft_week.step(session, CLOSE - TWO) == {}


@pytest.mark.fault("group of a summary that is gone")
def test_supervisors_hear_once_that_a_week_waits_for_a_group_that_is_gone(here: Place) -> None:
    with here.writing() as session:
        group = session.get_one(Chat, here.group)
        text = {"text": "武清区 2026 年第 47 周 周报"}
        letters.say(
            session, group, "sendMessage", text, now=CLOSE, key=f"weekly:2026-W47:{COUNTY}:{group.id}:text"
        )
        assert draft_week.step(session, CLOSE + MINUTE) == {}, "it is on its way"
        group.unreachable_since = CLOSE
        letters.hold(session, here.group)
        night = CLOSE + timedelta(hours=14)
        assert draft_week.step(session, night).get("lost", 0) == 0, "not at night"
        assert draft_week.step(session, night + timedelta(hours=4))["lost"] == 1
        assert draft_week.step(session, night + timedelta(days=2)).get("lost", 0) == 0
        chat, _actor = supervisor(session)
        card = shown(session, chat)[-1]
    assert card["text"].startswith("武清区 2026-W47 的周报发不进管理组群")
    (((key),),) = card["reply_markup"]["inline_keyboard"]
    assert key["callback_data"] == "w:s:120114:2026-W47"
