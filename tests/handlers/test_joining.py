"""Joining by an invitation, as a newcomer sees it."""

from datetime import datetime, timedelta

import pytest

from storage import identity, invitations, postings
from storage.identity import Actor
from storage.people import Role
from tests.handlers.inviting_world import forge, invited, joins, newcomer
from tests.phone import Phone
from tests.world import CLOCK, World

NOW = datetime.fromisoformat(CLOCK)


def _actor(world: World, phone: Phone) -> Actor | None:
    store = world.store()
    with store.reading() as session:
        found = identity.actor_of(session, phone.id, NOW + timedelta(hours=1))
    store.close()
    return found


def _token(world: World, **more: object) -> str:
    """A link made on the command line for the leader's team."""
    store = world.store()
    with store.writing() as session:
        leader = identity.actor_of(session, world.leader.id, NOW)
        assert leader is not None
        facts = {"team_id": leader.team_id, "by": None, "now": NOW} | more
        token = invitations.make(session, Role.MEMBER, **facts)  # type: ignore[arg-type]  # facts of several types
    store.close()
    return f"https://t.me/zhucun_demo_bot?start={token}"


def test_one_tap_on_the_name_joins_and_shows_the_menu(world: World) -> None:
    phone = newcomer(world, "冯小军")
    phone.opens(invited(world.leader))
    offer = phone.hears("邀请加入")
    assert "黄庄一队" in offer["text"]
    assert "队员" in offer["text"]
    phone.presses("我叫 冯小军")
    welcome = phone.hears("欢迎，冯小军")
    assert "加密保存" in welcome["text"]
    assert welcome["reply_keyboard"]["keyboard"][0][0]["text"] == "走访"
    assert phone.taps == 2, "the link and the name"
    world.sandbox.hears_call("setMyCommands", scope=phone.id)
    actor = _actor(world, phone)
    assert actor is not None
    assert (actor.name, actor.has(Role.MEMBER)) == ("冯小军", True)


def test_the_one_who_invited_is_told(world: World) -> None:
    joins(world, invited(world.leader), "韩梅")
    world.leader.hears("韩梅 已通过您的邀请加入")


def test_a_typed_name_is_taken_instead(world: World) -> None:
    phone = newcomer(world, "🌻")
    phone.opens(_token(world))
    phone.hears("真实姓名")
    assert phone.labels() == ["不加入"], "a flower is no name"
    phone.says("蒋 大为")
    phone.hears("欢迎，蒋大为")


@pytest.mark.parametrize("typed", ["12345", "走访", "李" * 41])
def test_what_is_no_name_is_asked_again(world: World, typed: str) -> None:
    phone = newcomer(world, "🌻")
    phone.opens(_token(world))
    phone.hears("真实姓名")
    phone.says(typed)
    phone.hears("姓名")
    assert _actor(world, phone) is None
    phone.says("沈一")
    phone.hears("欢迎，沈一")


@pytest.mark.fault("HTML and formulas in names")
def test_html_in_a_name_is_shown_as_it_is(world: World) -> None:
    phone = newcomer(world, "<b>杨</b>&")
    phone.opens(_token(world))
    phone.hears("邀请加入")
    phone.presses("我叫")
    phone.hears("欢迎，<b>杨</b>&")


def test_no_thanks_closes_it(world: World) -> None:
    phone = newcomer(world, "朱一")
    phone.opens(_token(world))
    phone.hears("邀请加入")
    phone.presses("不加入")
    phone.hears("没有加入")
    phone.says("朱一")
    phone.hears("邀请链接")
    assert _actor(world, phone) is None


def test_an_old_button_of_the_offer_is_refused(world: World) -> None:
    phone = newcomer(world, "秦一")
    phone.opens(_token(world))
    phone.hears("邀请加入")
    phone.presses("不加入")
    phone.hears("没有加入")
    phone.presses_old("我叫")
    assert "再点一次邀请链接" in phone.answered()["text"]


def test_a_press_without_an_invitation_gives_nothing(world: World) -> None:
    """A tampered client presses "yes" although no link was opened."""
    world.stranger.says("/start")
    said = world.stranger.hears("邀请链接")
    assert "再点一次邀请链接" in forge(world.stranger, said["message_id"], "j:y")["text"]
    assert _actor(world, world.stranger) is None


@pytest.mark.fault("forged or expired invitation")
def test_a_used_link_is_refused_and_gives_nothing(world: World) -> None:
    link = invited(world.leader)
    joins(world, link, "尤一")
    late = newcomer(world, "许一")
    late.opens(link)
    assert "用完" in late.hears("链接")["text"]
    assert _actor(world, late) is None


def test_two_open_it_and_the_first_to_confirm_is_in(world: World) -> None:
    link = _token(world)
    first, second = newcomer(world, "何一"), newcomer(world, "吕一")
    for phone in (first, second):
        phone.opens(link)
        phone.hears("邀请加入")
    first.presses("我叫")
    first.hears("欢迎")
    second.presses("我叫")
    assert "用完" in second.answered()["text"]
    assert _actor(world, second) is None


def test_a_link_for_five_lets_five_in(world: World) -> None:
    link = invited(world.leader, uses="5 人")
    for name in ("施一", "施二", "施三", "施四", "施五"):
        joins(world, link, name)
    sixth = newcomer(world, "施六")
    sixth.opens(link)
    sixth.hears("用完")


@pytest.mark.fault("forged or expired invitation")
@pytest.mark.parametrize(
    ("more", "word"),
    [({"valid": timedelta(days=1), "now": NOW - timedelta(days=2)}, "过期"), ({}, "作废")],
)
def test_expired_and_revoked_links_are_refused(world: World, more: dict[str, object], word: str) -> None:
    link = _token(world, **more)
    store = world.store()
    with store.writing() as session:
        for one in invitations.working(session, NOW)[:1] if not more else []:
            invitations.revoke(session, one.id or 0, by=None, now=NOW)
    store.close()
    phone = newcomer(world, "张一")
    phone.opens(link)
    assert "队长或管理员" in phone.hears(word)["text"]


@pytest.mark.fault("forged or expired invitation")
@pytest.mark.parametrize("token", ["x", "A" * 32, "-" * 64])
def test_a_forged_token_is_refused_plainly(world: World, token: str) -> None:
    world.stranger.says(f"/start {token}")
    said = world.stranger.hears("无效")
    assert "队长或管理员" in said["text"]
    assert "黄庄" not in said["text"]


def test_somebody_posted_gets_a_further_posting_without_saying_the_name(world: World) -> None:
    world.officer.opens(_token(world))
    world.officer.hears("邀请加入")
    assert world.officer.labels() == ["确认加入", "不加入"]
    world.officer.presses("确认加入")
    world.officer.hears("欢迎，吴刚")
    actor = _actor(world, world.officer)
    assert actor is not None
    assert {post.role for post in actor.posts} == {Role.OFFICER, Role.MEMBER}


def test_whoever_is_in_already_does_not_use_a_link_up(world: World) -> None:
    link = _token(world)
    world.member.opens(link)
    world.member.hears("邀请加入")
    world.member.presses("确认加入")
    assert "已经在其中" in world.member.answered()["text"]
    joins(world, link, "金一")


def test_a_link_dies_with_its_makers_posting(world: World) -> None:
    link = joins(world, invited(world.leader, role="队长"), "钟队")
    second = invited(link)
    store = world.store()
    with store.writing() as session:
        actor = identity.actor_of(session, link.id, NOW + timedelta(hours=1))
        assert actor is not None
        for posting in postings.active(session, actor.person_id, NOW + timedelta(hours=1)):
            postings.end_posting(session, posting.id or 0, by=None, now=NOW)
    store.close()
    late = newcomer(world, "魏一")
    late.opens(second)
    late.hears("作废")


@pytest.mark.fault("press by somebody whose posting ended")
def test_an_ended_posting_is_a_stranger_with_the_next_tap(world: World) -> None:
    phone = joins(world, invited(world.leader), "陶一")
    actor = _actor(world, phone)
    assert actor is not None
    done = world.zhucun("person", "end", str(actor.person_id))
    assert "1" in done.stdout
    phone.says("我的")
    phone.hears("还没有加入工作队")
    world.sandbox.hears_call("deleteMyCommands", scope=phone.id)
