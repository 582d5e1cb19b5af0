"""Register the menu of commands: of one private chat by the person's roles, or of everybody else."""

from typing import Any

from sqlmodel import Session

from bot.outcomes import Outcome, RefusedError, judge
from bot.workers import ErrandContext
from handlers.menu import BY_COMMAND, registered
from storage import errands, identity
from storage.texts import _, speaking

GROUP = ("weekly", "digest", "help")
GROUP_ADMINISTRATORS = ("bind", *GROUP)


async def run(context: ErrandContext, body: dict[str, Any]) -> None:
    """`chat_id` is a private chat of ours; without one: the menus of strangers and of groups."""
    if body.get("chat_id") is None:
        for menu in everybody():
            await context.wire.call("setMyCommands", menu)
    else:
        with context.pen.store.reading() as session:
            menu = of_chat(session, body["chat_id"], context)
        await _set(context, menu)
    await context.pen(lambda session: errands.done(session, context.errand_id))


async def _set(context: ErrandContext, menu: dict[str, Any]) -> None:
    try:
        await context.wire.call("setMyCommands" if menu["commands"] else "deleteMyCommands", _said(menu))
    except RefusedError as error:
        # A chat that cannot be reached has no menu either; it gets one when it says /start again.
        if judge(error) is not Outcome.UNREACHABLE:
            raise


def _said(menu: dict[str, Any]) -> dict[str, Any]:
    return menu if menu["commands"] else {"scope": menu["scope"]}


def of_chat(session: Session, chat_id: int, context: ErrandContext) -> dict[str, Any]:
    """The menu of a private chat; without commands when the person has no active posting any more."""
    telegram_id, actor = identity.of_chat(session, chat_id, context.now())
    scope = {"type": "chat", "chat_id": telegram_id}
    if actor is None:
        return {"commands": [], "scope": scope}
    with speaking(actor.language):
        return {"commands": registered(post.role for post in actor.posts), "scope": scope}


def everybody() -> list[dict[str, Any]]:
    """Menus of strangers, groups, and the administrators of groups."""
    scopes = {"default": ("help",), "all_group_chats": GROUP, "all_chat_administrators": GROUP_ADMINISTRATORS}
    return [
        {"commands": [_entry(name) for name in names], "scope": {"type": scope}}
        for scope, names in scopes.items()
    ]


def _entry(name: str) -> dict[str, str]:
    return {"command": name, "description": _(BY_COMMAND[name].does)}
