"""Every command and every press × every role, from one's own county and from another: refused unless declared.

A new command or prefix is in this test without being named here: it is read from the menu and from handlers/keys.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update as updating
from sqlmodel import Session, col, select

import handlers
from bot.desk import Desk
from bot.hand import Hand
from bot.pen import Pen
from handlers import keys
from handlers.filters import Command, Pressed
from handlers.menu import MENU
from storage import arrivals, cards, letters, postings
from storage.arrivals import Arrival, ArrivalState
from storage.cards import Card
from storage.db import Store
from storage.draft import Draft
from storage.letters import Letter, LetterState
from storage.people import Person, Posting, Role
from storage.refusals import NotYourRole, Stranger
from storage.report import Report
from storage.sealing import Keyring
from tests import databases
from tests.bot.spine import BOT, TOKEN, arrive, press_update, text_update
from tests.world import CAST, furnish

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
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


@dataclass
class Office:
    """An installation with its desk, in this process."""

    pen: Pen
    desk: Desk
    count: int = 0

    def say(self, name: str, text: str) -> list[str]:
        """What the bot says when somebody of the cast says this."""
        self.count += 1
        return self._handled(text_update(self.count, CAST[name][0], text))

    def press(self, name: str, data: str) -> list[str]:
        self.count += 1
        return self._handled(press_update(self.count, CAST[name][0], 900_000 + self.count, data))

    def _handled(self, update: dict[str, Any]) -> list[str]:
        self.pen.submit(
            lambda session: session.exec(updating(Letter).values(state=LetterState.SENT)).rowcount
        ).result()
        before = self.pen.submit(lambda session: session.exec(select(Letter.id)).all()).result()
        self.pen.submit(lambda session: arrive(session, update, now=NOW)).result()
        asyncio.run(self._work())
        said = self.pen.submit(lambda session: _said(session, set(before))).result()
        parked = self.pen.submit(
            lambda session: [(one.id, one.error) for one in arrivals.parked(session)]
        ).result()
        assert not parked, (update, parked)
        return said

    async def _work(self) -> None:
        while await self.desk.step():
            pass


def _said(session: Session, before: set[int | None]) -> list[str]:
    said = []
    for letter in session.exec(select(Letter).order_by(col(Letter.id))).all():
        if letter.id not in before:
            card = session.get(Card, letter.card_id) if letter.card_id else None
            payload = (cards.wanted_of(session, card) if card else letters.payload_of(session, letter)) or {}
            said.append(str(payload.get("text") or payload.get("caption") or ""))
    return [text for text in said if text]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office") / "data"
    furnish(folder, NOW)
    store = Store(databases.url(folder / "zhucun.db"), Keyring.load(folder / "zhucun.key"))
    pen = Pen(store)
    pen.start()
    yield Office(pen, Desk(pen, TOKEN, "zhucun_demo_bot", lambda: NOW, Hand(folder, BOT)))
    pen.stop()
    store.close()


@pytest.fixture(scope="module")
def record(office: Office) -> Report:
    """A report of the member, with everything in it."""
    office.say("member", "/visit")
    draft = office.pen.submit(
        lambda s: s.exec(select(Draft.id).order_by(col(Draft.id).desc())).first()
    ).result()
    office.press("member", f"{keys.FORMS}:set:{draft}:household:1")
    office.press("member", f"{keys.FORMS}:set:{draft}:purposes:safety")
    office.say("member", "屋顶漏雨的秘密")
    office.press("member", f"{keys.FORMS}:send:{draft}")
    found = office.pen.submit(lambda session: session.exec(select(Report)).all()).result()
    assert len(found) == 1, "the record that the others try to see"
    assert found[0].number == "ZF-20261117-0001"
    return found[0]


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
            assert "屋顶漏雨的秘密" not in said, data
            assert "李大山" not in said, data


@pytest.mark.parametrize("name", ["outsider", "officer", "stranger"])
@pytest.mark.parametrize("words", ["屋顶漏雨", "李大山", "ZF-20261117-0001", "0001", "老米店", "王磊"])
def test_a_query_never_reaches_beyond_ones_territory(
    office: Office, record: Report, name: str, words: str
) -> None:
    said = " ".join(office.say(name, f"/query {words}"))
    assert "屋顶漏雨的秘密" not in said
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
