"""People: added, found, changed, listed."""

import pytest
from sqlmodel import select

from storage import identity, journal, names, postings, roster, roster_list
from storage.people import Person, Role
from storage.refusals import Refusal
from tests.storage.asking import NOW
from tests.storage.county import Here

PHONE = "13812345678"


def _add(here: Here, name: str = "冯小军", telegram_id: int | None = 77, phone: str | None = None) -> Person:
    return roster.add_person(here.session, name, telegram_id=telegram_id, phone=phone, by=None, now=NOW)


def test_name_and_phone_are_sealed(here: Here) -> None:
    person = _add(here, phone="138 1234 5678")
    assert person.phone is not None
    for box in (person.name, person.phone):
        assert "冯小军".encode() not in box
        assert PHONE.encode() not in box
    assert names.full(here.session, person.id or 0) == "冯小军"
    assert here.journaled(f"person:{person.id}") == ["person.add"]


def test_a_person_is_found_by_account_and_phone(here: Here) -> None:
    person = _add(here, phone=PHONE)
    assert roster.by_telegram(here.session, 77) == person
    assert roster.by_phone(here.session, PHONE) == person
    assert roster.by_phone(here.session, "13900000000") is None
    assert roster.by_telegram(here.session, 78) is None


def test_an_account_and_a_phone_are_one_persons(here: Here) -> None:
    _add(here, phone=PHONE)
    with pytest.raises(Refusal):
        _add(here, "蒋大为", telegram_id=77)
    with pytest.raises(Refusal):
        _add(here, "蒋大为", telegram_id=78, phone=PHONE)


@pytest.mark.parametrize(("name", "phone"), [("", None), ("123", None), ("冯小军", "12"), ("冯小军", "abc")])
def test_what_cannot_be_is_refused(here: Here, name: str, phone: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        _add(here, name, phone=phone)
    assert "请" in refused.value.sentence


def test_the_same_person_is_found_again(here: Here) -> None:
    person = _add(here)
    again = roster.find_or_add(here.session, "冯 小军", telegram_id=77, by=None, now=NOW)
    assert again.id == person.id
    with pytest.raises(Refusal):
        roster.find_or_add(here.session, "蒋大为", telegram_id=77, by=None, now=NOW)
    other = roster.find_or_add(here.session, "冯小军", by=None, now=NOW)
    assert other.id != person.id, "without an account or phone two people may have one name"


def test_a_name_is_corrected(here: Here) -> None:
    person = _add(here)
    roster.rename(here.session, person.id or 0, "冯晓军", by=None, now=NOW)
    assert names.full(here.session, person.id or 0) == "冯晓军"
    assert here.journaled(f"person:{person.id}")[-1] == "person.rename"
    with pytest.raises(Refusal):
        roster.rename(here.session, 9999, "冯晓军", by=None, now=NOW)


def test_another_account_takes_the_place_of_the_old_one(here: Here) -> None:
    person = _add(here)
    postings.post(here.session, person.id or 0, Role.MEMBER, team_id=here.team("一队"), by=None, now=NOW)
    assert roster.bind_account(here.session, person.id or 0, 99, by=None, now=NOW) == 77
    assert identity.actor_of(here.session, 77, NOW) is None
    actor = identity.actor_of(here.session, 99, NOW)
    assert actor is not None
    assert actor.person_id == person.id
    assert here.journaled(f"person:{person.id}")[-1] == "person.account"


def test_an_account_of_somebody_else_is_not_taken(here: Here) -> None:
    _add(here)
    other = _add(here, "蒋大为", telegram_id=None)
    with pytest.raises(Refusal):
        roster.bind_account(here.session, other.id or 0, 77, by=None, now=NOW)


def test_the_same_account_again_notes_nothing(here: Here) -> None:
    person = _add(here)
    assert roster.bind_account(here.session, person.id or 0, 77, by=None, now=NOW) == 77
    assert here.journaled(f"person:{person.id}") == ["person.add"]


def test_a_language_is_one_we_speak(here: Here) -> None:
    person = here.person("王爱民")
    roster.speak(here.session, person, "en", NOW)
    assert here.actor("王爱民").language == "en"
    assert roster.language_of(here.session, person) == "en"
    with pytest.raises(Refusal):
        roster.speak(here.session, person, "xx", NOW)
    assert here.actor("王爱民").language == "en"


def test_ending_a_person_ends_every_posting(here: Here) -> None:
    person = here.person("李明")
    postings.post(here.session, person, Role.SUPERVISOR, region="120114", by=None, now=NOW)
    assert roster.end_person(here.session, person, by=None, now=NOW) == 2
    assert identity.actor(here.session, person, NOW) is None
    assert roster.end_person(here.session, person, by=None, now=NOW) == 0
    with pytest.raises(Refusal):
        roster.end_person(here.session, 9999, by=None, now=NOW)


def test_the_list_is_masked(here: Here) -> None:
    person = _add(here, phone=PHONE)
    postings.post(here.session, person.id or 0, Role.MEMBER, team_id=here.team("一队"), by=None, now=NOW)
    found = {one.person_id: one for one in roster_list.listed(here.session, NOW)}
    mine = found[person.id or 0]
    assert (mine.name, mine.phone, mine.team, mine.joined) == ("冯*军", "138****5678", "一队", True)
    assert found[here.person("王爱民")].joined is False
    assert here.person("郑强") not in found, "whose posting has ended is not listed"


def test_the_list_keeps_to_a_territory(here: Here) -> None:
    people = {one.person_id for one in roster_list.listed(here.session, NOW, "120114101")}
    assert people == {here.person("赵建国")}
    inside = {one.person_id for one in roster_list.listed(here.session, NOW, "120114001")}
    assert here.person("孙丽") in inside
    assert here.person("吴敏") not in inside, "posted to the whole county"


def test_a_leader_sees_the_own_team_by_whole_names_and_it_is_noted(here: Here) -> None:
    leader = here.actor("李明")
    found = roster_list.led(here.session, leader, NOW)
    assert [one.name for one in found] == ["王爱民", "李明"]
    reads = [one.record for one in here.session.exec(select(journal.JournalEntry)) if one.action == "read"]
    assert reads == [f"person:{leader.person_id}"], "one screen, one reading"
    assert roster_list.led(here.session, here.actor("孙丽"), NOW) == []


def test_an_administrator_sees_every_team(here: Here) -> None:
    found = {one.name for one in roster_list.led(here.session, here.actor("周正"), NOW)}
    assert found == {"王爱民", "李明", "赵建国"}
