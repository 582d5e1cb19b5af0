"""Two hundred planted secrets go through everything the bot does, and nothing at rest has one of them in the clear.

Declared exceptions (SECURITY.md): names in prose, and the place in a photo's own bytes; neither is planted here.
"""

import csv
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import func, select

from storage.private_numbers import PrivateNumber
from tests import databases, planted
from tests.drawn import drawn
from tests.phone import Phone
from tests.planted import Secrets
from tests.world import VILLAGE, World
from tests.world import world as make_world

pytestmark = pytest.mark.both_databases


@dataclass
class Lived:
    world: World
    secrets: Secrets
    printed: str
    away: Path
    """Where backup and pack of evidence are."""

    def places(self) -> Iterator[tuple[str, bytes]]:
        yield from planted.files(self.world.folder)
        yield from planted.files(self.away)
        yield from planted.dump(self.world.folder / "zhucun.db")
        yield "printed", self.printed.encode()


@pytest.fixture(scope="module")
def lived(database: databases.Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """A world of its own on each database."""
    with make_world(tmp_path_factory.mktemp(database) / "data") as world:
        yield _live(world, tmp_path_factory)


def _live(world: World, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Households are imported, reported on, corrected, withdrawn, asked for, exported, packed, backed up."""
    secrets, away = planted.plant(5), tmp_path_factory.mktemp("away")
    printed = _import(world, secrets, tmp_path_factory.mktemp("lists"))
    numbers = iter([*secrets.ids[40:], *secrets.phones[40:], *secrets.cards])
    member = world.member
    for place in range(3):
        _visit(member, secrets, place, numbers)
    _case(member, secrets, list(numbers))
    _ask(world, secrets)
    world.settled(90)
    listed = world.zhucun("reports", "list", "--format", "json", "--life").stdout
    printed += listed + world.zhucun("households", "list", "--village", VILLAGE).stdout
    number = listed.split('"number":"')[1].split('"')[0]
    printed += world.zhucun("evidence", number, "--out", str(away / "pack.zip")).stdout
    printed += world.zhucun("backup", str(away / "backup")).stdout
    return Lived(world, secrets, printed, away)


def _import(world: World, secrets: Secrets, folder: Path) -> str:
    """Forty households with all their numbers; the list itself lies elsewhere and is thrown away."""
    file = folder / "households.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["户主", "身份证号", "电话", "类别"])
        for head, number, phone in zip(secrets.heads, secrets.ids, secrets.phones, strict=False):
            rows.writerow([head, number, phone, "低保"])
    told = world.zhucun("households", "import", str(file), "--village", VILLAGE)
    file.unlink()
    return told.stdout + told.stderr


def _visit(phone: Phone, secrets: Secrets, place: int, numbers: Iterator[str]) -> None:
    """A visit whose head is found by name; numbers are typed with the words, in numerals and in two lines, and below a
    photo."""
    phone.says("/visit")
    phone.hears("走访哪一户")
    phone.says(secrets.heads[place])
    phone.presses("了解情况")
    phone.says(f"身份证{next(numbers)}，电话{next(numbers)}；卡号{next(numbers)}")
    phone.hears("*")
    phone.says(f"身份证{planted.spoken(next(numbers))}，证号{planted.cut(next(numbers))}")
    phone.hears("*")
    name = f"身份证{next(numbers)}.jpg"
    phone.sends_file(name, drawn(size=(900 + place, 60)), caption=f"另一张证 {next(numbers)}")
    phone.hears("照片：1 张")
    phone.shares_location(float(secrets.places[place]), 117.1)
    phone.hears("位置")
    phone.presses("✓ 发送")
    phone.hears("ZF-")
    if place == 1:
        phone.presses("更正")
        phone.hears("更正 ZF-")
        phone.says(f"补充，联系{next(numbers)}")
        phone.presses("发送更正")
        phone.hears("已更正")
    if place == 2:
        phone.presses("撤回")
        phone.hears("为什么撤回")
        phone.says(f"号码应是{next(numbers)}")
        phone.presses("确认撤回")
        phone.hears("已撤回")


def _case(phone: Phone, secrets: Secrets, numbers: list[str]) -> None:
    """All other numbers go into one hardship case."""
    phone.says("/case")
    phone.hears("哪一户有困难")
    phone.says(secrets.heads[20])
    for label in ("低保", "因病", "基本医疗", "紧急"):
        phone.presses(label)
    phone.says("；".join(f"联系{one}" for one in numbers))
    phone.presses("✓ 发送")
    phone.hears("KN-")


def _ask(world: World, secrets: Secrets) -> None:
    """By number and by name; by somebody who finds the records, and by somebody who must not."""
    for phone in (world.leader, world.outsider):
        phone.says(f"/query {secrets.phones[3]}")
        phone.hears("查询")
        phone.says(f"/query {secrets.heads[4]}")
        phone.hears("查询")
    world.stranger.says(f"我是{secrets.heads[5]}，身份证{secrets.ids[5]}")
    world.stranger.hears("邀请")


def test_the_secrets_are_there_to_be_found(lived: Lived) -> None:
    """A test that could not fail would be worth nothing: everything was taken in, and is opened with the keys."""
    assert len(lived.secrets.all) == 200
    store = lived.world.store()
    with store.reading() as session:
        kept = session.exec(select(func.count()).select_from(PrivateNumber)).one()
    store.close()
    assert kept >= 60
    here = [
        ("here", "；".join(lived.secrets.all).encode()),
        ("escaped", lived.secrets.heads[0].encode().hex().encode()),
    ]
    assert len(planted.found(lived.secrets.all, iter(here))) == 201
    said = [("said", f"{planted.spoken(lived.secrets.ids[0])} {planted.cut(lived.secrets.ids[1])}".encode())]
    assert len(planted.found(lived.secrets.all, iter(said))) == 2
    assert (lived.away / "pack.zip").stat().st_size > 1000
    assert len(list((lived.away / "backup").rglob("*"))) > 5
    for _name, dumped in planted.dump(lived.world.folder / "zhucun.db"):
        assert dumped.count(b"COPY public.") > 40
        assert lived.secrets.heads[0].encode() not in dumped


def test_nothing_at_rest_has_a_secret_in_the_clear(lived: Lived) -> None:
    assert planted.found(lived.secrets.all, lived.places()) == []


def test_nor_after_a_kill_nor_when_the_log_was_written(lived: Lived) -> None:
    """What lies in the write-ahead log when the power goes."""
    assert lived.world.process is not None
    lived.world.member.says(f"/visit 他的电话{lived.secrets.phones[59]}")
    lived.world.member.hears("走访哪一户")
    os.killpg(lived.world.process.pid, signal.SIGKILL)
    lived.world.process.wait()
    lived.world.process = None
    assert planted.found(lived.secrets.all, lived.places()) == []
