"""Every command and every press × every role, from one's own county and from another: refused unless declared.

A new command or prefix is in this test without being named here: it is read from the menu and from handlers/keys.
"""

from typing import Any

import pytest
from sqlmodel import Session, select

import handlers
from handlers.filters import Command, Pressed
from handlers.menu import MENU
from storage import postings
from storage.arrivals import Arrival, ArrivalState
from storage.people import Person, Posting, Role
from storage.refusals import NotYourRole, Stranger
from storage.report import Report
from tests.bot.spine import BOT
from tests.handlers.office import NOW, SECRET, Office, office, record
from tests.world import CAST

__all__ = ["office", "record"]

ROLES = {
    "member": Role.MEMBER, "leader": Role.LEADER, "supervisor": Role.SUPERVISOR, "officer": Role.OFFICER,
    "admin": Role.ADMIN,
}  # fmt: skip
PREFIXES = sorted(
    handler_filter.callback.prefix.rstrip(":")
    for router in handlers.routers()
    for handler in router.callback_query.handlers
    for handler_filter in handler.filters or []
    if isinstance(handler_filter.callback, Pressed)
)
NASTY = (
    "",
    "1",
    "0",
    "-1",
    "999999999999999999999",
    "x",
    "1:1",
    "open:1",
    "set:1:village:120114004202",
    "1:2:3:4:5",
)


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.command)
@pytest.mark.parametrize("name", ROLES)
def test_a_command_is_for_its_roles_only(office: Office, entry: Any, name: str) -> None:
    said = office.say(name, f"/{entry.command}")
    assert said, "nobody is left without an answer"
    if ROLES[name] not in entry.roles:
        assert said == [NotYourRole(f"/{entry.command}").sentence]


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.command)
@pytest.mark.parametrize("word", ["latin", "chinese"])
def test_a_stranger_is_told_whom_to_ask_and_nothing_else(office: Office, entry: Any, word: str) -> None:
    said = office.say("stranger", f"/{entry.command}" if word == "latin" else entry.words[0])
    assert all("邀请" in text for text in said), said


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", ["outsider", "officer", "stranger"])
def test_forged_presses_show_nothing_and_park_nothing(
    office: Office, record: Report, prefix: str, name: str
) -> None:
    rests = {
        *NASTY,
        str(record.id),
        f"open:{record.id}",
        f"{record.id}:1",
        f"show:{record.id}",
        f"fix:{record.id}",
    }
    for rest in sorted(rests):
        data = f"{prefix}:{rest}"
        if len(data.encode()) <= 64:
            said = " ".join(office.press(name, data))
            assert SECRET not in said, data
            assert "李大山" not in said, data


@pytest.mark.parametrize("name", ["outsider", "officer", "stranger"])
@pytest.mark.parametrize("words", ["屋顶漏雨", "李大山", "ZF-20261117-0001", "0001", "老米店", "王磊"])
def test_a_query_never_reaches_beyond_ones_territory(
    office: Office, record: Report, name: str, words: str
) -> None:
    said = " ".join(office.say(name, f"/query {words}"))
    assert SECRET not in said
    assert record.number not in said.replace(words, "")


def test_those_it_concerns_do_see_it(office: Office, record: Report) -> None:
    """The other tests would pass if nobody saw anything."""
    for name in ("member", "leader", "supervisor", "admin", "colleague"):
        assert "屋顶漏雨" in " ".join(office.say(name, f"/query {record.number}")), name


def test_rights_end_with_the_posting(office: Office, record: Report) -> None:
    def end(session: Session) -> None:
        number = CAST["colleague"][0]
        person = session.exec(select(Person).where(Person.telegram_id == number)).one()
        posting = session.exec(select(Posting).where(Posting.person_id == person.id)).one()
        postings.end_posting(session, posting.id or 0, by=None, now=NOW)

    office.pen.submit(end).result()
    said = office.say("colleague", f"/query {record.number}")
    assert said == [Stranger().sentence]
    for prefix in PREFIXES:
        assert "屋顶漏雨" not in " ".join(office.press("colleague", f"{prefix}:{record.id}"))


def test_nothing_was_left_waiting(office: Office) -> None:
    waiting = office.pen.submit(
        lambda s: s.exec(select(Arrival.id).where(Arrival.state != ArrivalState.DONE)).all()
    )
    assert waiting.result() == []
    assert BOT == 42


def test_every_command_that_is_handled_is_in_the_menu_and_the_other_way_round() -> None:
    """One that is in no menu would be refused to everybody."""
    handled = {
        one.callback.latin
        for router in handlers.routers()
        for handler in router.message.handlers
        for one in handler.filters or []
        if isinstance(one.callback, Command)
    }
    assert handled == {entry.command for entry in MENU}
