"""Numbers that stood in a text are sealed, and nobody is shown a token."""

import json
from collections import Counter
from typing import Any

import pytest
from sqlmodel import select

from storage import answers, cards, drafts, letters, own_reports, private_numbers, reporting
from storage.chats import ChatKind
from storage.kinds import KINDS
from storage.kinds import hardship_life as life
from storage.letters import Letter
from storage.private_numbers import PrivateNumber, hide, told
from storage.redact import TOKEN
from storage.report import StepTaken
from storage.sealing import CannotOpen
from storage.showing import Degree
from tests.storage.asking import NOW, PLACES
from tests.storage.helping import step
from tests.storage.reporting_world import Desk

ID = "11010519491231002X"
PHONE = "13812345678"
CARD = "4111111111111111"
SAID = f"户主身份证{ID}，电话{PHONE}，卡号{CARD}。"


def kept(desk: Desk) -> list[PrivateNumber]:
    desk.session.flush()
    return list(desk.session.exec(select(PrivateNumber)))


def test_a_text_comes_back_as_it_was_only_in_full(desk: Desk) -> None:
    text = hide(desk.session, SAID, "a", NOW)
    assert len(TOKEN.findall(text)) == 3
    assert told(desk.session, text, Degree.FULL) == SAID
    assert told(desk.session, text, Degree.MASKED) == (
        "户主身份证1101**********002X，电话138****5678，卡号************1111。"
    )
    assert told(desk.session, text, Degree.NOTHING) == "户主身份证***，电话***，卡号***。"


def test_the_same_number_in_one_place_is_one_token(desk: Desk) -> None:
    text = hide(desk.session, f"{PHONE}，还是{PHONE}", "a", NOW)
    assert hide(desk.session, PHONE, "a", NOW) in text
    assert hide(desk.session, PHONE, "b", NOW) not in text
    assert Counter(one.origin for one in kept(desk)) == {"a": 1, "b": 1}
    assert hide(desk.session, text, "a", NOW) == text


def test_a_token_that_somebody_types_opens_nothing(desk: Desk) -> None:
    hide(desk.session, SAID, "a", NOW)
    assert told(desk.session, "给我[#abcdefghijklmnop]", Degree.FULL) == "给我***"


def test_a_token_that_was_cut_off_is_not_shown(desk: Desk) -> None:
    text = hide(desk.session, f"电话{PHONE}", "a", NOW)
    for length in range(5, len(text)):
        assert told(desk.session, text[:length] + "…", Degree.MASKED) == "电话***…"


def test_what_is_shown_is_no_longer_than_the_token(desk: Desk) -> None:
    for number in (ID, PHONE, CARD, "6217000010001234563", "（0311）88886666"):
        text = hide(desk.session, f"电话{number}", "a", NOW)
        assert len(told(desk.session, text, Degree.MASKED)) <= len(text)


def test_a_draft_holds_tokens_and_its_report_too(desk: Desk) -> None:
    draft = desk.visit(findings=SAID)
    report = desk.send(draft)
    found = str(answers.answers_of(desk.session, report)["findings"])
    assert not any(number in found for number in (ID, PHONE, CARD))
    assert told(desk.session, found, Degree.FULL) == SAID
    assert len(kept(desk)) == 3


def test_answers_given_without_a_draft_are_hidden_as_well(desk: Desk) -> None:
    given = {"village": PLACES[0], "household": 0, "purposes": ["look"], "findings": SAID}
    report = reporting.send(desk.session, KINDS["visit"], given, desk.actor(), NOW)
    assert TOKEN.search(str(answers.answers_of(desk.session, report)["findings"]))


def test_what_is_said_with_a_step_is_hidden(desk: Desk) -> None:
    report = desk.send(desk.case())
    step(desk, report, life.CONFIRM, findings=f"问过他本人{PHONE}")
    [taken] = desk.session.exec(select(StepTaken)).all()
    assert PHONE not in json.dumps([taken.note, taken.answers])
    assert TOKEN.search(taken.note or "")


def test_a_withdrawal_keeps_no_number(desk: Desk) -> None:
    report = desk.send(desk.visit())
    reporting.withdraw(desk.session, report, desk.actor(), f"打错了，应是{PHONE}", NOW)
    [taken] = desk.session.exec(select(StepTaken)).all()
    assert told(desk.session, taken.note or "", Degree.FULL) == f"打错了，应是{PHONE}"
    assert PHONE not in (taken.note or "")


def test_a_correction_shows_no_change_where_there_is_none(desk: Desk) -> None:
    report = desk.send(desk.visit(findings=SAID))
    draft = own_reports.change(desk.session, desk.chat(), report, desk.actor(), drafts.CORRECT, NOW)
    assert drafts.filling(desk.session, draft).answers == answers.answers_of(desk.session, report)


def test_words_without_a_place_are_hidden(desk: Desk) -> None:
    draft = desk.start()
    filled = drafts.filling(desk.session, draft)
    filled.loose, filled.said = SAID, {"7": ["findings", SAID, f"走访 {PHONE} "]}
    drafts.keep(desk.session, draft, filled, NOW)
    held = drafts.filling(desk.session, draft)
    assert not any(number in f"{held.loose}{held.said}" for number in (ID, PHONE, CARD))


def test_a_long_text_with_a_short_number_still_fits(desk: Desk) -> None:
    text = "长" * (4096 - len(f"电话{PHONE}")) + f"电话{PHONE}"
    report = desk.send(desk.visit(findings=text))
    assert told(desk.session, str(answers.answers_of(desk.session, report)["findings"]), Degree.FULL) == text


def _payload(desk: Desk, text: str) -> dict[str, Any]:
    button = {"text": text, "callback_data": "f:idle"}
    return {"text": text, "reply_markup": {"inline_keyboard": [[button]]}}


def test_no_letter_and_no_card_holds_a_token(desk: Desk) -> None:
    text = hide(desk.session, f"电话{PHONE}", "a", NOW)
    letter = letters.say(desk.session, desk.chat(), "sendMessage", _payload(desk, text), now=NOW)
    card = cards.show(desk.session, desk.chat(), _payload(desk, text), now=NOW)
    said = letters.payload_of(desk.session, desk.session.get_one(Letter, letter))
    assert said == cards.wanted_of(desk.session, card) == _payload(desk, "电话138****5678")


def test_a_group_sees_nothing_of_a_number(desk: Desk) -> None:
    text = hide(desk.session, f"电话{PHONE}", "a", NOW)
    group = desk.chat()
    group.kind = ChatKind.SUPERGROUP
    letter = letters.say(desk.session, group, "sendMessage", _payload(desk, text), now=NOW)
    assert letters.payload_of(desk.session, desk.session.get_one(Letter, letter)) == _payload(desk, "电话***")


def test_the_box_opens_nowhere_else(desk: Desk) -> None:
    hide(desk.session, f"电话{PHONE}，卡号{CARD}", "a", NOW)
    one, other = kept(desk)
    one.number, other.number = other.number, one.number
    desk.session.flush()
    for row in (one, other):
        with pytest.raises(CannotOpen):
            private_numbers.opened(desk.session, row)
