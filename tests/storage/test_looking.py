"""Numbers are opened with a reason by those who work with the household; who looked is told to them."""

import json

import pytest
from sqlmodel import col, select

from storage import household_list, journal, looking, private_numbers
from storage.households import Household
from storage.journal import JournalEntry
from storage.kinds import hardship_life as life
from storage.looking import Reason
from storage.refusals import Gone, NotYours
from storage.report import Report
from storage.sealing import keyring, seal_text
from tests.storage.asking import NOW, PLACES
from tests.storage.helping import step
from tests.storage.reporting_world import Desk

PHONE, ID, TYPED = "13812345678", "11010519491231002X", "13987654321"


def known(desk: Desk, **numbers: str) -> Household:
    one = desk.session.get_one(Household, desk.households[0])
    for name, number in numbers.items():
        setattr(one, name, seal_text(desk.session, f"household.{name}", one.uid, number))
        index = "id_index" if name == "id_number" else f"{name}_index"
        setattr(one, index, keyring(desk.session).index(f"household.{name}", number))
    return one


def sent(desk: Desk, findings: str = f"他女儿的电话{TYPED}") -> Report:
    return desk.send(desk.visit(findings=findings))


def last_reading(desk: Desk) -> dict[str, str]:
    newest = select(JournalEntry).where(JournalEntry.action == "read").order_by(col(JournalEntry.id).desc())
    line = desk.session.exec(newest).first()
    assert line is not None
    found: dict[str, str] = json.loads(line.body or "")
    return found


def test_everything_is_opened_with_a_reason_and_journaled(desk: Desk) -> None:
    known(desk, phone=PHONE, id_number=ID, card="WQ-0001")
    report = sent(desk)
    lines = looking.opened(desk.session, desk.actor(), report, Reason.CALL, NOW)
    assert [one.text for one in lines] == [PHONE, ID, "WQ-0001", TYPED]
    said = last_reading(desk)
    assert (said["reason"], said["record"]) == ("call", f"report:{report.number}")
    assert said["field"] == "household.phone,household.id_number,household.card,text.phone"
    assert not any(number in json.dumps(said) for number in (PHONE, ID, TYPED))


@pytest.mark.parametrize("reason", ["", "open", "nosy", "核对身份"])
def test_without_a_reason_nothing_is_opened(desk: Desk, reason: str) -> None:
    report, before = sent(desk), len(desk.session.exec(select(JournalEntry)).all())
    with pytest.raises(Gone):
        looking.opened(desk.session, desk.actor(), report, reason, NOW)
    assert len(desk.session.exec(select(JournalEntry)).all()) == before


def test_another_teams_member_opens_nothing(desk: Desk) -> None:
    known(desk, phone=PHONE)
    report, other = sent(desk), desk.actor("赵建国")
    assert not looking.anything(desk.session, other, report)
    with pytest.raises(NotYours):
        looking.opened(desk.session, other, report, Reason.CHECK, NOW)
    with pytest.raises(NotYours):
        looking.readings(desk.session, other, report)


def test_an_officer_opens_nothing(desk: Desk) -> None:
    known(desk, phone=PHONE)
    report = sent(desk)
    report.author_id = desk.county.people["吴敏"]
    desk.session.flush()
    assert not looking.anything(desk.session, desk.actor("吴敏"), report)


def test_numbers_of_a_household_are_for_those_of_its_village(desk: Desk) -> None:
    """Whoever reported from there once sees the own report, not the household's numbers of today."""
    home = known(desk, phone=PHONE)
    report = sent(desk)
    home.village = PLACES[2]
    desk.session.flush()
    lines = looking.opened(desk.session, desk.actor(), report, Reason.CHECK, NOW)
    assert [one.text for one in lines] == [TYPED]


def test_steps_hold_numbers_too(desk: Desk) -> None:
    report = desk.send(desk.case())
    step(desk, report, life.CONFIRM, findings=f"问过本人{TYPED}")
    assert looking.anything(desk.session, desk.actor(), report)
    assert [one.text for one in looking.opened(desk.session, desk.actor(), report, Reason.CHECK, NOW)] == [
        TYPED
    ]


def test_there_is_nothing_to_open_where_nothing_is(desk: Desk) -> None:
    report = sent(desk, "屋顶漏雨")
    assert not looking.anything(desk.session, desk.actor(), report)
    assert looking.opened(desk.session, desk.actor(), report, Reason.CHECK, NOW) == []


def test_members_see_who_looked_at_the_household_by_any_report(desk: Desk) -> None:
    known(desk, phone=PHONE)
    report, other = sent(desk), sent(desk, "又去了一次")
    looking.opened(desk.session, desk.actor("孙丽"), report, Reason.AUDIT, NOW)
    household_list.by_number(desk.session, desk.actor("李明"), PHONE, NOW)
    journal.read(desk.session, None, "household.head", f"report:{other.number}", f"查{PHONE}", NOW)
    seen = looking.readings(desk.session, desk.actor(), other)
    people = desk.county.people
    assert [(one.by_id, one.why) for one in seen] == [
        (None, "查***"), (people["李明"], "查找"), (people["孙丽"], "检查核验")
    ]  # fmt: skip


def test_what_was_erased_is_not_listed(desk: Desk) -> None:
    report = sent(desk)
    looking.opened(desk.session, desk.actor(), report, Reason.AUDIT, NOW)
    for line in desk.session.exec(select(JournalEntry)):
        line.body = None
    assert looking.readings(desk.session, desk.actor(), report) == []


def test_tokens_of_another_report_do_not_belong_here(desk: Desk) -> None:
    """A member who pastes a token of somebody else's text gets it opened by nobody but those who saw it there."""
    secret = private_numbers.hide(desk.session, TYPED, "elsewhere", NOW)
    other = "y" if secret[-2] == "z" else "z"
    stolen = sent(desk, f"看看{secret[:-2]}{other}]")
    assert looking.opened(desk.session, desk.actor(), stolen, Reason.CHECK, NOW) == []
