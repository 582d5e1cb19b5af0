"""The card of a query where there is much to choose from, without a bot: what it shows and what its buttons lead to."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import insert
from sqlmodel import Session

from handlers import query_card
from handlers.turn import Button, Turn
from storage import chats, queries, understanding
from storage.identity import Actor
from storage.people import TeamVillage
from storage.places import Level, Region
from storage.reading import LIVE, Filter
from tests.storage.asking import NOW, County, new_store, settle

MANY = 10_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, County]]:
    """一队 looks after ten thousand villages, as nobody does."""
    store = new_store(str(tmp_path_factory.mktemp("query_card") / "z.db"))
    with store.writing() as session:
        county = settle(session)
        towns = [f"120114{300 + number}" for number in range(MANY // 500)]
        codes = [f"{town}{number:03d}" for town in towns for number in range(1, 501)]
        rows = [(town, f"第{town[-3:]}镇", Level.TOWN, "120114") for town in towns]
        rows += [(code, f"{code[-6:]}号村委会", Level.VILLAGE, code[:9]) for code in codes]
        names = ("code", "name", "level", "parent")
        session.connection().execute(insert(Region), [dict(zip(names, row, strict=True)) for row in rows])
        served = [{"team_id": county.teams["一队"], "village": code} for code in codes]
        session.connection().execute(insert(TeamVillage), served)
        yield session, county
    store.close()


def turn(session: Session, actor: Actor) -> Turn:
    return Turn(session, NOW, 42, "bot", chats.chat_of(session, 42, 1000), actor)


def said(rows: list[list[Button]]) -> dict[str, str]:
    return {one["text"]: one["callback_data"] for row in rows for one in row}


@pytest.mark.fault("ten thousand villages in one list")
def test_ten_thousand_villages_are_pages_of_a_list(world: tuple[Session, County]) -> None:
    session, county = world
    actor = county.actor(session, "王爱民")
    here = turn(session, actor)
    query = queries.keep(session, actor, Filter(states=LIVE), NOW)
    last, rows = MANY // query_card.MOST, list[list[Button]]()
    for page, around in ((0, {"下一页 ›"}), (50, {"‹ 上一页", "下一页 ›"}), (last, {"‹ 上一页"})):
        _text, rows = query_card.choose(here, query, "place", "", str(page))
        buttons = said(rows)
        assert len(buttons) <= 100, "Telegram takes no more"
        assert {one for one in buttons if "页" in one} == around
        shown = sum(":set:place:1" in data for data in buttons.values())
        assert shown == (query_card.MOST if page < last else MANY + 1 - last * query_card.MOST)
    assert query_card.choose(here, query, "place", "", "999999")[1] == rows, (
        "a page that is no more is the last"
    )
    assert query_card.page(here, query)[0].endswith("放宽条件。")


def test_a_village_among_ten_thousand_is_named(world: tuple[Session, County]) -> None:
    session, county = world
    asked = understanding.understand(session, county.actor(session, "王爱民"), "302007号村 漏雨", NOW)
    assert (asked.places, asked.words) == (("120114302007",), "漏雨")


def test_what_was_understood_can_be_taken_away(world: tuple[Session, County]) -> None:
    session, county = world
    actor = county.actor(session, "周正")
    asked = replace(Filter(states=LIVE), words="漏雨", authors=(county.people["李明"],))
    _text, rows = query_card.page(turn(session, actor), queries.keep(session, actor, asked, NOW))
    buttons = said(rows)
    assert {"✕ 漏雨", "✕ 李明", "类型：不限", "地点：不限", "时间：不限"} <= set(buttons)
