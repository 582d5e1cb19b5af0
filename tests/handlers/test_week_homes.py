"""The households whose contact was due, from the figures of a week in the private chat."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from storage.contact_cards import ContactCard
from storage.households import Household
from storage.people import Person
from tests.phone import Phone
from tests.world import CAST, CLOCK, HEADS, VILLAGE, World


@pytest.fixture(scope="module")
def paired(world: World) -> None:
    """Each household of the member's village is the leader's, but for one of the member's own; all are due, and more
    than one page of the leader's."""
    store, long_ago = world.store(), datetime.fromisoformat(CLOCK) - timedelta(days=200)
    with store.writing() as session:
        for one in session.exec(select(ContactCard)):
            session.delete(one)
        people = {one.telegram_id: one.id or 0 for one in session.exec(select(Person))}
        leader, member = (people[CAST[one][0]] for one in ("leader", "member"))
        homes = [one.id or 0 for one in session.exec(select(Household).where(Household.village == VILLAGE))]
        assert len(homes) == len(HEADS)
        cards = [*((home, leader) for home in homes[1:] * 6), (homes[0], member)]
        for home, person in cards:
            session.add(
                ContactCard(
                    household_id=home, person_id=person, offered_by=person, offered_at=long_ago,
                    accepted_at=long_ago,
                )
            )  # fmt: skip
    store.close()


def opened(phone: Phone, label: str) -> list[str]:
    """The lines of the list behind that button."""
    phone.says("周报 本周")
    phone.hears("还没截止")
    phone.presses("数据")
    phone.hears("点一个数，看是哪些记录")
    phone.presses(label)
    lines: list[str] = phone.hears("应联系的户")["text"].splitlines()
    return lines


def test_a_leader_turns_the_pages_of_all_with_names(world: World, paired: None) -> None:
    title, count, *lines = opened(world.leader, "应联系 25 户")
    assert "黄庄一队" in title
    assert "2026-W47" in title
    assert count == "共 25 户，还没有联系 25 户"
    assert len(lines) == 20
    assert all(one.startswith("已过期 ") and "07-30" in one for one in lines)
    assert any("李卫国（其他户）" in one and "联系人 赵敏" in one for one in lines)
    world.leader.presses("›")
    world.leader.hears("陈桂兰")
    assert "李卫国" not in world.leader.hears("应联系的户")["text"]
    world.leader.presses("‹ 返回")
    world.leader.hears("点一个数，看是哪些记录")


def test_a_member_sees_the_own_alone(world: World, paired: None) -> None:
    _title, count, own, *lines = opened(world.member, "应联系 25 户")
    assert (count, own) == ("共 1 户，还没有联系 1 户", "这里只列您自己联系的户。")
    assert [("李大山" in one, "王磊" in one) for one in lines] == [(True, True)]


def test_who_manages_sees_masked_heads(world: World, paired: None) -> None:
    _title, _count, *lines = opened(world.supervisor, "应联系 25 户")
    assert any("李*国" in one for one in lines)
    assert not any(head in one for one in lines for head in HEADS)
