"""What runs, what dies and what is passed in each way of running; which there is not is said."""

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest

from bot.crash import POINTS
from tests.crash import __main__ as command
from tests.crash.count import Count, Told, _files, _journal, _key, _walls
from tests.crash.counties import HERE, THERE, homes
from tests.crash.deaths import RANDOM, Death
from tests.crash.lives import PARTS, Lives
from tests.crash.modes import BOTS, WHOLE, Mode, refusal
from tests.crash.run import _push
from tests.phone import Sandbox
from tests.world import CAST, World

Row = dict[str, Any]
ONE = {"everything 42"}


def lives(mode: Mode, seed: int = 1) -> Lives:
    return Lives((), None, Path(), random.Random(seed), mode)  # type: ignore[arg-type] # nothing is started


def test_updates_come_one_way_and_all_else_is_passed_by_either() -> None:
    asked, pushed = WHOLE.points, Mode(webhook=True).points
    assert asked | pushed == set(POINTS)
    assert {point.partition(".")[0] for point in asked ^ pushed} == {"intake", "web"}
    assert {"intake.kept", "web.kept"} <= asked ^ pushed


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        (WHOLE, ONE),
        (Mode(webhook=True, bucket=True), ONE),
        (Mode(apart=True), {f"{part} 42" for part in PARTS}),
        (Mode(apart=True, webhook=True), {f"{part} 42" for part in ("web", *PARTS[1:])}),
        (Mode(bots=2), {"everything 42", "everything 43"}),
        (Mode(apart=True, bots=2), {f"{part} {bot}" for part in PARTS for bot in BOTS} - {"clock 43"}),
    ],
)
def test_what_runs(mode: Mode, names: set[str]) -> None:
    assert set(lives(mode).names) == names


@pytest.mark.parametrize(
    ("mode", "point", "who"),
    [
        (WHOLE, "job.digest.done", ONE),
        (Mode(bots=2), "desk.begun", {"everything 43"}),
        (Mode(bots=2), "job.digest.done", {"everything 42", "everything 43"}),
        (Mode(apart=True), "web.kept", None),
        (Mode(apart=True, webhook=True), "web.kept", {"web 42"}),
        (Mode(apart=True, bots=2), "delivery.sent", {"delivery 43"}),
        (Mode(apart=True, bots=2), "photo.kept", {"workers 43"}),
        (Mode(apart=True, bots=2), "weekly.drawn", {"workers 42", "workers 43"}),
        (Mode(apart=True, bots=2), "job.prune.done", {"clock 42"}),
    ],
)
def test_who_is_to_die(mode: Mode, point: str, who: set[str] | None) -> None:
    found = set(lives(mode)._hosts(Death(point), BOTS[1] if mode.bots > 1 else BOTS[0]))
    assert found == who if who is not None else len(found) == 1


def test_anybody_dies_at_a_random_moment() -> None:
    there = lives(Mode(apart=True, bots=2))
    gone = {name for _ in range(200) for bot in BOTS for name in there._hosts(Death(RANDOM), bot)}
    assert gone == set(there.names)


def test_each_bot_is_pushed_to_at_an_address_of_its_own() -> None:
    worlds = tuple(World(Sandbox("http://127.0.0.1:1"), Path()) for _ in BOTS)
    _push(worlds)
    for world in worlds:
        assert world.extra["ZHUCUN_WEBHOOK_URL"] == f"http://{world.extra['ZHUCUN_LISTEN']}/telegram"
    assert len({world.extra["ZHUCUN_LISTEN"] for world in worlds}) == len(BOTS)


def test_two_bots_on_sqlite_are_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["tests.crash", "--bots", "2"])
    assert command.main() == 2
    assert "--database postgresql" in capsys.readouterr().out
    assert refusal(Mode(bots=2), "postgresql") is None
    assert refusal(Mode(apart=True, webhook=True, bucket=True), "sqlite") is None
    assert refusal(Mode(bots=3), "postgresql") is not None


def test_everybody_has_a_county() -> None:
    found = homes()
    assert found[CAST["member"][0]] == HERE.code
    assert found[CAST["outsider"][0]] == THERE.code
    assert set(found.values()) == {HERE.code, THERE.code}


def said(chat: int, bot: int, number: int, text: str) -> Row:
    whose = bot if chat > 0 else None
    return {"chat": chat, "bot": whose, "message_id": number, "text": text, "from": {"id": bot, "bot": True}}


def test_messages_of_two_bots_with_one_number_are_two() -> None:
    messages = [said(1001, 42, 7, "甲"), said(1001, 43, 7, "乙"), said(-5001, 43, 7, "群")]
    letter = {"chat_kind": "private", "message_id": 7, "card": None, "expires_at": None}
    letters = [letter | {"bot": 42}, letter | {"bot": 43}, letter | {"bot": 43, "chat_kind": "group"}]
    ends = [
        {"parts": ["everything 43"], "private": {"42": 6, "43": 7}, "groups": {"-5001": 5}},
        {"parts": ["delivery 42"], "private": {"42": 3}, "groups": {}},
        {"parts": ["desk 42", "intake 43"], "private": {"42": 9}, "groups": {}},
    ]
    told = Told(letters, messages, ends)
    assert [told.noted(one) for one in messages] == letters
    assert [told.key(one) for one in messages] == [_key(one) for one in letters]
    assert [told.deaths(one) for one in messages] == [[3], [7], [5]]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("收到 ZF-20261117-0002", True),
        ("情况：乙第1次走访", True),
        ("收到 ZF-20261117-0001，甲第1次走访", False),
        ("这张照片看起来和以前发过的一张一样。", False),
    ],
)
def test_what_goes_over_a_wall_is_seen(text: str, seen: bool) -> None:
    reports = [
        {
            "number": "ZF-20261117-0001",
            "village": HERE.code + "004202",
            "answers": {"findings": "甲第1次走访"},
        },
        {
            "number": "ZF-20261117-0002",
            "village": THERE.code + "001202",
            "answers": {"findings": "乙第1次走访"},
        },
    ]
    chats = [{"chat": 1001, "county": HERE.code}, {"chat": 2001, "county": THERE.code}]
    found = Count()
    _walls(found, reports, chats, Told([], [said(1001, 42, 7, text), said(2001, 43, 7, "")], []))
    assert bool(found.faults) == seen
    assert found.found["messages beside reports of another county"] == 2


@pytest.mark.parametrize("whole", [True, False])
def test_a_line_may_join_the_chain_behind_one_that_was_begun_after_it(whole: bool) -> None:
    """Of two bots whose transactions run side by side the second may commit first."""
    lines, before = [], b""
    for place, number in enumerate((1, 3, 2), 1):
        committed = hashlib.sha256(b"salt" + b"{}").digest()
        before = hashlib.sha256(before + committed).digest()
        line = {
            "id": number,
            "seq": place,
            "record": "village:1",
            "action": "read",
            "body": "{}",
            "salt": b"salt".hex(),
        }
        lines.append(line | {"commitment": committed.hex(), "hash": before.hex()})
    found = Count()
    _journal(found, [], [], sorted(lines if whole else lines[::2], key=lambda line: line["id"]))
    assert found.faults == ([] if whole else ["the chain is broken at line 2"])


def test_photos_are_looked_for_where_they_are_to_be(tmp_path: Path) -> None:
    data, found = tmp_path / "data", Count()
    assert _files(found, tmp_path, data) == data / "files"
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "one").write_bytes(json.dumps(1).encode())
    assert _files(found, tmp_path, data) == tmp_path / "files"
    assert found.found == {"files in the bucket": 1}
    assert found.faults == []
    (data / "files").mkdir(parents=True)
    _files(found, tmp_path, data)
    assert found.faults == ["files were kept beside the bucket"]
