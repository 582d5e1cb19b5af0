"""The bot is killed at every crash point while people work; and the count that finds nothing wrong would see it."""

import ast
import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.crash import count
from tests.crash.__main__ import LEG
from tests.crash.deaths import RANDOM, plan
from tests.crash.modes import WHOLE, Mode
from tests.crash.run import installation, whole
from tests.phone import Json
from tests.starter import Starter

KILLS, SEED = 48, 1


@dataclass
class Ran:
    """A run that is over."""

    folder: Path
    missed: set[str]

    def counted(self) -> count.Count:
        return count.count(self.folder, self.folder / "data")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, starter: Starter) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("kills") / "run"
    with installation(folder, starter, SEED) as run:
        whole(run, plan(KILLS, SEED))
        yield Ran(folder, run.missed())


@pytest.fixture
def copy(ran: Ran, tmp_path: Path) -> Ran:
    """The same record, to be spoilt."""
    shutil.copytree(ran.folder, tmp_path / "run")
    return Ran(tmp_path / "run", ran.missed)


@pytest.mark.fault("kill at any step")
def test_killed_at_every_step_nothing_is_lost_and_nothing_is_there_twice(ran: Ran) -> None:
    found = ran.counted()
    assert found.faults == [], "\n".join(count.shown(found))
    assert not ran.missed, f"crash points at which no life ended: {sorted(ran.missed)}"
    assert found.found["lives"] >= KILLS
    for what in ("reports", "photos", "revisions", "steps", "digests", "summaries", "letters with keys"):
        assert found.found[what] > 0, f"no {what}: the people did too little to show anything"


Spoil = Callable[[list[Json]], list[Json]]


def _changed(**more: object) -> Spoil:
    return lambda rows: [rows[0] | more, *rows[1:]]


def _without(which: Callable[[Json], bool]) -> Spoil:
    def spoil(rows: list[Json]) -> list[Json]:
        first = next(place for place, one in enumerate(rows) if which(one))
        return rows[:first] + rows[first + 1 :]

    return spoil


def _again(rows: list[Json]) -> list[Json]:
    """The last message of the bot once more, in the same life."""
    last = max(
        (one for one in rows if _by_bot(one) and one["chat"] > 0),
        key=lambda one: int(one["message_id"]),
    )
    return [*rows, last | {"message_id": last["message_id"] + 1}]


def _by_bot(one: Json) -> bool:
    return bool(one.get("from", {}).get("bot"))


def _keyed(one: Json) -> bool:
    return bool(one["key"])


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("reports", _without(lambda one: one["kind"] == "visit"), "lost report"),
        ("reports", lambda rows: [*rows, rows[0] | {"number": rows[0]["number"][:-4] + "9999"}], "by nobody"),
        ("reports", _changed(revision=7), "revisions of"),
        ("reports", _changed(photos=[]), "photos of"),
        ("reports", _changed(steps=[{"step": "accept"}]), "steps of"),
        ("journal", _without(lambda one: one["action"] == "visit.send"), "lost journal line"),
        ("journal", lambda rows: [*rows, rows[-1]], "the chain is broken"),
        ("journal", _changed(body="{}"), "the chain is broken"),
        ("letters", lambda rows: [*rows, next(filter(_keyed, rows))], "exists 2 times"),
        ("letters", _changed(state="parked"), "is parked"),
        ("letters", _without(lambda one: str(one["key"]).startswith("weekly:")), "summar"),
        ("messages", _without(lambda one: _by_bot(one) and "已全部保存" in str(one.get("text"))), "is nowhere"),
        ("messages", _again, "said twice in one life"),
        ("messages", lambda rows: [one for one in rows if "简报" not in str(one.get("text"))], "digest of"),
        ("sent", _without(lambda one: bool(one["photos"])), "by nobody"),
        ("lives", lambda rows: [one | {"parts": ["everything 43"]} for one in rows], "said twice in one life"),
        ("chats", lambda rows: [one | {"county": "421281"} for one in rows], "was told of"),
        ("lives", lambda rows: [one | {"parts": ["desk 42"]} for one in rows], "said twice in one life"),
    ],
)  # fmt: skip
def test_the_count_sees(copy: Ran, name: str, spoil: Spoil, words: str) -> None:
    file = copy.folder / f"{name}.jsonl"
    rows = spoil([json.loads(line) for line in file.read_text("utf-8").splitlines()])
    if name == "reports" and words == "photos of":
        rows = [one | {"photos": []} for one in rows]
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), "utf-8")
    faults = copy.counted().faults
    assert any(words in fault for fault in faults), faults


def test_the_count_sees_a_changed_photo_and_what_waits(copy: Ran) -> None:
    photo = next(path for path in (copy.folder / "data" / "files").rglob("*") if path.is_file())
    photo.write_bytes(b"torn")
    status = copy.folder / "status.txt"
    status.write_text(status.read_text("utf-8").replace("等待发送: 0", "等待发送: 3"), "utf-8")
    faults = copy.counted().faults
    assert any("等待发送 3" in fault for fault in faults), faults


def test_the_count_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(count.__file__).read_text("utf-8"))
    names = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize("mode", [WHOLE, Mode(webhook=True)], ids=str)
@pytest.mark.parametrize("kills", [KILLS, LEG])
def test_a_plan_has_every_point_and_no_two_deaths_at_the_desk_in_a_row(kills: int, mode: Mode) -> None:
    for seed in random.Random(3).sample(range(1000), 20):
        deaths = plan(kills, seed, mode.points)
        assert deaths == plan(kills, seed, mode.points), "the same again"
        assert {one.point for one in deaths} - {RANDOM} == mode.points
        assert len(deaths) == kills
        at_the_desk = [one.point.startswith(("desk.", "pen.")) for one in deaths]
        assert not any(one and other for one, other in pairwise(at_the_desk))
    assert any(one.point == RANDOM for one in plan(LEG, 1))
