"""/invite and /rebind, as leaders and administrators use them."""

from datetime import datetime

import pytest

from storage import identity, invitations
from tests.handlers.inviting_world import forge, invited, joins, link_in, newcomer
from tests.phone import Phone
from tests.world import CLOCK, World

NOW = datetime.fromisoformat(CLOCK)


def _person(world: World, phone: Phone) -> int:
    store = world.store()
    with store.reading() as session:
        actor = identity.actor_of(session, phone.id, NOW)
    store.close()
    assert actor is not None
    return actor.person_id


def test_a_leader_of_one_team_needs_three_taps(world: World) -> None:
    before = world.leader.taps
    link = invited(world.leader)
    assert world.leader.taps - before == 2, "role and number; the command was typed"
    assert link.startswith("https://t.me/zhucun_demo_bot?start=")


def test_the_qr_picture_holds_the_link(world: World) -> None:
    world.leader.says("邀请")
    world.leader.hears("邀请谁")
    world.leader.presses("队员")
    world.leader.hears("几个人")
    world.leader.presses("1 人")
    picture = world.sandbox.file(world.leader.hears("扫码加入"))
    assert picture[:3] == b"\xff\xd8\xff", "Telegram makes a JPEG of every photo"


def test_a_leader_invites_into_own_team_only(world: World) -> None:
    world.leader.says("/invite")
    card = world.leader.hears("邀请谁")
    assert world.leader.labels(card) == ["队员", "队长"]
    answers = [
        forge(world.leader, card["message_id"], data)
        for data in ("i:u:member:2:1", "i:u:admin:120114:1", "i:r:supervisor")
    ]
    assert all("范围" in answer["text"] for answer in answers)


@pytest.mark.fault("forged button")
@pytest.mark.parametrize(
    "data", ["i:", "i:q", "i:r:king", "i:u:member:x:1", "i:u:member:1:x", "i:b:99999999999999999999", "i:l:x"]
)
def test_data_of_no_button_is_refused(world: World, data: str) -> None:
    world.leader.says("/invite")
    card = world.leader.hears("邀请谁")
    assert forge(world.leader, card["message_id"], data)["text"]


def test_an_administrator_chooses_the_territory_page_by_page(world: World) -> None:
    world.admin.says("/invite")
    world.admin.hears("邀请谁")
    world.admin.presses("管理组")
    world.admin.hears("负责哪个区域")
    assert "武清区" in world.admin.labels()
    world.admin.presses("下一页")
    world.admin.hears("负责哪个区域")
    world.admin.presses("上一页")
    world.admin.hears("负责哪个区域")
    world.admin.presses("武清区")
    world.admin.hears("几个人")
    world.admin.presses("1 人")
    phone = joins(world, link_in(world.admin.hears("邀请链接")["text"]), "章组长")
    phone.says("/help")
    phone.hears("/problem")


@pytest.mark.parametrize("name", ["member", "supervisor", "officer"])
def test_others_neither_invite_nor_rebind(world: World, name: str) -> None:
    phone = getattr(world, name)
    for said in ("/invite", "/rebind"):
        phone.says(said)
        phone.hears(f"“{said}”不在您的职责里")


@pytest.mark.fault("forged button")
def test_a_member_who_forges_a_leaders_button_is_refused(world: World) -> None:
    world.member.says("/language")
    card = world.member.hears("选择语言")
    leader = _person(world, world.leader)
    for data in ("i:r:member", "i:u:member:1:20", f"i:b:{leader}"):
        assert "范围" in forge(world.member, card["message_id"], data)["text"]


def test_a_revoked_link_opens_nothing(world: World) -> None:
    link = invited(world.leader)
    world.leader.presses("作废")
    world.leader.hears("已作废")
    late = newcomer(world, "范一")
    late.opens(link)
    late.hears("作废")


def test_somebody_else_may_not_revoke(world: World) -> None:
    invited(world.leader)
    store = world.store()
    with store.reading() as session:
        newest = invitations.working(session, NOW)[0].id
    store.close()
    world.member.says("/language")
    card = world.member.hears("选择语言")
    assert "范围" in forge(world.member, card["message_id"], f"i:x:{newest}")["text"]


def test_a_changed_phone_is_rebound_and_the_old_one_told(world: World) -> None:
    old = joins(world, invited(world.leader), "彭一")
    world.leader.says("换手机")
    world.leader.hears("谁换了手机")
    while not any("彭一" in label for label in world.leader.labels()):
        world.leader.presses("下一页")
        world.leader.hears("谁换了手机")
    world.leader.presses("彭一")
    link = link_in(world.leader.hears("换绑链接")["text"])
    new = newcomer(world, "新手机")
    new.opens(link)
    assert "彭*" in new.hears("绑定到您现在的")["text"], "the name stays masked until it is theirs"
    new.presses("是我")
    new.hears("彭一，已换绑到这个账号")
    old.hears("不再有权限")
    world.leader.hears("彭一 已换绑")
    old.says("我的")
    old.hears("还没有加入工作队")
    third = newcomer(world, "第三人")
    third.opens(link)
    third.hears("用完")


def test_a_newer_link_ends_the_older_one(world: World) -> None:
    person = _person(world, world.colleague)
    links = []
    for _again in range(2):
        world.leader.says("/rebind")
        card = world.leader.hears("谁换了手机")
        forge(world.leader, card["message_id"], f"i:b:{person}")
        links.append(link_in(world.leader.hears("换绑链接")["text"]))
    phone = newcomer(world, "某人")
    phone.opens(links[0])
    phone.hears("作废")


def test_nobody_takes_over_a_higher_account(world: World) -> None:
    """The leader's list holds nobody with other rights, and a forged press is refused."""
    administrator, far = _person(world, world.admin), _person(world, world.outsider)
    world.leader.says("/rebind")
    card = world.leader.hears("谁换了手机")
    for person in (administrator, far):
        assert "范围" in forge(world.leader, card["message_id"], f"i:b:{person}")["text"]


def test_an_account_that_is_somebodys_cannot_take_another(world: World) -> None:
    person = _person(world, world.colleague)
    world.leader.says("/rebind")
    card = world.leader.hears("谁换了手机")
    forge(world.leader, card["message_id"], f"i:b:{person}")
    link = link_in(world.leader.hears("换绑链接")["text"])
    world.member.opens(link)
    world.member.hears("绑定到您现在的")
    world.member.presses("是我")
    assert "已经登记给别人" in world.member.answered()["text"]
    assert _person(world, world.colleague) == person
