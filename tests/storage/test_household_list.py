"""Households as they are picked, searched and listed."""

import pytest
from sqlmodel import select

from storage import household_list
from storage.households import Household
from storage.journal import JournalEntry
from storage.refusals import Refusal
from storage.sealing import keyring, seal_text
from storage.showing import Degree
from tests.storage.asking import NOW, PLACES
from tests.storage.county import Here

NUMBERS = {"card": "WQ-00123", "phone": "13812345678", "id_number": "11010519491231002X"}


def _add(here: Here, name: str, village: str = PLACES[0], **numbers: str) -> Household:
    household = household_list.add(here.session, village, name, by=None, now=NOW)
    for field, number in numbers.items():
        setattr(household, field, seal_text(here.session, f"household.{field}", household.uid, number))
        index = "id_index" if field == "id_number" else f"{field}_index"
        setattr(household, index, keyring(here.session).index(f"household.{field}", number))
    here.session.flush()
    return household


def _reads(here: Here) -> list[str]:
    found = here.session.exec(select(JournalEntry).where(JournalEntry.action == "read"))
    return [one.record for one in found]


def test_a_village_lists_its_heads_and_notes_one_reading(here: Here) -> None:
    _add(here, "李大山")
    _add(here, "王秀英", card="WQ-00123")
    _add(here, "张铁柱", PLACES[1])
    found = household_list.heads(here.session, PLACES[0], here.person("王爱民"), "visit", NOW)
    assert [(one.name, one.card_tail) for one in found] == [("李大山", ""), ("王秀英", "0123")]
    assert _reads(here) == [f"village:{PLACES[0]}"]


def test_a_part_of_the_name_narrows_the_list(here: Here) -> None:
    for name in ("李大山", "李卫国", "王大力"):
        _add(here, name)
    actor = here.actor("王爱民")
    assert [one.name for one in household_list.search(here.session, actor, PLACES[0], "李", NOW)] == [
        "李大山",
        "李卫国",
    ]
    assert [one.name for one in household_list.search(here.session, actor, PLACES[0], "大 力", NOW)] == [
        "王大力"
    ]
    assert household_list.search(here.session, actor, PLACES[0], " ", NOW) == []
    assert household_list.search(here.session, actor, PLACES[0], "赵", NOW) == []


@pytest.mark.parametrize("field", NUMBERS)
def test_a_household_is_found_by_each_of_its_numbers(here: Here, field: str) -> None:
    household = _add(here, "李大山", **NUMBERS)
    actor = here.actor("王爱民")
    typed = NUMBERS[field].lower()
    [found] = household_list.search(here.session, actor, PLACES[0], typed, NOW)
    assert found.household_id == household.id
    assert _reads(here) == [f"household:{household.id}"]
    assert household_list.search(here.session, actor, PLACES[0], typed[:-1], NOW) == []


def test_a_number_finds_nothing_outside_the_territory(here: Here) -> None:
    _add(here, "李大山", PLACES[2], **NUMBERS)
    for name, count in {"王爱民": 0, "孙丽": 0, "吴敏": 0, "赵建国": 1, "周正": 1}.items():
        found = household_list.by_number(here.session, here.actor(name), NUMBERS["phone"], NOW)
        assert len(found) == count, name


def test_a_closed_household_is_not_offered(here: Here) -> None:
    household = _add(here, "李大山", **NUMBERS)
    household.closed = True
    here.session.flush()
    assert household_list.heads(here.session, PLACES[0], 1, "visit", NOW) == []
    assert household_list.by_number(here.session, here.actor("周正"), NUMBERS["card"], NOW) == []
    assert household_list.masked_list(here.session, [PLACES[0]]) == []


def test_a_new_household_needs_a_name_only(here: Here) -> None:
    household = household_list.add(here.session, PLACES[0], " 李 大山 ", by=7, now=NOW)
    assert household_list.name_of(here.session, household.id or 0) == "李大山"
    assert household_list.called(here.session, household.id or 0, Degree.MASKED) == "李*山"
    assert "李大山".encode() not in household.head
    assert here.journaled(f"household:{household.id}") == ["household.add"]


@pytest.mark.parametrize("name", ["", "123", "李" * 41])
def test_a_head_must_have_a_name(here: Here, name: str) -> None:
    with pytest.raises(Refusal):
        household_list.add(here.session, PLACES[0], name, by=None, now=NOW)


def test_the_list_outside_private_chats_is_masked(here: Here) -> None:
    _add(here, "李大山", **NUMBERS)
    [one] = household_list.masked_list(here.session, [PLACES[0]])
    assert (one.head, one.card, one.phone) == ("李*山", "****0123", "138****5678")
    assert one.id_number == "1101**********002X"
