"""A draft of a week: written by whoever manages the region, held and let go, numbers of people hidden."""

from datetime import timedelta

import pytest

from storage import casework, journal, week_drafts
from storage.people import Role
from storage.refusals import NotYours, Refusal
from storage.summaries import Scope
from tests.storage.reporting_world import Desk, desk

__all__ = ["desk"]
AREA, WEEK = "120114001", "2026-W47"


def draft(desk: Desk, name: str = "孙丽") -> week_drafts.WeeklyDraft:
    return week_drafts.find(desk.session, desk.actor(name), AREA, WEEK)


def test_only_whoever_manages_the_region(desk: Desk) -> None:
    assert draft(desk).region == AREA
    for name in ("王爱民", "李明"):
        with pytest.raises(NotYours):
            draft(desk, name)


def test_a_lead_is_kept_without_empty_lines_and_numbers_of_people(desk: Desk) -> None:
    week_drafts.write(desk.session, desk.actor("孙丽"), draft(desk), "防汛。 \n\n 有事打13812345678", desk.at)
    lead = week_drafts.lead_of(desk.session, Scope(AREA), WEEK)
    assert lead.splitlines()[0] == "防汛。"
    assert "13812345678" not in lead
    assert week_drafts.lead_of(desk.session, Scope(AREA, 1), WEEK) == ""
    assert week_drafts.lead_of(desk.session, Scope(AREA), "2026-W48") == ""


def test_nothing_takes_it_back(desk: Desk) -> None:
    made, actor = draft(desk), desk.actor("孙丽")
    week_drafts.write(desk.session, actor, made, "防汛", desk.at)
    week_drafts.write(desk.session, actor, made, "", desk.at)
    assert made.lead is None


def test_a_long_one_says_how_long_it_may_be(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        week_drafts.write(desk.session, desk.actor("孙丽"), draft(desk), "长" * 501, desk.at)
    assert "最多 500 个字，这段有 501 个" in refused.value.sentence


def test_held_until_let_go(desk: Desk) -> None:
    made, actor = draft(desk), desk.actor("孙丽")
    assert not week_drafts.release(desk.session, actor, made, desk.at)
    week_drafts.hold(desk.session, actor, made, desk.at)
    week_drafts.hold(desk.session, actor, made, desk.at + timedelta(minutes=1))
    assert week_drafts.held(desk.session, AREA, WEEK)
    assert week_drafts.release(desk.session, actor, made, desk.at)
    assert not week_drafts.held(desk.session, AREA, WEEK)
    lines = journal.history(desk.session, f"summary:{AREA}:{WEEK}")
    assert [one["action"] for one in lines] == ["summary.hold", "summary.release"]


def test_supervisors_are_asked_and_where_there_are_none_administrators(desk: Desk) -> None:
    found = [casework.nearest_managers(desk.session, region, desk.at) for region in (AREA, "99")]
    supervisor, administrator = desk.county.people["孙丽"], found[1]
    assert supervisor in found[0]
    roles = {one.role for one in casework.managers(desk.session, "99", desk.at)}
    assert (len(administrator), roles) == (1, {Role.ADMIN})
