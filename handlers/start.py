"""/start, /help, /language and /village: the door, the menu and one's own choices."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from handlers import asking, contact_cards, joining, query, record
from handlers.filters import Command, Group, Pressed, Private, Start
from handlers.greeting import greet, stored_and_why
from handlers.menu import Entry, of_roles
from handlers.turn import Keyboard, Turn, button, escape
from storage import postings, roster, teams
from storage.kinds import KINDS
from storage.refusals import NotYours, Refusal
from storage.texts import LANGUAGES, _, labelled, language, speaking

router = Router(name="start")


@router.message(Private(), Start())
async def start(message: Message, turn: Turn, payload: str) -> None:
    """Alone it greets; with a token it opens an invitation, with a kind's name its form, with `query` the
    questions, with `o_<id>` a record, with `c_<card>` a visit to whose door it hangs at."""
    if payload in KINDS:
        asking.open_form(turn, payload)
    elif payload == "query":
        query.open_panel(turn)
    elif record.is_link(payload):
        record.open_link(turn, payload)
    elif contact_cards.is_link(payload):
        contact_cards.open_link(turn, payload)
    elif payload:
        joining.open_link(turn, payload)
    else:
        actor = turn.person()
        postings.refresh_menu(turn.db, actor.person_id, turn.now)
        greet(turn, actor, stored_and_why())


@router.message(Private(), Command("help"))
async def help_(message: Message, turn: Turn, rest: str) -> None:
    actor = turn.person()
    mine = of_roles(post.role for post in actor.posts)
    lines = [escape(labelled(_typed(entry), _(entry.does))) for entry in mine]
    hint = _("命令可以点，也可以直接打中文，例如：走访。随时发照片或文字，我会接着没填完的那一份。")
    greet(turn, actor, "\n".join([*lines, "", hint]))


def _typed(entry: Entry) -> str:
    """What to type for a command: Chinese words are no help to somebody who reads another language."""
    return f"/{entry.command} {entry.words[0]}" if language() == "zh" else f"/{entry.command}"


@router.message(Group(), Command("help"))
async def help_in_group(message: Message, turn: Turn, rest: str) -> None:
    """Nobody in particular is addressed in a group, and strangers there are not answered."""
    if turn.actor is not None:
        turn.say(_("本群可用：/weekly 周报，/digest 简报；管理员用 /bind 绑定区域。报告请私下发给我。"))


@router.message(Private(), Command("language"))
async def choose_language(message: Message, turn: Turn, rest: str) -> None:
    turn.person()
    turn.say(_("选择语言："), [[button(name, f"l:{code}") for code, name in LANGUAGES.items()]])


@router.callback_query(Pressed("l"))
async def language_chosen(query: CallbackQuery, turn: Turn, rest: str) -> None:
    actor = turn.person()
    roster.speak(turn.db, actor.person_id, rest, turn.now)
    with speaking(rest):
        turn.redraw(query, _("语言：{language}").format(language=LANGUAGES[rest]))
        greet(turn, actor, _("菜单已换成这种语言。"))


@router.message(Private(), Command("village"))
async def choose_village(message: Message, turn: Turn, rest: str) -> None:
    actor = turn.person()
    if not actor.villages:
        raise Refusal(_("您没有所属的工作队，所以没有默认村。填报时请直接选村。"))
    turn.say(_("默认村（填报时排在最前）："), _village_keys(turn, actor.villages))


@router.callback_query(Pressed("h"))
async def village_chosen(query: CallbackQuery, turn: Turn, rest: str) -> None:
    actor = turn.person()
    what, _colon, code = rest.partition(":")
    if what != "v" or code not in actor.villages:
        raise NotYours
    roster.prefer(turn.db, actor.person_id, code, turn.now)
    ordered = (code, *(one for one in actor.villages if one != code))
    turn.redraw(query, _("默认村（填报时排在最前）："), _village_keys(turn, ordered))


def _village_keys(turn: Turn, villages: tuple[str, ...]) -> Keyboard:
    """The first one is the default."""
    named = zip(villages, teams.place_names(turn.db, villages), strict=True)
    return [[button(("✓ " if code == villages[0] else "") + name, f"h:v:{code}")] for code, name in named]
