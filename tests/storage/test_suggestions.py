"""Suggestions: sealed, past leader and supervisor, answered once by somebody who may read them."""

import pytest

from storage import journal, suggestions
from storage.people import Role
from storage.refusals import Gone, NotYours, Refusal
from storage.suggestions import Suggestion
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]


def said(desk: Desk, text: str = "同一张表要了三次，问 13812345678") -> Suggestion:
    return suggestions.say(desk.session, desk.actor(), text, desk.at)


def administrator(desk: Desk) -> str:
    """The name of one who reads it."""
    readers = suggestions.readers(desk.session, desk.actor(), desk.at)
    return next(name for name, number in desk.county.people.items() if number in readers)


def test_it_is_sealed_and_the_journal_does_not_tell_what_it_says(desk: Desk) -> None:
    one = said(desk)
    assert "三次".encode() not in one.text
    assert suggestions.text_of(desk.session, one).startswith("同一张表要了三次")
    assert "138" not in suggestions.text_of(desk.session, one)
    (line,) = journal.history(desk.session, f"suggestion:{one.id}")
    assert "三次" not in str(line)


def test_administrators_read_it_and_neither_leader_nor_supervisor(desk: Desk) -> None:
    readers = suggestions.readers(desk.session, desk.actor(), desk.at)
    people = {name: desk.actor(name) for name in desk.county.people if desk.county.people[name] in readers}
    assert people
    assert all(actor.has(Role.ADMIN) for actor in people.values())
    assert desk.county.people["孙丽"] not in readers


def test_answered_once(desk: Desk) -> None:
    one, name = said(desk), administrator(desk)
    suggestions.answer(desk.session, desk.actor(name), one.id or 0, "下周起不要了", desk.at)
    assert suggestions.answer_of(desk.session, one) == "下周起不要了"
    with pytest.raises(Gone) as gone:
        suggestions.answer(desk.session, desk.actor(name), one.id or 0, "再说一遍", desk.at)
    assert "已经答复过了" in gone.value.sentence


@pytest.mark.parametrize("name", ["王爱民", "孙丽", "李明"])
def test_nobody_else_answers(desk: Desk, name: str) -> None:
    one = said(desk)
    with pytest.raises(NotYours):
        suggestions.answer(desk.session, desk.actor(name), one.id or 0, "x", desk.at)


def test_one_that_is_too_long_says_so_and_an_unknown_number_is_nobodys(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        said(desk, "长" * 1001)
    assert "最多 1000 个字" in refused.value.sentence
    with pytest.raises(NotYours):
        suggestions.answer(desk.session, desk.actor(administrator(desk)), 999, "x", desk.at)
