"""Rights begin and end with postings."""

from datetime import timedelta

import pytest

from storage import bots, chats, errands, identity, postings
from storage.people import Person, Posting, Role
from storage.refusals import Refusal
from tests.storage.asking import NOW
from tests.storage.county import Here


def test_a_posting_gives_a_role_from_now_on(here: Here) -> None:
    person = here.person("赵建国")
    postings.post(here.session, person, Role.LEADER, team_id=here.team("三队"), by=None, now=NOW)
    actor = here.actor("赵建国")
    assert actor.has(Role.LEADER)
    assert actor.teams(Role.LEADER) == (here.team("三队"),)
    assert here.journaled(f"person:{person}") == ["posting.begin"]


def test_the_same_posting_is_not_made_twice(here: Here) -> None:
    person, team = here.person("王爱民"), here.team("一队")
    before = postings.active(here.session, person, NOW)
    again = postings.post(here.session, person, Role.MEMBER, team_id=team, by=None, now=NOW)
    assert [again] == before
    assert here.journaled(f"person:{person}") == []


def test_an_ended_posting_leaves_no_right_at_once(here: Here) -> None:
    person = here.person("王爱民")
    [posting] = postings.active(here.session, person, NOW)
    postings.end_posting(here.session, posting.id or 0, by=here.person("周正"), now=NOW)
    assert identity.actor(here.session, person, NOW) is None
    assert here.journaled(f"person:{person}") == ["posting.end"]


def test_ending_twice_notes_it_once(here: Here) -> None:
    [posting] = postings.active(here.session, here.person("王爱民"), NOW)
    for _again in range(2):
        postings.end_posting(here.session, posting.id or 0, by=None, now=NOW)
    assert posting.ends_at == NOW
    assert here.journaled(f"person:{here.person('王爱民')}") == ["posting.end"]


@pytest.mark.parametrize(("days", "active"), [(-1, False), (0, True), (6, True), (7, False), (8, False)])
def test_a_posting_is_active_from_its_first_to_before_its_last_moment(
    here: Here, days: int, active: bool
) -> None:
    person = here.person("郑强")
    here.session.add(
        Posting(
            person_id=person, role=Role.MEMBER, team_id=here.team("二队"), starts_at=NOW,
            ends_at=NOW + timedelta(days=7),
        )
    )  # fmt: skip
    here.session.flush()
    assert bool(postings.active(here.session, person, NOW + timedelta(days=days))) is active


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEADER])
def test_members_and_leaders_need_a_team(here: Here, role: Role) -> None:
    with pytest.raises(Refusal):
        postings.post(here.session, here.person("王爱民"), role, region="120114", by=None, now=NOW)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICER])
def test_supervisors_and_officers_need_a_region(here: Here, role: Role) -> None:
    with pytest.raises(Refusal):
        postings.post(here.session, here.person("王爱民"), role, by=None, now=NOW)


def test_an_administrator_without_region_is_for_everywhere(here: Here) -> None:
    posting = postings.post(here.session, here.person("孙丽"), Role.ADMIN, by=None, now=NOW)
    assert (posting.team_id, posting.region) == (None, None)
    assert "" in here.actor("孙丽").regions(Role.ADMIN)


def test_a_role_with_a_region_takes_no_team(here: Here) -> None:
    posting = postings.post(
        here.session, here.person("王爱民"), Role.SUPERVISOR, team_id=here.team("一队"), region="120114", by=None,
        now=NOW,
    )  # fmt: skip
    assert posting.team_id is None


def test_a_team_lists_whoever_is_posted_in_it_now(here: Here) -> None:
    team = here.team("一队")
    names = {posting.person_id for posting in postings.of_team(here.session, team, NOW)}
    assert names == {here.person("王爱民"), here.person("李明")}
    [leader] = postings.of_team(here.session, team, NOW, Role.LEADER)
    assert leader.person_id == here.person("李明")


def test_the_menu_follows_a_new_role_where_a_bot_knows_the_chat(here: Here) -> None:
    here.session.get_one(Person, here.person("王爱民")).telegram_id = 1001
    bots.remember(here.session, 42, "demo_bot")
    postings.refresh_menu(here.session, here.person("王爱民"), NOW)
    assert errands.due(here.session, 42, NOW, 9) == [], "no chat, no menu"
    chat = chats.chat_of(here.session, 42, 1001)
    postings.post(here.session, here.person("王爱民"), Role.ADMIN, by=None, now=NOW)
    [errand] = errands.due(here.session, 42, NOW, 9)
    assert errand.kind == "commands"
    assert errands.body_of(here.session, errand) == {"chat_id": chat.id}
