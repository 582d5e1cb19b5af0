"""An installation with its desk in this process, to which anybody says and presses anything."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import update as updating
from sqlmodel import Session, col, select

from bot.desk import Desk
from bot.hand import Hand
from bot.pen import Pen
from handlers import keys
from storage import arrivals, cards, letters
from storage.cards import Card
from storage.db import Store
from storage.draft import Draft
from storage.letters import Letter, LetterState
from storage.report import Report
from storage.sealing import Keyring
from tests import databases
from tests.bot.spine import BOT, TOKEN, arrive, press_update, text_update
from tests.world import CAST, furnish

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
SECRET = "屋顶漏雨的秘密"


@dataclass
class Office:
    """An installation with its desk, in this process."""

    pen: Pen
    desk: Desk
    count: int = 0

    def say(self, who: str | int, text: str) -> list[str]:
        """What the bot says when somebody of the cast (or of that Telegram account) says this."""
        self.count += 1
        return self._handled(text_update(self.count, _account(who), text))

    def press(self, who: str | int, data: str) -> list[str]:
        self.count += 1
        return self._handled(press_update(self.count, _account(who), 900_000 + self.count, data))

    def _handled(self, update: dict[str, Any]) -> list[str]:
        def begin(session: Session) -> int:
            session.exec(
                updating(Letter)
                .where(col(Letter.state) == LetterState.WAITING)
                .values(state=LetterState.SENT)
            )
            arrive(session, update, now=NOW)
            return session.exec(select(func.max(Letter.id))).one() or 0

        last = self.pen.submit(begin).result()
        asyncio.run(self._work())
        said, parked = self.pen.submit(
            lambda session: (_said(session, last), arrivals.parked(session))
        ).result()
        assert not parked, (update, [(one.id, one.error) for one in parked])
        return said

    async def _work(self) -> None:
        while await self.desk.step():
            pass


def _account(who: str | int) -> int:
    return who if isinstance(who, int) else CAST[who][0]


def _said(session: Session, last: int) -> list[str]:
    said = []
    for letter in session.exec(select(Letter).where(col(Letter.id) > last).order_by(col(Letter.id))).all():
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
    office.say("member", SECRET)
    office.press("member", f"{keys.FORMS}:send:{draft}")
    found = office.pen.submit(lambda session: session.exec(select(Report)).all()).result()
    assert len(found) == 1, "the record that the others try to see"
    assert found[0].number == "ZF-20261117-0001"
    return found[0]
