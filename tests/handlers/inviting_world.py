"""How tests make, find and open invitations over the chat."""

from typing import Any

from tests.phone import Phone
from tests.world import World

_NUMBERS = iter(range(5001, 6000))


def link_in(text: str) -> str:
    """The address in a message."""
    return next(word for word in text.split() if word.startswith("https://t.me/"))


def invited(leader: Phone, role: str = "队员", uses: str = "1 人") -> str:
    """The link a leader of one team gets by three taps."""
    leader.says("/invite")
    leader.hears("邀请谁")
    leader.presses(role)
    leader.hears("几个人")
    leader.presses(uses)
    return link_in(leader.hears("邀请链接")["text"])


def newcomer(world: World, name: str) -> Phone:
    return world.sandbox.phone(name, user_id=next(_NUMBERS))


def joins(world: World, link: str, name: str) -> Phone:
    """Somebody new who opens a link and confirms Telegram's own name."""
    phone = newcomer(world, name)
    phone.opens(link)
    phone.hears("邀请加入")
    phone.presses("我叫")
    phone.hears("欢迎")
    return phone


def forge(phone: Phone, message_id: int, data: str) -> Any:
    """Press with data that no button carries, as a tampered client can; the answer."""
    press = {"user": phone.id, "chat": phone.chat, "message_id": message_id, "data": data, "stale": True}
    phone.last_press = phone.sandbox.post("press", press)["callback_query_id"]
    return phone.answered()
