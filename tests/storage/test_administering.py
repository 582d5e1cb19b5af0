"""People as an administrator sees and changes them: inside the own territory and no further."""

import pytest

from storage import administering, postings, roster
from storage.identity import Actor
from storage.people import Role
from storage.refusals import Gone, NotYours
from tests.storage.asking import NOW
from tests.storage.county import Here


def town_admin(here: Here) -> Actor:
    person = roster.add_person(here.session, "高莉", by=None, now=NOW).id or 0
    postings.post(here.session, person, Role.ADMIN, region="120114001", by=None, now=NOW)
    here.county.people["高莉"] = person
    return here.actor("高莉")


def test_whoever_is_posted_there_now_page_by_page(here: Here) -> None:
    admin = town_admin(here)
    found = administering.page(here.session, admin, NOW)
    assert {one.name for one in found} == {"王爱民", "李明", "孙丽", "高莉"}
    first = administering.page(here.session, admin, NOW, most=2)
    assert len(first) == 3
    rest = administering.page(here.session, admin, NOW, after=first[1].person_id, most=2)
    assert [one.name for one in rest] == [one.name for one in found[2:]]
    assert "周正" in {one.name for one in administering.page(here.session, here.actor("周正"), NOW)}


def test_a_person_with_their_postings_there_ended_ones_too(here: Here) -> None:
    admin = town_admin(here)
    gone = administering.one(here.session, admin, here.person("郑强"), NOW)
    assert (gone.posts[0].where, gone.posts[0].ends_at is not None) == ("一队", True)
    with pytest.raises(NotYours):
        administering.one(here.session, admin, here.person("赵建国"), NOW)
    with pytest.raises(Gone):
        administering.one(here.session, admin, 999, NOW)


def test_an_account_is_changed_by_whoever_could_give_all_its_rights(here: Here) -> None:
    """Else the administrator of a town could take over that of the county."""
    admin, person = town_admin(here), here.person("王爱民")
    administering.may_change(here.session, admin, person, NOW)
    postings.post(here.session, person, Role.SUPERVISOR, region="120114", by=None, now=NOW)
    with pytest.raises(NotYours):
        administering.may_change(here.session, admin, person, NOW)


def test_settings_are_those_of_the_own_territory(here: Here) -> None:
    admin = town_admin(here)
    administering.check(admin, "120114001")
    for region in ("", "120114", "120114101"):
        with pytest.raises(NotYours):
            administering.check(admin, region)
    administering.check(here.actor("周正"), "")
