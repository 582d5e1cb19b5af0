"""How somebody is greeted: with what is stored and why, and with the keys of their roles."""

from handlers.menu import keys
from handlers.turn import Turn, payload
from storage import errands, letters
from storage.chats import Chat
from storage.identity import Actor
from storage.letters import Lane
from storage.texts import _


def stored_and_why() -> str:
    """Five lines."""
    return "\n".join(
        [
            _("我把您的走访、照片、困难情况和整改记成台账，并给管理组出周报：报一次，不用再填。"),
            _("存的是：您的姓名和任职，您发来的文字和照片。姓名、电话、证件号加密保存。"),
            _("能看的是：本队、管本区域的管理组和管理员；每次查看个人信息都有记录。"),
            _("不做的是：不强制定位，不计在线时间，不给个人排名。"),
            _("写错了：发“我的”可以更正或撤回。怎么用：发“帮助”。"),
        ]
    )


def greet(turn: Turn, actor: Actor, text: str) -> None:
    """Say HTML text here and put the keys of the actor's roles under the message field."""
    rows = keys(post.role for post in actor.posts)
    made = payload(text)
    if rows:
        made["reply_markup"] = {
            "keyboard": [[{"text": word} for word in row] for row in rows],
            "resize_keyboard": True,
            "is_persistent": True,
        }
    letters.say(turn.db, turn.chat, "sendMessage", made, now=turn.now)


def dismiss(turn: Turn, chat: Chat, text: str) -> None:
    """Say HTML text in a chat whose person has no rights there any more, and take keys and menu away."""
    made = payload(text) | {"reply_markup": {"remove_keyboard": True}}
    letters.say(turn.db, chat, "sendMessage", made, now=turn.now, lane=Lane.NOTICE)
    errands.send_on(turn.db, chat.bot, "commands", {"chat_id": chat.id}, due_at=turn.now)
