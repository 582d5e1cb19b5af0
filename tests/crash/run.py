"""One run: an installation, people at work, a bot that dies again and again; then the rest is waited for, and
everything is exported to be counted."""

import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import col, delete

from storage import errands, identity, saved
from storage.errands import Errand
from storage.files import Files, path_of
from storage.installation import Gap
from storage.reading import Filter
from storage.retention import Retained, RetentionRule
from tests import bucket, databases
from tests.crash.counties import HERE, OWING, THERE, County, enter, furnish_owing, furnish_there, homes
from tests.crash.deaths import RANDOM, Death
from tests.crash.lives import DeadError, Lives, died
from tests.crash.modes import BOTS, WHOLE, Mode
from tests.crash.people import People
from tests.phone import Json, Sandbox
from tests.starter import Starter
from tests.storage.asking import add_full, add_photo
from tests.world import CAST, CLOCK, COUNTY, VILLAGE, World, furnish

OTHER_BOT = 99
OLD = "ZF-20241221-0001"
"""A report that is kept no longer."""
PATIENCE = 120.0
"""Seconds in which a point must be reached, and for all that waits at the end."""
DUE = {
    "alike": "select count(*) > 0 from likeness join photo a on a.id = photo_id join photo b on b.id = earlier_id"
    " where told_at is null and a.report_id <> b.report_id",
    "morning": "select count(*) > 0 from draft where state = 'open' and reminded_at is null and not focus",
}
"""What must be so before the clock is moved, or the job of that moment has nothing to do: two reports with photos that
are alike, a draft that somebody has left for another one."""
LATER = 1.5
"""Seconds of life, at most, before a death at a random moment."""


@dataclass
class Run:
    """One folder: the data folder, the record of what happened, the exports. `worlds`: one of each bot."""

    folder: Path
    worlds: tuple[World, ...]
    starter: Starter
    dice: random.Random
    lives: Lives
    photos: bucket.Bucket | None = None
    points: set[str] = field(default_factory=set)
    people: list[People] = field(default_factory=list)
    moved: datetime = field(default_factory=lambda: datetime.fromisoformat(CLOCK))

    @property
    def world(self) -> World:
        return self.worlds[0]

    @property
    def data(self) -> Path:
        return self.world.folder

    @property
    def mode(self) -> Mode:
        return self.lives.mode

    def watch(self) -> None:
        """Raise what went wrong with the people so far."""
        for one in self.people:
            one.check()

    # lives

    def start(self, death: Death | None = None, bot: int | None = None) -> None:
        """Begin a life; without a death it is one that only looks on."""
        if known := self.lives.start(death, bot):
            self.buried(Death(RANDOM), known)

    def dies(self, death: Death) -> None:
        """One death. What waits at a start is taken alone in hand, so for that point something has to wait: while
        the desk is dead alone, people see to that."""
        bot = self.dice.choice(BOTS[: self.mode.bots])
        if death.point == "desk.taken" and not self.mode.apart:
            while not self.says(f"select count(*) > 0 from arrival where state = 'waiting' and bot = {bot}"):
                self.life(Death(f"{self.mode.taking}.kept", 2), bot)
        self.life(death, bot)

    def life(self, death: Death, bot: int) -> None:
        """One life and its end, however it comes."""
        self.start(death, bot)
        if death.move:
            with suppress(DeadError):  # what is due each hour may be so before the clock is moved
                self.move(death.move)
        if death.point == RANDOM:
            self.world.sandbox.calls(after=10**9, wait=self.dice.uniform(0.02, LATER))
        else:
            code = self.lives.ended(PATIENCE, self.watch)
            said = "was not reached" if code is None else f"was not what ended it, with {code},"
            assert died(code), f"{death} {said} in {PATIENCE:g} s\n{self.world.log[-2000:]}"
        gone = self.lives.with_others()
        self.points.add(death.point)
        self.buried(death, gone)
        if death.point == "job.alarm.done":
            self._relieved()

    def kill(self) -> None:
        """kill -9 of everything, noted as a death at no point."""
        self.buried(Death(RANDOM), self.lives.kill())

    def buried(self, death: Death, gone: list[str]) -> None:
        """Note who died, and what was the last message of any chat then, by bot for the private ones and by group: the
        sandbox gets nothing of them any more."""
        last: dict[str, dict[str, int]] = {"private": {}, "groups": {}}
        for one in self.world.sandbox.get("messages", after=0)["messages"]:
            kind, whose = ("private", one["bot"]) if one["chat"] > 0 else ("groups", one["chat"])
            last[kind][str(whose)] = max(last[kind].get(str(whose), 0), one["message_id"])
        self.note("lives", {"point": death.point, "nth": death.nth, "parts": gone, **last})

    def note(self, name: str, line: Json) -> None:
        with (self.folder / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    # the clock

    def move(self, why: str) -> None:
        """To the next moment when something of that kind is due. The summaries of one week are waited for before
        the next one closes: of two that close at once only the latter is announced. A digest has something to say."""
        now = datetime.fromisoformat(self.world.sandbox.now())
        to = next_moment(now, why)
        if next_moment(now, "close") <= to:
            self.until("select count(*) = 0 from errand where state = 'waiting' and kind = 'weekly'")
        if why == "digest":
            said = (
                f"village like '{COUNTY}%' and sent_at > '{self.moved.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00'"
            )
            self.until(f"select count(*) > 0 from report where {said}")
        if why in DUE:
            self.until(DUE[why])
        if why == "gap":
            self._restored()
        if why == "stuck":
            self._stuck()
        if why == "old":
            self._aged()
        # Waiting took its time, and the clock went on.
        to = next_moment(datetime.fromisoformat(self.world.sandbox.now()), why)
        self.world.sandbox.clock_to(to.isoformat())
        self.moved = to
        self.note("moves", {"from": now.isoformat(), "to": to.isoformat(), "why": why})

    def _restored(self) -> None:
        """As after a restore: a stretch of time, long ago, whose records are lost."""
        start = datetime.fromisoformat(CLOCK)
        store = self.world.store()
        with store.writing() as session:
            session.add(Gap(since=start - timedelta(hours=3), until=start - timedelta(hours=1)))
        store.close()

    def _stuck(self) -> None:
        """As when nobody does the slow work of another bot: an errand that has waited for hours."""
        long_ago = datetime.fromisoformat(CLOCK) - timedelta(hours=3)
        store = self.world.store()
        with store.writing() as session:
            errands.send_on(session, OTHER_BOT, "menu", {}, due_at=long_ago)
        store.close()

    def _aged(self) -> None:
        """A report of long ago with a photo, and a rule by which both are kept for a year."""
        at = datetime.fromisoformat(CLOCK) - timedelta(days=700)
        sha = self._kept(at.isoformat().encode())
        store = self.world.store()
        with store.writing() as session:
            author = identity.actor_of(session, CAST["member"][0], at + timedelta(days=700))
            assert author is not None
            answers = {"village": VILLAGE, "purposes": ["look"], "findings": "鑫堃赟"}
            old = add_full(session, "visit", author.person_id, answers, at=at, number=OLD)
            add_photo(session, old).sha256 = sha
            rule = RetentionRule(
                region="", what=Retained.REPORTS, length=12, since=at.date(), basis="9", at=at
            )
            session.add(rule)
        store.close()

    def _kept(self, content: bytes) -> str:
        """A file that is there already; its hash."""
        if self.photos is None:
            return Files(self.data / "files").keep(content)
        sha = hashlib.sha256(content).hexdigest()
        self.photos.store().put(path_of(sha), content)
        return sha

    def _relieved(self) -> None:
        """The other bot is gone, with what it left undone."""
        store = self.world.store()
        with store.writing() as session:
            session.exec(delete(Errand).where(col(Errand.bot) == OTHER_BOT))
        store.close()

    # the end

    def drain(self) -> None:
        """Everything that waits is done by a last life, which ends politely. The last job of a tick tells that all
        others have done what was due. What that led to is waited for (the hour may be a close), then the journal."""
        self.start()
        self.settled()
        self.move("hour")
        hour = self.moved.astimezone(UTC)
        self.until(f"select count(*) = 1 from slot where rule = 'prune' and slot = '{hour:%Y-%m-%dT%H}'")
        self.settled()
        self.until("select count(*) = 0 from journalentry where seq is null")
        self.lives.stop(PATIENCE)

    def settled(self) -> None:
        for world in self.worlds:
            world.settled(PATIENCE)

    def state(self) -> str:
        """How things stand, for whoever looks into a run that went wrong."""
        lives = (self.folder / "lives.jsonl").read_text("utf-8").splitlines()[-6:]
        asked = {
            "arrivals": "select id, bot, state, attempts, error from arrival where state <> 'done'",
            "letters": "select id, chat_id, lane, method, state, attempts, not_before, error from letter"
            " where state <> 'sent'",
            "chats": "select id, telegram_id, not_before, unreachable_since from chat where not_before is not null"
            " or unreachable_since is not null",
            "errands": "select id, kind, state, attempts, due_at, error from errand where state <> 'done'",
        }
        rows = {name: databases.ask(self.data / "zhucun.db", said)[:40] for name, said in asked.items()}
        told = [
            f"alive: {[name for name, one in self.lives.running.items() if one.poll() is None]}",
            *lives,
            *(f"{name}: {said}" for name, said in rows.items()),
        ]
        return "\n".join([*told, self.world.log[-4000:]])

    def says(self, so: str) -> bool:
        return bool(databases.ask(self.data / "zhucun.db", so)[0][0])

    def until(self, so: str) -> None:
        """Wait until the database says so. Raises DeadError when nobody is left to bring it about."""
        deadline = time.monotonic() + PATIENCE
        while not self.says(so):
            self.watch()
            self.lives.look()
            if self.lives.over and not self.says(so):
                raise DeadError(so)
            assert time.monotonic() < deadline, f"not so: {so}"
            self.world.sandbox.calls(after=10**9, wait=0.1)

    def export(self) -> None:
        """What is to be counted: what `zhucun` lists, the sandbox's record, and the photos of a bucket."""
        for name, words in {
            "journal": "journal list",
            "reports": "reports list --life --since 2026-01-01",
            "letters": "letters list",
            "rectifications": "rectifications list",
        }.items():
            self.list_into(self.folder / f"{name}.jsonl", [*words.split(), "--format", "json"])
        self.list_into(self.folder / "status.txt", ["status"])
        for one in self.world.sandbox.get("messages", after=0)["messages"]:
            self.note("messages", one)
        for key, content in self.photos.everything() if self.photos is not None else ():
            (self.folder / "files" / key).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / "files" / key).write_bytes(content)

    def list_into(self, file: Path, arguments: list[str]) -> None:
        errors = self.folder / "errors.txt"
        self.starter.wait(self.starter.start(arguments, self.world.environment, file, errors))

    def missed(self) -> set[str]:
        """Crash points at which no life ended."""
        return set(self.mode.points - self.points)


def next_moment(now: datetime, why: str) -> datetime:
    """The next time at which a thing by the clock is due: a second behind its hour. What is stuck is told once an hour,
    and may have been told in this one; what is there now is old enough to be emptied after a week, and no two weeks
    close on the way."""
    if why in ("hour", "stuck"):
        return now.replace(minute=0, second=1, microsecond=0) + timedelta(hours=1)
    if why in ("minute", "alike", "gap", "week"):
        return now + timedelta(weeks=int(why == "week"), minutes=1)
    hour = {"close": 16, "draft": 14, "digest": 18, "remind": 10, "morning": 9, "monday": 9, "old": 10}[why]
    days = {"close": {4}, "draft": {4}, "remind": {2, 3}, "monday": {0}}.get(why, set(range(7)))
    soonest = now + timedelta(hours=25 if why == "morning" else 0)  # a draft is spoken of after a day
    at = now.replace(hour=hour, minute=0, second=1, microsecond=0)
    while at <= soonest or at.weekday() not in days:
        at += timedelta(days=1)
    return at


@contextmanager
def installation(folder: Path, starter: Starter, seed: int, mode: Mode = WHOLE) -> Iterator[Run]:
    """A furnished installation with its sandbox; everything of it is ended whatever happens."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ExitStack() as all_of_it:
        sandbox = all_of_it.enter_context(Sandbox.start(clock=CLOCK))
        there = all_of_it.enter_context(bucket.bucket()) if mode.bucket else None
        furnish(folder / "data", datetime.fromisoformat(CLOCK))
        worlds = tuple(_world(sandbox, bot, folder / "data", there) for bot in BOTS[: mode.bots])
        if mode.webhook:
            _push(worlds)
        dice = random.Random(seed)
        lives = Lives(worlds, starter, folder, dice, mode)
        all_of_it.callback(lives.kill)
        yield Run(folder, worlds, starter, dice, lives, there)


def _world(sandbox: Sandbox, bot: int, data: Path, there: bucket.Bucket | None) -> World:
    """What a bot is told, and its phones."""
    if bot != BOTS[0]:
        sandbox = Sandbox(sandbox.url, f"{bot}:OTHER", bot=bot)
        sandbox.bot("getMe")
    made = World(sandbox, data)
    if there is not None:
        made.extra |= there.environment | {"ZHUCUN_FILES_URL": there.url}
    return made


def _push(worlds: tuple[World, ...]) -> None:
    """Each takes its updates by webhook, at a port of its own."""
    for world, port in zip(worlds, bucket.free_ports(len(worlds)), strict=True):
        place = f"127.0.0.1:{port}"
        world.extra |= {"ZHUCUN_WEBHOOK_URL": f"http://{place}/telegram", "ZHUCUN_LISTEN": place}


def whole(run: Run, deaths: list[Death]) -> None:
    """All of it: people work, the bot dies those deaths, the rest is drained, everything is exported."""
    try:
        for one in prepare(run):
            one.work()
        for death in deaths:
            run.dies(death)
        run.start()
        for one in run.people:
            one.finish()
        run.kill()
        run.drain()
    except AssertionError as error:
        error.add_note(run.state())
        raise
    run.export()


def prepare(run: Run) -> list[People]:
    """Somebody owes a visit, groups are bound, everybody has said hello, calls are slow or refused at times. Those who
    will work in each county."""
    now, world, counties = datetime.fromisoformat(CLOCK), run.world, (HERE, THERE)[: run.mode.bots]
    store = world.store()
    with store.writing() as session:
        furnish_owing(session, now)
        if THERE in counties:
            furnish_there(session, now)
    store.close()
    _keep_question(world)
    for county, place in zip(counties, run.worlds, strict=True):
        enter(place, county)
        run.people.append(People(place, county, run.folder / "sent.jsonl"))
    run.start()
    for one in run.people:
        _greet(run, one)
    run.settled()
    run.kill()
    world.sandbox.faults("slow", share=0.1, seconds=0.05, after_effect=True)
    world.sandbox.faults("500", share=0.02)
    world.sandbox.faults("429", share=0.02, retry_after=1)
    return run.people


def _greet(run: Run, people: People) -> None:
    """Everybody of a county says hello, and its group is bound. Whose chat is whose is noted for the count."""
    phones = [*people.world.phones.values()]
    if people.county == HERE:
        phones.append(people.world.sandbox.phone(OWING[1], user_id=OWING[0]))
    for phone in phones:
        phone.says("/start")
        phone.hears("", timeout=PATIENCE)
        run.note("chats", {"chat": phone.chat, "county": homes()[phone.id]})
    _bind(run, people.world, people.county)


def _bind(run: Run, world: World, county: County) -> None:
    group = world.sandbox.group(
        f"{county.name}驻村管理组", world.supervisor, world.admin, bot_id=world.sandbox.bot_id
    )
    run.note("chats", {"chat": group["id"], "county": county.code})
    here = world.admin.in_group(group)
    here.says("/bind")
    here.presses(county.name)
    here.hears("绑定")


def _keep_question(world: World) -> None:
    """The supervisor wants to be told each Monday what came."""
    store, now = world.store(), datetime.fromisoformat(CLOCK)
    with store.writing() as session:
        asker = identity.actor_of(session, CAST["supervisor"][0], now)
        assert asker is not None
        saved.tell(saved.keep(session, asker, Filter(kind="visit"), "走访", now), saved.MONDAY, now)
    store.close()
