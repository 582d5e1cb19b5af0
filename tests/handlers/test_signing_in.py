"""/console on the phone: a link for those who have a console, a refusal for everybody else."""

from storage import bots
from tests.phone import Phone
from tests.screen import buttons_of
from tests.world import World

ADDRESS = "https://bot.example/office"


def opened(world: World, address: str | None) -> None:
    store = world.store()
    with store.writing() as session:
        (bot,) = bots.known(session)
        bots.open_console(session, bot.id, address)
    store.close()


def link_of(phone: Phone) -> str:
    phone.says("控制台")
    (button,) = buttons_of(phone.hears("点下面的按钮在浏览器里打开控制台"))
    return str(button["url"])


def test_without_an_address_there_is_none(world: World) -> None:
    opened(world, None)
    world.supervisor.says("/console")
    world.supervisor.hears("还没有开通控制台")


def test_each_time_another_link(world: World) -> None:
    opened(world, ADDRESS)
    one, two = link_of(world.supervisor), link_of(world.leader)
    assert one != two
    assert one.startswith(f"{ADDRESS}/enter/")
    assert len(one) > len(ADDRESS) + 45


def test_others_are_refused(world: World) -> None:
    opened(world, ADDRESS)
    for phone in (world.member, world.officer):
        phone.says("/console")
        phone.hears("不在您的职责里")
    world.stranger.says("/console")
    world.stranger.hears("您还没有加入工作队")
