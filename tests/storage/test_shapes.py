"""Rows as objects: made and changed without pydantic, they are what any session would have made of them."""

from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlmodel import select

from storage.cards import Card
from storage.chats import Chat, ChatKind
from storage.db import fresh
from storage.draft import Draft
from storage.kinds.visit import Visit
from storage.photo import Photo
from storage.report import Report
from storage.shapes import plain, shape_of
from tests.storage.plain import open_session


def test_hot_tables_are_plain_enough() -> None:
    assert all(plain(entity) for entity in (Card, Chat, Draft, Report, Visit, Photo))


def test_a_shape_knows_the_key_and_the_defaults() -> None:
    shape = shape_of(Card)
    assert (shape.key, shape.names[shape.place]) == ("id", "id")
    assert shape.defaults["wanted_no"] == 1


def test_setting_an_attribute_is_a_change_that_is_written(tmp_path: Path) -> None:
    with open_session(tmp_path) as one:
        one.add(Chat(id=1, bot=1, telegram_id=5))
        one.flush()
        one.add(card := Card(chat_id=1))
        one.flush()
        card.wanted_no = 7
        assert inspect(card).attrs.wanted_no.history.added == [7]
        one.flush()
        one.expire_all()
        assert one.exec(select(Card.wanted_no)).one() == 7


def test_what_is_no_column_is_refused_as_ever() -> None:
    card = fresh(Card, uid="u", chat_id=1)
    with pytest.raises(ValueError, match="no field"):
        card.colour = "red"


def test_a_row_made_without_pydantic_has_its_defaults(tmp_path: Path) -> None:
    made = fresh(Chat, bot=1, telegram_id=5)
    assert (made.kind, made.title, made.id, made.topic) == (ChatKind.PRIVATE, "", None, 0)
    with open_session(tmp_path) as one:
        one.add(made)
        one.flush()
        assert one.exec(select(Chat.telegram_id, Chat.title)).all() == [(5, "")]
