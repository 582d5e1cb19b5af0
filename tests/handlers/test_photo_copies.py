"""The buttons under a record and a week that have pictures drawn, pressed on real phones."""

from tests.drawn import drawn
from tests.world import World


def test_a_records_photos_come_stamped(world: World) -> None:
    member = world.member
    member.says("/photo")
    member.sends_photos([drawn("JPEG", (900 + n, 600)) for n in range(2)])
    member.hears("照片：2 张")
    member.says("路灯修好了")
    member.presses("发送", member.hears("路灯修好了"))
    member.hears("已全部保存")
    member.presses("查看")
    member.hears("现场照片")
    member.presses("盖章照片")
    found = member.hears("ZP-")
    assert found["caption"].startswith("ZP-")


def test_a_weeks_photos_come_on_one_page(world: World) -> None:
    supervisor = world.supervisor
    supervisor.says("周报 本周")
    supervisor.hears("周报")
    supervisor.presses("照片")
    supervisor.hears("2026-W47 照片")
