"""Ways into the console: links, sessions, marks of forms, and how each of them ends."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage import console, journal, postings, roster
from storage.console import ConsoleLink, ConsoleSession, Visitor
from storage.refusals import NotYours, Refusal, SignedOut
from tests.storage.asking import NOW
from tests.storage.county import Here


def entered(here: Here, name: str) -> Visitor:
    token = console.enter(here.session, console.link(here.session, here.actor(name), NOW), NOW)
    return console.visitor(here.session, token, NOW)


def test_a_link_becomes_a_session_of_the_person_it_was_given_to(here: Here) -> None:
    visitor = entered(here, "孙丽")
    assert visitor.actor.person_id == here.person("孙丽")
    assert here.journaled(f"person:{here.person('孙丽')}") == ["console.link", "console.enter"]


@pytest.mark.parametrize("name", ["王爱民", "吴敏"])
def test_members_and_officers_have_none(here: Here, name: str) -> None:
    with pytest.raises(NotYours):
        console.link(here.session, here.actor(name), NOW)


def test_neither_token_is_kept(here: Here) -> None:
    link = console.link(here.session, here.actor("孙丽"), NOW)
    token = console.enter(here.session, link, NOW)
    kept = [
        one.model_dump()
        for table in (ConsoleLink, ConsoleSession)
        for one in here.session.exec(select(table))
    ]
    said = str(kept) + str(list(journal.lines(here.session)))
    assert len(kept) == 2
    assert link not in said
    assert token not in said


@pytest.mark.fault("expired link")
def test_a_link_opens_once_in_its_time_and_only_the_newest(here: Here) -> None:
    old, new = (console.link(here.session, here.actor("孙丽"), NOW) for _each in range(2))
    with pytest.raises(Refusal, match="Refusal"):
        console.enter(here.session, old, NOW)
    with pytest.raises(Refusal):
        console.enter(here.session, new, NOW + console.LINK)
    console.enter(here.session, new, NOW)
    with pytest.raises(Refusal):
        console.enter(here.session, new, NOW)
    with pytest.raises(Refusal):
        console.enter(here.session, "", NOW)


def test_a_session_ends_with_the_working_day_and_by_signing_out(here: Here) -> None:
    visitor = entered(here, "李明")
    console.visitor(here.session, visitor.token, NOW + console.SESSION - timedelta(seconds=1))
    with pytest.raises(SignedOut):
        console.visitor(here.session, visitor.token, NOW + console.SESSION)
    console.leave(here.session, visitor, NOW)
    with pytest.raises(SignedOut):
        console.visitor(here.session, visitor.token, NOW)
    with pytest.raises(SignedOut):
        console.visitor(here.session, "", NOW)


def test_the_end_of_a_posting_ends_session_and_link(here: Here) -> None:
    """For good: a new posting of the same person does not bring the old browser back."""
    person = here.person("李明")
    visitor, waiting = entered(here, "李明"), console.link(here.session, here.actor("李明"), NOW)
    (posting,) = postings.active(here.session, person, NOW)
    postings.end_posting(here.session, posting.id or 0, by=None, now=NOW)
    postings.post(here.session, person, posting.role, team_id=posting.team_id, by=None, now=NOW)
    with pytest.raises(SignedOut):
        console.visitor(here.session, visitor.token, NOW)
    with pytest.raises(Refusal):
        console.enter(here.session, waiting, NOW)


def test_another_phone_ends_it(here: Here) -> None:
    visitor = entered(here, "孙丽")
    roster.bind_account(here.session, here.person("孙丽"), 777, by=None, now=NOW)
    with pytest.raises(SignedOut):
        console.visitor(here.session, visitor.token, NOW)


@pytest.mark.fault("form posted twice")
def test_a_form_counts_once_and_only_in_its_own_session(here: Here) -> None:
    one, other = entered(here, "孙丽"), entered(here, "周正")
    mark = console.form(one)
    with pytest.raises(SignedOut):
        console.take(here.session, other, mark, NOW)
    assert console.take(here.session, one, mark, NOW)
    assert not console.take(here.session, one, mark, NOW)
    for forged in ("", ".", "x.y", mark[:-1], "x" + mark):
        with pytest.raises(SignedOut):
            console.take(here.session, one, forged, NOW)


def test_what_was_over_long_ago_is_forgotten(here: Here) -> None:
    entered(here, "孙丽")
    assert console.prune(here.session, NOW + console.KEPT) == 0
    assert console.prune(here.session, NOW + console.KEPT + console.SESSION + timedelta(minutes=1)) == 2
