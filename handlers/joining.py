"""Joining by an invitation: what it is about, one's name, and the welcome."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers.filters import Invited, Pressed, Private, Text
from handlers.greeting import dismiss, greet, stored_and_why
from handlers.menu import MENU
from handlers.turn import Turn, button, escape
from storage import identity, joining, names, postings, roster, showing
from storage.joining import Joined, Offer
from storage.letters import Lane
from storage.personal import clean_name
from storage.refusals import Gone, Refusal, Stranger
from storage.showing import Channel, Of
from storage.texts import _, speaking

router = Router(name="joining")


def open_link(turn: Turn, token: str) -> None:
    """Show what a token invites to, and ask for the name or a plain yes. Raises Refusal for a bad token."""
    invitation = joining.open_token(turn.db, _chat_id(turn), token, turn.now)
    offer = joining.offer(turn.db, invitation, turn.now)
    if invitation.person_id is not None:
        turn.say(_claim_text(turn, invitation.person_id, offer), [[_yes(_("是我，绑定到这个账号")), _no()]])
    elif roster.by_telegram(turn.db, turn.telegram_id) is not None:
        turn.say(_offer_text(offer), [[_yes(_("确认加入")), _no()]])
    else:
        _ask_name(turn, offer)


def _ask_name(turn: Turn, offer: Offer) -> None:
    text = _offer_text(offer) + "\n" + _("请直接发送您的真实姓名。")
    usual = clean_name(turn.telegram_name)
    if usual is None:
        turn.say(text, [[_no()]])
        return
    text += _("如果下面按钮上的就是，点一下即可。")
    turn.say(text, [[_yes(_("我叫 {name}").format(name=usual))], [_no()]])


def _offer_text(offer: Offer) -> str:
    return _("您被邀请加入：\n{posts}").format(posts=_posts(offer))


def _claim_text(turn: Turn, person_id: int, offer: Offer) -> str:
    whole, shown = names.full(turn.db, person_id), showing.degree(Of.COLLEAGUE, Channel.LINK)
    return _(
        "这个链接把 {name} 的任职绑定到您现在的 Telegram 账号：\n{posts}\n原来的账号（如有）随即停用。"
    ).format(name=escape(showing.name(whole, shown)), posts=_posts(offer))


def _posts(offer: Offer) -> str:
    return "\n".join(f"<b>{escape(place)}</b> · {_(roster.ROLES[role])}" for role, place in offer.posts)


def _yes(label: str) -> dict[str, str]:
    return button(label, "j:y")


def _no() -> dict[str, str]:
    return button(_("不加入"), "j:n")


@router.callback_query(Pressed("j"))
async def answered(query: CallbackQuery, turn: Turn, rest: str) -> None:
    if rest not in ("y", "n") or joining.on_screen(turn.db, _chat_id(turn)) is None:
        raise Gone(_("没有等您确认的邀请。请再点一次邀请链接。"))
    if rest == "n":
        joining.close(turn.db, _chat_id(turn))
        turn.redraw(query, _("没有加入。改变主意时，请再点一次邀请链接。"))
        return
    _accept(turn, turn.telegram_name)
    turn.redraw(query, _("已确认。"))


@router.message(Private(), Invited(), Text())
async def named(message: Message, turn: Turn) -> None:
    """The typed name."""
    text = (message.text or "").strip()
    if any(text in entry.words for entry in MENU):
        raise Refusal(_("先完成加入：请发送您的真实姓名，或点“不加入”。"))
    _accept(turn, text)


def _accept(turn: Turn, name: str) -> None:
    joined = joining.accept(turn.db, turn.chat, turn.telegram_id, name, turn.now)
    actor = identity.actor(turn.db, joined.person_id, turn.now)
    if actor is None:
        raise Stranger
    # The chat was nobody's until now, so the menu of commands is asked for here, too.
    postings.refresh_menu(turn.db, actor.person_id, turn.now)
    with speaking(actor.language):
        name = escape(actor.name)
        if joined.claim:
            greet(turn, actor, _("{name}，已换绑到这个账号，原来报的和没写完的草稿都在。").format(name=name))
        else:
            welcome = _("欢迎，{name}！您已加入。").format(name=name)
            greet(turn, actor, welcome + "\n" + stored_and_why())
    _tell_former(turn, joined)
    _tell_inviter(turn, joined, actor.name)


def _tell_former(turn: Turn, joined: Joined) -> None:
    """The account that was left is told, because a stranger may have got hold of the link."""
    if joined.former is None:
        return
    text = _(
        "您的任职已绑定到另一个 Telegram 账号，这个账号不再有权限。"
        "如果不是您本人换的，请马上告诉队长或管理员。"
    )
    for chat in joining.chats_of_account(turn.db, joined.former):
        dismiss(turn, chat, text)


def _tell_inviter(turn: Turn, joined: Joined, name: str) -> None:
    inviter = joined.invited_by
    chat = identity.private_chat(turn.db, turn.bot, inviter) if inviter is not None else None
    if inviter is None or chat is None or chat.id == turn.chat.id:
        return
    with speaking(roster.language_of(turn.db, inviter)):
        done = _("{name} 已换绑到新账号。") if joined.claim else _("{name} 已通过您的邀请加入。")
        turn.say(done.format(name=escape(name)), chat=chat, lane=Lane.NOTICE, quiet=True)


def _chat_id(turn: Turn) -> int:
    assert turn.chat.id is not None
    return turn.chat.id
