"""Drafts: several, kept whatever happens, one in focus."""

import pytest
from sqlmodel import select

from storage import drafts
from storage.draft import Draft, DraftState, focused
from storage.drafts import Filling
from storage.people import Person
from storage.refusals import Gone, NotYours, Refusal
from storage.sealing import seal_json
from tests.storage.asking import PLACES
from tests.storage.reporting_world import Desk


def test_a_draft_begins_with_the_village_and_asks_what_is_missing(desk: Desk) -> None:
    draft = desk.start()
    assert drafts.filling(desk.session, draft).answers == {"village": PLACES[0]}
    assert draft.asking == "household"
    assert focused(desk.session, desk.chat().id or 0) is draft


def test_the_village_is_the_default_then_the_last_then_the_first(desk: Desk) -> None:
    assert drafts.usual_village(desk.session, desk.actor()) == PLACES[0]
    desk.session.get_one(Person, desk.county.people["王爱民"]).default_village = None
    desk.session.flush()
    assert drafts.usual_village(desk.session, desk.actor()) == PLACES[0]
    assert drafts.usual_village(desk.session, desk.actor("孙丽")) is None


def test_what_is_kept_is_sealed(desk: Desk) -> None:
    draft = desk.visit(findings="李爱民家屋顶漏雨")
    assert "李爱民".encode() not in draft.answers
    assert drafts.filling(desk.session, draft).answers["findings"] == "李爱民家屋顶漏雨"


def test_a_second_draft_takes_the_focus_and_the_first_is_kept(desk: Desk) -> None:
    first = desk.visit()
    desk.later(minutes=1)
    second = desk.start("photo")
    assert focused(desk.session, desk.chat().id or 0) is second
    assert drafts.open_ones(desk.session, desk.actor()) == [second, first]
    drafts.use(desk.session, first)
    assert focused(desk.session, desk.chat().id or 0) is first


def test_a_draft_of_an_older_form_goes_on_with_a_note(desk: Desk) -> None:
    draft = desk.visit()
    held = {"answers": {"village": PLACES[0], "weather": "晴", "findings": "好"}, "said": {}, "loose": None}
    draft.answers = seal_json(desk.session, "draft.answers", draft.uid, held)
    filled = drafts.filling(desk.session, draft)
    assert filled.answers == {"village": PLACES[0], "findings": "好"}
    assert filled.dropped == ["weather"]
    drafts.move_on(desk.session, draft)
    assert draft.asking == "household"


def test_a_draft_of_a_kind_that_is_gone_says_so_and_is_kept(desk: Desk) -> None:
    draft = desk.visit()
    draft.kind = "telepathy"
    with pytest.raises(Gone) as gone:
        drafts.filling(desk.session, draft)
    assert "联系管理员" in gone.value.sentence


def test_photos_are_counted_from_their_rows_and_one_sent_twice_once(desk: Desk) -> None:
    draft = desk.start("photo")
    assert desk.photo("a", draft=draft) is not None
    assert desk.photo("a", draft=draft) is None
    assert desk.photo("b", draft=draft) is not None
    filled = drafts.filling(desk.session, draft)
    assert filled.answers["photos"] == 2
    drafts.keep(desk.session, draft, filled, desk.at)
    drafts.move_on(desk.session, draft)
    assert draft.asking is None


def test_a_draft_given_up_can_be_taken_up_again_with_all_it_held(desk: Desk) -> None:
    draft = desk.visit()
    drafts.cancel(desk.session, draft, desk.at)
    assert focused(desk.session, desk.chat().id or 0) is None
    assert drafts.open_ones(desk.session, desk.actor()) == []
    drafts.restore(desk.session, draft, desk.at)
    assert draft.state == DraftState.OPEN
    assert drafts.filling(desk.session, draft).answers["findings"] == "屋顶漏雨"


def test_a_sent_draft_cannot_be_given_up(desk: Desk) -> None:
    draft = desk.visit()
    desk.send(draft)
    with pytest.raises(Refusal) as refused:
        drafts.cancel(desk.session, draft, desk.at)
    assert "撤回" in refused.value.sentence


def test_nobody_touches_the_drafts_of_others(desk: Desk) -> None:
    draft = desk.visit()
    with pytest.raises(NotYours):
        drafts.own(desk.session, draft.id or 0, desk.actor("李明"))
    with pytest.raises(Gone):
        drafts.own(desk.session, 999, desk.actor())


def test_a_draft_with_only_what_goes_without_saying_is_empty(desk: Desk) -> None:
    assert drafts.empty(desk.session, desk.start())
    assert not drafts.empty(desk.session, desk.visit())
    waiting = desk.start()
    drafts.keep(desk.session, waiting, Filling(loose="王麻子"), desk.at)
    assert not drafts.empty(desk.session, waiting)


def test_words_without_a_report_become_the_findings_of_any_kind(desk: Desk) -> None:
    note = desk.start(drafts.NOTE, findings="屋顶漏雨")
    drafts.become(desk.session, note, "hardship", desk.actor(), desk.at)
    assert note.asking == "household"
    assert drafts.filling(desk.session, note).answers == {"village": PLACES[0], "findings": "屋顶漏雨"}


def test_a_message_finds_the_draft_that_took_its_words(desk: Desk) -> None:
    draft = desk.visit()
    filled = drafts.filling(desk.session, draft)
    filled.said["77"] = ["findings", "屋顶漏雨", ""]
    drafts.keep(desk.session, draft, filled, desk.at)
    desk.start("photo")
    found = drafts.of_message(desk.session, desk.chat(), 77)
    assert found is not None
    assert found[0] is draft
    assert drafts.of_message(desk.session, desk.chat(), 78) is None
    assert drafts.of_message(desk.session, desk.chat("李明"), 77) is None


def test_drafts_are_rows_that_another_session_reads(desk: Desk) -> None:
    draft = desk.visit()
    desk.session.expire_all()
    again = desk.session.exec(select(Draft).where(Draft.id == draft.id)).one()
    assert drafts.filling(desk.session, again).answers["purposes"] == ["policy"]
