"""/suggest: a suggestion or complaint, straight to the administrators; they answer it by /suggest with its number."""

from aiogram import Router
from aiogram.types import Message

from handlers import keys, looking
from handlers.filters import Command, Private
from handlers.turn import Turn, escape
from storage import duties, names, suggestions
from storage.letters import Lane
from storage.refusals import Refusal
from storage.suggestions import Suggestion
from storage.texts import _, speaking

router = Router(name="suggesting")


@router.message(Private(), Command("suggest"))
async def suggest(message: Message, turn: Turn, rest: str) -> None:
    """建议 words; 建议 答复 12 words from an administrator."""
    turn.person()
    head, _space, more = rest.partition(" ")
    if head in _ANSWER:
        _answer(turn, more)
    elif not rest:
        raise Refusal(
            _("请把意见写在后面，例如：建议 同一张表这周要了三次。直接交给管理员，不经过队长和督导。")
        )
    else:
        _say(turn, rest)
    looking.drop(turn, message)


_ANSWER = ("答复", "answer")  # not for people: matched


def _say(turn: Turn, text: str) -> None:
    actor = turn.person()
    people = duties.private_chats(turn.db, suggestions.readers(turn.db, actor, turn.now)).values()
    if not people:
        raise Refusal(_("现在没有管理员能收到。请直接联系管理员。"))
    one = suggestions.say(turn.db, actor, text, turn.now)
    for person, chat in people:
        with speaking(person.language):
            turn.say(_told(turn, one), chat=chat, lane=Lane.NOTICE)
    turn.say(_("建议 {number} 已直接交给管理员，不经过队长和督导。有答复会告诉您。").format(number=one.id))


def _told(turn: Turn, one: Suggestion) -> str:
    """What an administrator reads."""
    head = _("建议 {number}，{name}：").format(number=one.id, name=names.full(turn.db, one.person_id))
    advice = _("要答复，发送：建议 答复 {number} 加一段话").format(number=one.id)
    return escape("\n".join([head, suggestions.text_of(turn.db, one), "", advice]))


def _answer(turn: Turn, text: str) -> None:
    number, _space, words = text.partition(" ")
    if not keys.whole(number) or not words.strip():
        raise Refusal(_("请写上编号和答复，例如：建议 答复 12 下周起这张表不再要了。"))
    one = suggestions.answer(turn.db, turn.person(), keys.number([number]), words, turn.now)
    for person, chat in duties.private_chats(turn.db, [one.person_id]).values():
        with speaking(person.language):
            turn.say(escape(_heard(turn, one)), chat=chat, lane=Lane.NOTICE)
    turn.say(_("答复已发出。"))


def _heard(turn: Turn, one: Suggestion) -> str:
    return _("您的建议 {number} 有答复：{words}").format(
        number=one.id, words=suggestions.answer_of(turn.db, one)
    )
