"""What people type and send: words, photos, places, edits. Comes after every other router's commands."""

from aiogram import Router
from aiogram.types import Message

from handlers import filling, forms, looking, pictures
from handlers.filters import Asking, HasDocument, HasLocation, HasPhoto, Posted, Private, Text
from handlers.forms import View, draw
from handlers.turn import Turn, escape
from storage import drafts, reporting
from storage.draft import Draft, DraftState
from storage.drafts import Filling
from storage.forms import flow
from storage.refusals import Refusal
from storage.report import Report
from storage.texts import _

router = Router(name="sending")


@router.message(Private(), Posted(), Text(), Asking())
async def words(message: Message, turn: Turn, draft: Draft) -> None:
    """Words while a draft is open: the answer to what is asked."""
    view = filling.words_typed(turn, draft, message.text or "", message.message_id)
    looking.tidy(turn, message, draft)
    draw(turn, draft, View(view.note, many=view.many, below=True, filled=view.filled))


@router.message(Private(), Posted(), Text())
async def words_alone(message: Message, turn: Turn) -> None:
    """Words without a draft: kept, and asked what they are about."""
    draft = forms.begin(turn, drafts.NOTE)
    filling.add_words(turn, draft, message.text or "", message.message_id)
    looking.tidy(turn, message, draft)
    draw(turn, draft)


@router.message(Private(), Posted(), HasPhoto())
async def photo(message: Message, turn: Turn) -> None:
    pictures.take(turn, message, pictures.of_photo(message))


@router.message(Private(), Posted(), HasDocument())
async def document(message: Message, turn: Turn) -> None:
    picture = pictures.of_document(message)
    if picture is None:
        pictures.no_picture(turn, message)
    else:
        pictures.take(turn, message, picture)


@router.message(Private(), Posted(), HasLocation())
async def place(message: Message, turn: Turn) -> None:
    """A place goes to the question that can take it; without a draft it begins a visit."""
    draft = turn.draft or forms.begin(turn, "visit")
    name, location = flow.place_question(drafts.asks_of(draft)), message.location
    if name is None or location is None:
        raise Refusal(_("这一份不需要位置。请按卡片上的提示继续。"))
    asking = draft.asking
    filling.put(turn, draft, name, [location.latitude, location.longitude])
    if asking != name and asking is not None:
        draft.asking = asking
    draw(turn, draft, View(_("位置已收到。"), below=True))


@router.edited_message(Private(), Posted())
async def edited(message: Message, turn: Turn) -> None:
    """A message that was edited changes the answer it gave; after sending, a correction is offered."""
    found = drafts.of_message(turn.db, turn.chat, message.message_id)
    said = (message.text or message.caption or "").strip()
    if found is None or not said:
        return
    draft, filled = found
    if draft.state == DraftState.SENT:
        _offer_correction(turn, draft, filled, message, said)
    elif filling.reworded(filled, message.message_id, said) is not None:
        drafts.keep(turn.db, draft, filled, turn.now)
        looking.tidy(turn, message, draft)
        if draft.focus:
            draw(turn, draft, View(_("已按修改后的文字更新。")))


def _offer_correction(turn: Turn, draft: Draft, filled: Filling, message: Message, said: str) -> None:
    """A correction with the new words, to send by one tap. The report has the old ones until then."""
    report = turn.db.get_one(Report, draft.report_id)
    name = filled.said[str(message.message_id)][0]
    if filling.reworded(filled, message.message_id, said) is None:
        return
    reporting.may_change(turn.db, report, turn.person())
    answers = reporting.answers_of(turn.db, report) | {name: filled.answers[name]}
    made = drafts.start(
        turn.db, turn.chat, turn.person(), report.kind, turn.now,
        answers=answers, step=drafts.CORRECT, report=report, focus=turn.draft is None,
    )  # fmt: skip
    looking.tidy(turn, message, made)
    draw(turn, made, View(_("您改了已发送的文字。要更正报告吗？")))


@router.message(Private(), Posted())
async def anything_else(message: Message, turn: Turn) -> None:
    """Stickers, recordings and what Telegram will invent: a sentence, and the card stays."""
    turn.say(escape(_what_to_do(message)))
    if turn.draft is not None:
        draw(turn, turn.draft, View(below=True))


def _what_to_do(message: Message) -> str:
    if message.voice or message.audio:
        return _("录音还不能存。请用文字写一两句，可以用输入法的语音转文字。")
    if message.video or message.video_note or message.animation:
        return _("视频还不能存。请发照片，或者从视频里截几张图。")
    if message.sticker:
        return _("贴纸没法记下来。请用文字或照片。")
    return _("这条没有看懂。报走访发 走访，报照片直接发照片，其他发 /help 看看。")
