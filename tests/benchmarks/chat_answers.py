"""Answers in chat among a great many reports: what somebody types or presses, until its answer is a letter.

Part of `python -m tests.benchmarks.console`, on the county that it filled. An arrival is kept by the pen and handled by
the desk, as in a running bot: understood, searched, counted, drawn, written and committed. Processor time of the
process, wall time beside it; Telegram and the delivery are left out.
"""

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from sqlmodel import Session, col, select

from bot.desk import Desk
from bot.hand import Hand
from bot.pen import Pen
from storage import arrivals, cards, chats, names, postings, roster
from storage.cards import Card
from storage.chats import Chat
from storage.db import Store
from storage.people import Role
from storage.places import Region
from storage.reading import Filter
from tests.benchmarks import talks
from tests.benchmarks.installation import BOT, COUNTY, FIRST
from tests.benchmarks.load import percentile
from tests.benchmarks.searching import DEEP, NOW, TIMES, County, plain_questions
from tests.benchmarks.tables import Goal

ACCOUNTS = {"team": FIRST, "town": 80_001, "all": 80_002}
"""Telegram's numbers of those who ask."""
ASKED = 60
OLDER = "较早"  # not for people: what a button says


class Taken(NamedTuple):
    """Seconds of one answer: of processor time, and on the wall."""

    cpu: float
    wall: float


@dataclass
class Chats:
    """People who ask, and the desk that answers them."""

    store: Store
    pen: Pen
    desk: Desk
    last: int = 0

    async def types(self, account: int, text: str) -> Taken:
        return await self._arrives(account, {"message": self._message(account) | {"text": text}})

    async def presses(self, account: int, label: str) -> Taken | None:
        """None where the newest card has no such button."""
        with self.store.reading() as session:
            card, shown = screen(session, account)
        if not any(label in said for said, _data in talks.labels(shown)):
            return None
        data = f"{talks.button(shown, label, 0)}~{card.id}"
        message = self._message(account) | {"message_id": 10**9 + (card.id or 0), "text": "…"}
        query = {"from": message["from"], "chat_instance": "1", "data": data, "message": message}
        return await self._arrives(account, {"callback_query": query | {"id": str(self.last + 1)}})

    def _message(self, account: int) -> dict[str, Any]:
        person = {"id": account, "is_bot": False, "first_name": f"{account}"}
        chat = {"id": account, "type": "private", "first_name": person["first_name"]}
        return {"message_id": self.last + 1, "date": int(NOW.timestamp()), "chat": chat, "from": person}

    async def _arrives(self, account: int, update: dict[str, Any]) -> Taken:
        """Until the desk's transaction is committed. Raises AssertionError when the answer is no card of an answer."""
        self.last += 1
        rows = [(self.last, orjson.dumps({"update_id": self.last, **update}))]
        cpu, wall = time.process_time(), time.perf_counter()
        await self.pen(lambda session: arrivals.keep(session, BOT, rows, NOW))
        handled = await self.desk.step()
        taken = Taken(time.process_time() - cpu, time.perf_counter() - wall)
        assert handled == 1
        with self.store.reading() as session:
            _card, shown = screen(session, account)
        assert "查询" in shown["text"], shown["text"]
        return taken


def screen(session: Session, account: int) -> tuple[Card, dict[str, Any]]:
    """The newest card in somebody's chat, and what it shows."""
    newest = select(Card).join(Chat, col(Chat.id) == Card.chat_id)
    of_account = newest.where(Chat.bot == BOT, Chat.telegram_id == account)
    card = session.exec(of_account.order_by(col(Card.id).desc()).limit(1)).one()
    return card, cards.wanted_of(session, card) or {}


def settle(store: Store, county: County, now: datetime = NOW) -> None:
    """Post the supervisor of a town and the administrator, and open everybody's chat."""
    town = county.villages[min(county.villages)][0][:9]
    with store.writing() as session:
        for who, role, region in (("town", Role.SUPERVISOR, town), ("all", Role.ADMIN, None)):
            person = roster.add_person(session, f"问{who}", telegram_id=ACCOUNTS[who], by=None, now=now)
            postings.post(session, person.id or 0, role, region=region, by=None, now=now)
        for account in ACCOUNTS.values():
            chats.chat_of(session, BOT, account)


def typed(session: Session, asked: Filter) -> str:
    """A question as somebody types it."""
    places = [names.spoken(session.get_one(Region, code).name) for code in asked.places]
    return " ".join(["查询", *places, *(["本队"] if asked.team_id is not None else []), asked.words])


def texts(store: Store, county: County, count: int) -> list[tuple[int, str]]:
    """Who types what. A team is asked for by its own people, the county by its administrator: its name says nothing to
    others."""
    with store.reading() as session:
        return [
            (ACCOUNTS[_asker(who, one)], typed(session, one))
            for who, one in plain_questions(county, random.Random(2), count)
        ]


def _asker(who: str, asked: Filter) -> str:
    if asked.team_id is not None:
        return "team"
    return "all" if asked.places == (COUNTY,) else who


async def answered(people: Chats, asked: list[tuple[int, str]]) -> list[Taken]:
    """Each question's first page, and the one five further on where there is one."""
    taken = []
    for account, text in asked:
        taken.append(await people.types(account, text))
        for place in range(1, DEEP + 1):
            turned = await people.presses(account, OLDER)
            if turned is None:
                break
            if place == DEEP:
                taken.append(turned)
    return taken


async def _rounds(store: Store, folder: Path, asked: list[tuple[int, str]]) -> list[list[Taken]]:
    pen = Pen(store)
    pen.start()
    try:
        people = Chats(store, pen, Desk(pen, f"{BOT}:BENCHMARK", "bench_bot", lambda: NOW, Hand(folder, BOT)))
        await answered(people, asked[:5])
        return [await answered(people, asked) for _ in range(TIMES)]
    finally:
        await asyncio.to_thread(pen.stop)


def least(rounds: list[list[Taken]]) -> Iterator[Taken]:
    """Of each answer the least times."""
    for some in zip(*rounds, strict=True):
        yield Taken(min(one.cpu for one in some), min(one.wall for one in some))


def goal(store: Store, folder: Path, county: County, count: int = ASKED, of: str = "") -> Goal:
    """What is promised of answers in chat, measured now; `of` tells how many reports there are."""
    settle(store, county)
    taken = list(least(asyncio.run(_rounds(store, folder, texts(store, county, count)))))
    cpu, wall = (percentile([one[place] for one in taken], 0.95) for place in (0, 1))
    sys.stderr.write(
        f"{len(taken)} answers in chat: {cpu * 1e3:.1f} ms at the 95th of a hundred, {wall * 1e3:.1f} on the wall\n"
    )
    return Goal(f"6.chat_answer_p95_ms{of}", cpu * 1e3, 60)
