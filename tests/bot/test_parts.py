"""The parts as processes of their own: on SQLite side by side, on PostgreSQL with standbys that take over."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.parts import Part, chosen
from tests import databases, postgres
from tests.drawn import drawn
from tests.parts import Parts, parts_of
from tests.test_main_job import begin_visit
from tests.world import world as make_world

REST = ("desk", "delivery", "workers", "clock")


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with make_world(tmp_path / "data", started=False) as world, parts_of(world) as made:
        yield made


def test_the_parts_are_all_or_those_named() -> None:
    assert chosen((), webhook=False) == set(Part) - {Part.WEB}
    assert chosen((), webhook=True) == set(Part) - {Part.INTAKE}
    assert chosen((Part.DESK, Part.CLOCK), webhook=False) == {Part.DESK, Part.CLOCK}


@pytest.mark.parametrize(("part", "webhook"), [(Part.INTAKE, True), (Part.WEB, False)])
def test_updates_come_one_way(part: Part, webhook: bool) -> None:
    with pytest.raises(typer.Exit):
        chosen((part,), webhook)


@pytest.mark.sqlite_only(reason="there the second process stands by")
def test_intake_stays_up_while_the_rest_is_away(parts: Parts) -> None:
    """On SQLite, where processes write in turn; a part that runs already is refused."""
    world, member = parts.world, parts.world.member
    parts.start("intake", "intake")
    parts.says("intake", "taking updates")
    member.says("/mine")
    while world.sandbox.queue()["pending"]:
        world.sandbox.calls(after=10**9, wait=0.05)
    parts.start("rest", *REST)
    member.hears("还没有报过")
    second = world.zhucun("run", "--only", "clock", check=False)
    assert (second.returncode, "已经有一个机器人在运行" in second.stderr) == (2, True)
    parts.kill("rest")
    member.says("/drafts")
    while world.sandbox.queue()["pending"]:
        world.sandbox.calls(after=10**9, wait=0.05)
    parts.start("rest", *REST)
    member.hears("没有没写完的草稿")
    assert parts.stop("rest") == 0
    assert parts.stop("intake") == 0


@pytest.mark.postgresql_only
def test_every_part_is_a_process_and_the_main_job_is_done(parts: Parts) -> None:
    """Two workers' processes share the errands."""
    for part in Part:
        if part != Part.WEB:
            parts.start(part, part)
    parts.start("more", "workers")
    parts.says("desk", "ready")
    member = parts.world.member
    begin_visit(member)
    member.sends_photos([drawn(size=(90 + number, 70)) for number in range(4)])
    member.hears("照片：4 张")
    member.presses("发送")
    member.hears("ZF-20261117-0001")
    member.hears("照片 4 张，已全部保存")
    parts.world.settled()
    for name in list(parts.running):
        assert parts.stop(name) == 0, name


@pytest.mark.postgresql_only
@pytest.mark.fault("killed part")
def test_a_standby_takes_over_and_nothing_is_lost_or_twice(parts: Parts, database: databases.Kind) -> None:
    assert database == "postgresql"
    member = parts.world.member
    parts.start("intake", "intake")
    parts.start("first", "desk", "delivery")
    parts.says("first", "ready")
    begin_visit(member)
    parts.start("spare", "desk", "delivery")
    parts.says("spare", "desk: standing by")
    parts.says("spare", "delivery: standing by")
    parts.kill("first")
    member.presses("发送")
    parts.says("spare", "desk: taking over")
    parts.says("spare", "delivery: taking over")
    member.hears("ZF-20261117-0001")
    # The other way to lose a role: the server ends the connection.
    parts.start("third", "desk", "delivery")
    parts.says("third", "desk: standing by")
    parts.says("third", "delivery: standing by")
    with postgres.server().look_into(parts.world.folder / "zhucun.db") as operator:
        held = "select distinct pid from pg_locks where locktype = 'advisory' and granted and objsubid = 1"
        ended = operator.execute(f"select pg_terminate_backend(pid) from ({held}) as holders").fetchall()
    assert ended
    begin_visit(member)
    member.presses("发送")
    member.hears("ZF-20261117-0002")
    assert databases.ask(parts.world.folder / "zhucun.db", "select count(*) from report") == [(2,)]
