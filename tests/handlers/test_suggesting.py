"""A suggestion on the phone: from the member to the administrator and back, past leader and supervisor."""

from tests.world import World


def test_said_heard_and_answered(world: World) -> None:
    for phone in (world.admin, world.leader, world.supervisor):
        phone.says("/start")
        phone.hears("我的")
    world.member.says("建议 同一张表这周要了三次，问 13812345678")
    text = world.member.hears("已直接交给管理员，不经过队长和督导")["text"]
    number = text.split()[1]
    heard = world.admin.hears(f"建议 {number}，王磊：")["text"]
    assert "同一张表这周要了三次" in heard
    assert "13812345678" not in heard
    world.settled(30)
    for phone in (world.leader, world.supervisor):
        assert "同一张表" not in str(phone.screen())
    world.admin.says(f"建议 答复 {number} 下周起不要了")
    world.admin.hears("答复已发出")
    world.member.hears(f"您的建议 {number} 有答复：下周起不要了")


def test_alone_it_says_how(world: World) -> None:
    world.member.says("/suggest")
    world.member.hears("请把意见写在后面")
    world.admin.says("建议 答复 什么")
    world.admin.hears("请写上编号和答复")


def test_a_stranger_has_none(world: World) -> None:
    world.stranger.says("/suggest 你好")
    world.stranger.hears("您还没有加入工作队")
