"""What follows from questions and answers: the next one, the one before, the summary."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.forms import Text, flow
from storage.kinds import KINDS
from storage.refusals import Refusal

VISIT = KINDS["visit"].asks
USUAL: dict[str, Any] = {"village": "120114001001", "household": 3, "purposes": ["look"], "findings": "好"}
REQUIRED = ["village", "household", "purposes", "findings"]


def test_required_questions_come_in_turn_and_optional_ones_are_left() -> None:
    answers: dict[str, Any] = {}
    asked = []
    while (name := flow.next_question(VISIT, answers)) is not None:
        asked.append(name)
        answers = flow.put(VISIT, answers, name, USUAL[name])
    assert asked == REQUIRED
    assert flow.left(VISIT, answers) == ["photos", "place", "day", "companions"]


@given(st.permutations(REQUIRED))
def test_answers_in_any_order_leave_nothing_to_ask(order: list[str]) -> None:
    answers: dict[str, Any] = {}
    for name in order:
        answers = flow.put(VISIT, answers, name, USUAL[name])
    # A village answered after the household asks for the household again.
    again = order.index("village") > order.index("household")
    assert flow.next_question(VISIT, answers) == ("household" if again else None)


def test_nobody_and_nothing_are_answers_and_no_photo_is_not() -> None:
    answers = USUAL | {"household": 0}
    assert flow.next_question(VISIT, answers) is None
    case = {"village": "1", "household": 1, "category": "other", "causes": ["other"], "guarantees": []}
    assert flow.next_question(KINDS["hardship"].asks, case | {"urgency": "soon", "findings": "x"}) is None
    assert flow.next_question(KINDS["photo"].asks, {"village": "120114001001"}) == "photos"


def test_going_back_finds_the_last_answered_required_question() -> None:
    assert flow.before(VISIT, USUAL, "findings") == "purposes"
    assert flow.before(VISIT, USUAL, None) == "findings"
    assert flow.before(VISIT, {}, "household") is None
    assert flow.before(VISIT, {"village": "1"}, "household") == "village"


def test_another_village_asks_for_the_household_again_and_the_same_one_does_not() -> None:
    assert "household" not in flow.put(VISIT, USUAL, "village", "120114001002")
    assert flow.put(VISIT, USUAL, "village", USUAL["village"])["household"] == 3


def test_a_wrong_answer_leaves_the_others_alone() -> None:
    with pytest.raises(Refusal):
        flow.put(VISIT, USUAL, "purposes", "闲聊")
    assert USUAL["purposes"] == ["look"]


def test_words_are_appended_once() -> None:
    asks = {"findings": Text(label="情况", prompt="？", limit=10)}
    once = flow.append(asks, {"findings": "屋漏"}, "findings", "路断")
    assert once == {"findings": "屋漏\n路断"}
    assert flow.append(asks, once, "findings", "路断") == once
    with pytest.raises(Refusal):
        flow.append(asks, once, "findings", "字" * 9)


def test_stored_answers_of_unknown_questions_are_dropped_with_their_names() -> None:
    good, dropped = flow.reconcile(VISIT, USUAL | {"weather": "晴", "purposes": ["gone"]})
    assert good == {name: value for name, value in USUAL.items() if name != "purposes"}
    assert dropped == ["事由", "weather"] or dropped == ["weather", "事由"]


@given(
    st.dictionaries(
        st.sampled_from([*VISIT, "x"]), st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()))
    )
)
def test_whatever_was_stored_the_form_goes_on(stored: dict[str, Any]) -> None:
    good, dropped = flow.reconcile(VISIT, stored)
    assert set(good) <= set(VISIT)
    assert len(good) + len(dropped) == len(stored)
    flow.lines(VISIT, good, {"village": "本村", "household": "某户", "companions": "某人"})


def test_the_summary_has_the_answers_in_the_order_of_the_questions() -> None:
    shown = flow.lines(
        VISIT, dict(reversed(USUAL.items())) | {"photos": 3}, {"village": "大桃园村", "household": "李爱民"}
    )
    assert [(label, text) for _name, label, text in shown] == [
        ("村", "大桃园村"), ("户", "李爱民"), ("事由", "了解情况"), ("情况", "好"), ("照片", "3 张"),
    ]  # fmt: skip


def test_changes_tell_old_and_new_of_what_differs() -> None:
    old = [("a", "甲", "1"), ("b", "乙", "2"), ("c", "丙", "3")]
    new = [("a", "甲", "1"), ("b", "乙", "5"), ("d", "丁", "4")]
    assert flow.changes(old, new) == [("乙", "2", "5"), ("丙", "3", ""), ("丁", "", "4")]
    assert flow.changes(old, old) == []


def test_photos_places_and_words_find_their_question() -> None:
    assert flow.photo_question(VISIT, "findings") == "photos"
    assert flow.place_question(VISIT) == "place"
    assert flow.text_question(VISIT) == "findings"
    assert flow.place_question(KINDS["photo"].asks) is None
