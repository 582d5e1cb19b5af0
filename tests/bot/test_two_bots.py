"""Two bots, of two counties, share an installation on PostgreSQL: numbers race, territories hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.turns import lock_key
from tests import databases
from tests.parts import Parts, parts_of
from tests.phone import Phone, Sandbox
from tests.world import CLOCK, World
from tests.world import world as make_world

pytestmark = pytest.mark.postgresql_only
VISITS = 6


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Parts, Parts]]:
    """A running bot of each county, each with a Telegram of its own, on one database."""
    with (
        make_world(tmp_path / "data", started=False) as here,
        Sandbox.start(clock=CLOCK, token="43:OTHER") as sandbox,
    ):
        there = World(sandbox, here.folder, {"ZHUCUN_CLOCK_URL": f"{here.sandbox.url}/sandbox/clock"})
        with parts_of(here) as one, parts_of(there) as other:
            one.start("one")
            one.says("one", "ready")
            other.start("other")
            other.says("other", "ready")
            yield one, other


def visit(phone: Phone, words: str) -> None:
    """As far as the button that sends."""
    phone.says("/visit")
    phone.presses("不入户" if phone.name == "郑远" else "李大山")
    phone.presses("安全排查")
    phone.hears("情况")
    phone.says(words)


def holders(world: World, role: str) -> int:
    """How many processes have it."""
    found = databases.ask(
        world.folder / "zhucun.db",
        "select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 1"
        f" and (classid::bigint << 32 | objid::bigint) = {lock_key(f'role {role}')}",
    )
    return int(found[0][0])


def test_two_counties_count_on_and_see_nothing_of_each_other(two: tuple[Parts, Parts]) -> None:
    member, outsider = two[0].world.member, two[1].world.outsider
    for number in range(VISITS):
        for phone in (member, outsider):
            visit(phone, f"屋顶漏雨 {phone.name} {number}")
        for phone in (member, outsider):  # both at once
            phone.presses("发送")
        for phone in (member, outsider):
            phone.hears("ZF-20261117-")
    numbers = databases.ask(two[0].world.folder / "zhucun.db", "select number from report order by number")
    assert [number for (number,) in numbers] == [f"ZF-20261117-{n:04d}" for n in range(1, 2 * VISITS + 1)]
    for phone, other in ((member, "郑远"), (outsider, "王磊")):
        phone.says("/query 屋顶")
        assert f"{VISITS}" in phone.hears("屋顶漏雨")["text"]
        assert other not in phone.picture()
    assert [holders(two[0].world, role) for role in ("clock", "desk 42", "desk 43")] == [1, 1, 1]
    for parts, name in zip(two, ("one", "other"), strict=True):
        assert parts.stop(name) == 0
