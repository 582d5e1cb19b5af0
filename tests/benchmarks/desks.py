"""Two bots share a PostgreSQL database: their desks side by side, and one by one.

Every member's whole visit is preloaded a step at a time, for both bots; then the desks handle what waits, which alone
is measured. Server and desks share the machine, and its cores are what there is to gain.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from sqlalchemy import func
from sqlmodel import Session, col, select

from storage import arrivals, cards, chats, moving
from storage.arrivals import Arrival, ArrivalState
from storage.cards import Card
from storage.chats import Chat
from storage.db import Store
from storage.engines import read_engine, write_engine
from storage.report import Report
from storage.sealing import Keyring
from tests import postgres
from tests.benchmarks import processes, talks
from tests.benchmarks.installation import FIRST, FIRST_LEADER, MEMBERS, TEAMS
from tests.benchmarks.tables import Goal

TOKENS = ("42:BENCHMARK", "43:BENCHMARK")
LEAST, MOST_CPU = 1.3, 1.25
FULL, QUICK = (TEAMS * MEMBERS // 2, 3), (50, 2)
"""Members of each bot, and rounds."""


@dataclass
class Bot:
    """A bot, its members, and its desk's process."""

    number: int
    members: range
    desk: "subprocess.Popen[str]"

    def go(self) -> None:
        assert self.desk.stdin is not None
        self.desk.stdin.write("go\n")
        self.desk.stdin.flush()

    def heard(self) -> dict[str, float]:
        assert self.desk.stdout is not None
        line = self.desk.stdout.readline()
        assert line, "the desk has ended"
        return dict(json.loads(line))


@dataclass
class Round:
    """`seconds` until everything was handled, and processor time of desks and server."""

    seconds: float = 0.0
    cpu: float = 0.0
    updates: int = 0

    @property
    def cpu_us(self) -> float:
        return self.cpu / self.updates * 1e6


@dataclass
class Bench:
    store: Store
    bots: list[Bot]
    last: int = 0
    turns: int = field(default=0)

    def round(self, *, at_once: bool) -> Round:
        """A visit of every member of both bots."""
        self.turns += 1
        made = Round()
        for step in talks.VISIT:
            made.updates += sum(self._preload(bot, step) for bot in self.bots)
            server = _server_cpu()
            started = time.perf_counter()
            made.cpu += (
                self._handled(self.bots) if at_once else sum(self._handled([one]) for one in self.bots)
            )
            made.seconds += time.perf_counter() - started
            made.cpu += _server_cpu() - server
        return made

    def _handled(self, bots: list[Bot]) -> float:
        """Let these handle what waits, at once; the processor time of their desks."""
        for bot in bots:
            bot.go()
        return sum(bot.heard()["cpu"] for bot in bots)

    def _preload(self, bot: Bot, step: talks.Step) -> int:
        with self.store.writing() as session:
            made = [self._update(session, bot, member, step) for member in bot.members]
            rows = [(one["update_id"], orjson.dumps(one)) for one in made]
            return arrivals.keep(session, bot.number, rows, datetime.now(UTC))

    def _update(self, session: Session, bot: Bot, member: int, step: talks.Step) -> dict[str, Any]:
        self.last += 1
        person = {"id": member, "is_bot": False, "first_name": f"队员{member}"}  # not for people: made up
        chat = {"id": member, "type": "private", "first_name": person["first_name"]}
        about = {"message_id": self.last, "date": int(time.time()), "chat": chat, "from": person}
        if step.types:
            said = step.types.format(number=self.turns)
            return {"update_id": self.last, "message": about | {"text": said}}
        card, shown = _screen(session, bot.number, member)
        data = f"{talks.button(shown, step.presses, self.turns)}~{card.id}"
        message = about | {"message_id": 10**9 + (card.id or 0), "text": "…"}
        query = {"id": str(self.last), "from": person, "chat_instance": "1", "data": data, "message": message}
        return {"update_id": self.last, "callback_query": query}


def _screen(session: Session, bot: int, member: int) -> tuple[Card, dict[str, Any]]:
    """The latest card of a member, and what it shows."""
    newest = select(Card).join(Chat, col(Chat.id) == Card.chat_id)
    of_member = newest.where(Chat.bot == bot, Chat.telegram_id == member)
    card = session.exec(of_member.order_by(col(Card.id).desc()).limit(1)).one()
    return card, cards.wanted_of(session, card) or {}


def _server_cpu() -> float:
    """Of the server's processes that are there now."""
    return processes.cpu_seconds(postgres.server().processes())


@contextmanager
def bench(furnished: Path, folder: Path, members: int) -> Iterator[Bench]:
    """Two bots over a copy of the furnished installation, each with so many members of half the teams."""
    folder.mkdir()
    url = _database(furnished, folder)
    shutil.copy(furnished / "zhucun.key", folder)
    store = Store(url, Keyring.load(folder / "zhucun.key"))
    half = TEAMS // 2
    with store.writing() as session:
        for leader in range(FIRST_LEADER + half, FIRST_LEADER + TEAMS):
            chats.chat_of(session, 43, leader)
    bots = []
    try:
        for place, token in enumerate(TOKENS):
            command = [sys.executable, "-m", "tests.benchmarks.desk_process", url, str(folder), token]
            desk = subprocess.Popen(
                command, cwd=processes.PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            first = FIRST + place * half * MEMBERS
            bots.append(Bot(int(token.partition(":")[0]), range(first, first + members), desk))
        for bot in bots:
            bot.heard()
        yield Bench(store, bots)
    finally:
        for bot in bots:
            bot.desk.communicate()
        store.close()


def _database(furnished: Path, folder: Path) -> str:
    url = postgres.server().database(folder, empty=True)
    source, target = read_engine(f"sqlite:///{furnished / 'zhucun.db'}"), write_engine(url)
    moving.move(source, target, lambda _done, _all: None)
    source.dispose()
    target.dispose()
    return url


def measure(here: Bench, rounds: int) -> tuple[list[Round], list[Round]]:
    """Rounds one by one, and at once, in turns; a first one of each warms up."""
    alone: list[Round] = []
    together: list[Round] = []
    for number in range(rounds + 1):
        for at_once, found in ((False, alone), (True, together)):
            made = here.round(at_once=at_once)
            if number:
                found.append(made)
    check(here)
    return alone, together


def check(here: Bench) -> None:
    """Every visit is a report and nothing was put aside."""
    with here.store.reading() as session:
        parked = arrivals.count(session, ArrivalState.PARKED)
        waiting = session.exec(select(func.count()).where(Arrival.state == ArrivalState.WAITING)).one()
        reports = session.exec(select(func.count()).select_from(Report)).one()
    wanted = here.turns * sum(len(bot.members) for bot in here.bots)
    assert (parked, waiting, reports) == (0, 0, wanted), (parked, waiting, reports, wanted)


def goals(furnished: Path, *, quick: bool) -> list[Goal]:
    members, rounds = QUICK if quick else FULL
    with bench(furnished, furnished.parent / "desks", members) as here:
        alone, together = measure(here, rounds)
    told = {"one by one": alone, "two at once": together}
    for name, some in told.items():
        speeds = ", ".join(f"{one.updates / one.seconds:.0f}" for one in some)
        cpu = median(one.cpu_us for one in some)
        sys.stderr.write(f"desks on PostgreSQL, {name}: {speeds} updates/s, {cpu:,.0f} µs CPU an update\n")
    gain, cost = (
        median(getattr(one, what) for one in some) / median(getattr(one, what) for one in other)
        for what, some, other in (("seconds", alone, together), ("cpu_us", together, alone))
    )
    return [
        Goal("2.two_desks_on_postgresql_beside_one_by_one", gain, LEAST, least=True),
        Goal("2.two_desks_cpu_an_update_beside_one_by_one", cost, MOST_CPU),
    ]
