"""A roster sent in chat: looked at, taken in by one press, its newcomers' links told."""

from tests.lists import workbook
from tests.world import World


def test_newcomers_of_a_roster_get_their_links(world: World) -> None:
    people = [[f"新人{one}", "黄庄一队"] for one in "甲乙丙丁戊己庚辛壬癸子丑"]
    world.admin.sends_file("花名册.xlsx", workbook([["姓名", "工作队"], *people]))
    world.admin.presses("导入：任职 12 人次")
    said = world.admin.hears("加入的链接")["text"]
    assert said.count("https://t.me/") == 12
    world.admin.hears("✓ 已导入：任职 12 人次")
