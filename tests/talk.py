"""Golden conversations: what people do, and what each of them hears, as YAML files in tests/talks.

    who: member                     # who acts; a step may name somebody else
    taps: 4                         # counted over the whole talk
    typed: 1
    steps:
    - say: /visit                   # or press, send, file, list, place, edit (of the last text), sticker, clock
      hears: {member: [...]}        # every message that appeared or changed, as text with its buttons

A talk that moves the clock (`clock: "2026-11-24T08:30+08:00"`, `awaits: {leader: 提醒}`) has a world of its own;
`days: {notice: 1}` are lengths of its village's clocks, `also: {second: supervisor}` are more people. What answers
a press alone is written 〔提示〕. Each talk has people, a team and a village of its own in the shared world, so
that talks do not touch each other.
`pytest tests/handlers/test_talks.py --regold` writes what is heard now into the files: read the difference.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from reports.pictures import jpeg
from storage import clock_rules, household_list, identity, places, postings, roster, teams
from storage.clock_rules import Set
from storage.people import Role
from tests.drawn import scene
from tests.lists import workbook
from tests.phone import Phone
from tests.world import CLOCK, COUNTY, HEADS, World

FOLDER = Path(__file__).parent / "talks"
FILES = sorted(FOLDER.glob("*.yaml"))
ROLES = {"member": Role.MEMBER, "leader": Role.LEADER, "supervisor": Role.SUPERVISOR}
NAMES = {"member": "王磊", "leader": "赵敏", "supervisor": "孙涛", "second": "周正", "officer": "吴敏"}
_NUMBER = re.compile(r"\b([A-Z]{2})-\d{8}-\d{4}\b")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b|\b\d\d-\d\d \d\d:\d\d\b|\b\d\d-\d\d(?= )")


@dataclass
class Talk:
    """One file on its way: the phones of its people and what each has seen."""

    world: World
    phones: dict[str, Phone]
    village: str
    seen: dict[str, dict[int, int]] = field(default_factory=dict)
    last_text: int = 0
    number: int = 0
    """Of the talk: no two send photos that are alike."""
    drawn: int = 0
    toasts: dict[str, list[str]] = field(default_factory=dict)

    def heard(self) -> dict[str, list[str]]:
        """What appeared or changed on each phone since it was last asked, once everything is settled."""
        self.world.settled(40)
        found = {name: [*self.toasts.pop(name, []), *self._new(name)] for name in self.phones}
        return {name: told for name, told in found.items() if told}

    def _new(self, name: str) -> list[str]:
        phone, before = self.phones[name], self.seen.get(name, {})
        screen = {int(one["message_id"]): one for one in phone.screen()}
        self.seen[name] = {number: int(one["change"]) for number, one in screen.items()}
        return [
            self.written(one)
            for number, one in sorted(screen.items())
            if one["from"]["id"] != phone.id and before.get(number) != int(one["change"])
        ]

    def written(self, message: Mapping[str, Any]) -> str:
        """A message as text, with what differs between two runs left out."""
        words = str(message.get("text") or message.get("caption") or "")
        sort = "〔照片〕" if "photo" in message else "〔文件〕" if "document" in message else ""
        lines = [sort + words]
        lines += [" ".join(f"[{one['text']}]" for one in row) for row in message.get("keyboard") or []]
        return self._plain("\n".join(line.rstrip() for line in "\n".join(lines).split("\n")).strip())

    def _plain(self, text: str) -> str:
        ours = text.replace(self.village, "本村").replace(f"对话队{self.number}", "本队")
        return _DAY.sub("MM-DD", _NUMBER.sub(r"\1-0000", ours))

    def does(self, step: Mapping[str, Any], who: str) -> None:
        phone = self.phones[step.get("who", who)]
        (verb, value), *_rest = (
            (key, step[key]) for key in step if key not in ("who", "hears", "caption", "awaits", "name")
        )
        getattr(self, f"_{verb}")(phone, value, step)

    def _say(self, phone: Phone, text: str, _step: Mapping[str, Any]) -> None:
        self.last_text = int(phone.says(text)["message_id"])

    def _edit(self, phone: Phone, text: str, _step: Mapping[str, Any]) -> None:
        phone.edits(self.last_text, text)

    def _press(self, phone: Phone, label: str, _step: Mapping[str, Any]) -> None:
        phone.presses(label)
        self._answered(phone)

    def _press_old(self, phone: Phone, label: str, _step: Mapping[str, Any]) -> None:
        phone.presses_old(label)
        self._answered(phone)

    def _answered(self, phone: Phone) -> None:
        """What answers a press is seen for a moment only."""
        words = str(phone.answered().get("text") or "")
        name = next(name for name, one in self.phones.items() if one is phone)
        if words:
            self.toasts[name] = [self._plain(f"〔提示〕{words}")]

    def _send(self, phone: Phone, count: int, step: Mapping[str, Any]) -> None:
        """Photos: so many different ones, as one album when there are several."""
        first = self.number * 100 + self.drawn
        pictures = [jpeg(scene(first + number)) for number in range(count)]
        self.drawn += count
        phone.sends_photos(pictures, album=count > 1, caption=step.get("caption"))

    def _file(self, phone: Phone, name: str, step: Mapping[str, Any]) -> None:
        phone.sends_file(name, b"%PDF-1.4 nothing to see", caption=step.get("caption"))

    def _list(self, phone: Phone, rows: list[list[Any]], step: Mapping[str, Any]) -> None:
        """A workbook of these rows; 本村 stands for the village of the talk."""
        made = [[self.village if cell == "本村" else cell for cell in row] for row in rows]
        phone.sends_file(step["name"], workbook(made), caption=step.get("caption"))

    def _place(self, phone: Phone, place: list[float], _step: Mapping[str, Any]) -> None:
        phone.shares_location(*place)

    def _clock(self, _phone: Phone, to: str, step: Mapping[str, Any]) -> None:
        """Time passes; those named hear what is awaited."""
        self.world.sandbox.clock_to(to)
        for name, words in step.get("awaits", {}).items():
            self.phones[name].hears(words)

    def _ends(self, _phone: Phone, name: str, _step: Mapping[str, Any]) -> None:
        """The postings of that one end, as by the command line."""
        store, now = self.world.store(), datetime.fromisoformat(CLOCK)
        with store.writing() as session:
            person = identity.actor_of(session, self.phones[name].id, now)
            assert person is not None
            roster.end_person(session, person.person_id, by=None, now=now)
        store.close()

    def _sticker(self, phone: Phone, _value: object, _step: Mapping[str, Any]) -> None:
        phone.sends_sticker()


def begin(
    world: World, number: int, days: Mapping[str, int] | None = None, also: Mapping[str, str] | None = None
) -> Talk:
    """People, a team and a village for talk number so-and-so, added beside the running bot."""
    roles = ROLES | {name: Role(role) for name, role in (also or {}).items()}
    store, now = world.store(), datetime.fromisoformat(CLOCK)
    with store.writing() as session:
        towns = places.children(session, COUNTY)
        village = [one.code for town in towns for one in places.children(session, town.code)][100 + number]
        team = teams.add_team(session, f"对话队{number}", [village], unit="区水务局", by=None, now=now)
        for place, (name, role) in enumerate(roles.items()):
            person = roster.add_person(
                session, NAMES[name], telegram_id=5000 + 10 * number + place, by=None, now=now
            )
            ruling = role in (Role.SUPERVISOR, Role.OFFICER)
            where: dict[str, Any] = {"region": village} if ruling else {"team_id": team.id}
            department = "民政局" if role == Role.OFFICER else None
            postings.post(session, person.id or 0, role, **where, department=department, by=None, now=now)
        for head in HEADS:
            household_list.add(session, village, head, by=None, now=now)
        for clock, length in (days or {}).items():
            clock_rules.put(session, village, Set(clock, length), now.date(), now.date(), now)
        called = teams.place_names(session, [village])[0]
    store.close()
    phones = {
        name: world.sandbox.phone(NAMES[name], user_id=5000 + 10 * number + place)
        for place, name in enumerate(roles)
    }
    for phone in phones.values():
        phone.says("/start")
    talk = Talk(world, phones, called, number=number)
    talk.heard()
    return talk


def moves_the_clock(path: Path) -> bool:
    return any("clock" in step for step in yaml.safe_load(path.read_text("utf-8"))["steps"])


def run(world: World, path: Path, number: int, regold: bool = False) -> None:
    """Play a file and compare (or write) what was heard, the taps and the typed messages."""
    script = yaml.safe_load(path.read_text("utf-8"))
    talk = begin(world, number, script.get("days"), script.get("also"))
    counts = talk.phones[script["who"]].count
    counts.taps = counts.typed = counts.messages = 0
    for place, step in enumerate(script["steps"]):
        talk.does(step, script["who"])
        heard = talk.heard()
        if regold:
            step["hears"] = heard
        assert heard == step.get("hears", {}), f"{path.name}, step {place + 1}: {heard}"
    counted = {"taps": counts.taps, "typed": counts.typed}
    if regold:
        path.write_text(dump(script | counted), "utf-8")
    assert counted == {key: (counted if regold else script)[key] for key in counted}, path.name


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, so that the files read like the screens."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    node: yaml.ScalarNode = dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )
    return node


_Dumper.add_representer(str, _text)


def dump(script: Mapping[str, Any]) -> str:
    written: str = yaml.dump(dict(script), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
    return written
