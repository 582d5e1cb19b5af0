"""The running bot by webhook, against the sandbox's own delivery."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import databases
from tests.parts import parts_of
from tests.test_main_job import begin_visit
from tests.world import World
from tests.world import world as make_world


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as some:
        return int(some.getsockname()[1])


@pytest.fixture
def hooked(tmp_path: Path) -> Iterator[World]:
    """An installation that is told to take its updates by webhook."""
    place = f"127.0.0.1:{free_port()}"
    with make_world(tmp_path / "data", started=False) as world:
        world.extra |= {"ZHUCUN_WEBHOOK_URL": f"http://{place}/telegram", "ZHUCUN_LISTEN": place}
        yield world


def registered(world: World) -> str:
    return str(world.sandbox.queue()["webhook"].get("url") or "")


def test_the_main_job_by_webhook_and_then_by_polling_again(hooked: World) -> None:
    member = hooked.member
    member.says("/visit")
    hooked.start()
    member.presses("李大山")
    assert registered(hooked) == hooked.extra["ZHUCUN_WEBHOOK_URL"]
    member.presses("安全排查")
    member.says("屋顶漏雨，墙体开裂")
    member.presses("发送")
    member.hears("ZF-20261117-0001")
    hooked.stop()
    member.says("/mine")
    del hooked.extra["ZHUCUN_WEBHOOK_URL"]
    hooked.start()
    member.hears("我报过的")
    assert registered(hooked) == ""
    hooked.stop()


@pytest.mark.postgresql_only
@pytest.mark.fault("killed part")
def test_two_that_take_updates_one_is_killed_nothing_is_lost_or_twice(hooked: World) -> None:
    with parts_of(hooked) as parts:
        parts.start("one", "web")
        parts.start("two", "web")
        parts.says("one", "taking updates")
        parts.says("two", "taking updates")
        phones = [hooked.sandbox.phone(f"村民{number}", user_id=3000 + number) for number in range(10)]
        for _ in range(5):
            for phone in phones:
                phone.says("您好")
        parts.kill("one")
        for phone in phones:
            phone.says("您好")
        while hooked.sandbox.queue()["pending"]:
            hooked.sandbox.calls(after=10**9, wait=0.1)
        taken = databases.ask(
            hooked.folder / "zhucun.db", "select count(*), count(distinct update_id) from arrival"
        )
        assert taken == [(60, 60)]
        parts.start("rest", "desk", "delivery", "workers", "clock")
        begin_visit(hooked.member)
        hooked.member.presses("发送")
        hooked.member.hears("ZF-20261117-0001")
