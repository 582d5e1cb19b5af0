"""Photos as they arrive: one by one, in albums, as files, late or twice."""

from dataclasses import dataclass
from datetime import timedelta

from aiogram.types import Message

from handlers import filling, forms, looking
from handlers.forms import View, draw
from handlers.turn import Turn
from storage import drafts, journal, photos, receipts
from storage.draft import Draft, DraftState
from storage.forms import Photos, flow
from storage.photo import Photo
from storage.refusals import Refusal
from storage.report import Report, ReportState
from storage.texts import _

RIGHT_AFTER = timedelta(seconds=60)
"""A photo without words that comes this soon after a report was sent belongs to it."""
ENDINGS = (
    ".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".heif", ".hif", ".avif", ".bmp", ".gif", ".tif", ".tiff",
)  # fmt: skip
"""Only these files are fetched; what they are is told by their bytes."""


@dataclass(frozen=True)
class Picture:
    """What Telegram said of a picture. `size` in bytes."""

    file_id: str
    unique_id: str
    as_file: bool = False
    name: str | None = None
    size: int | None = None
    mime: str | None = None


def of_photo(message: Message) -> Picture:
    """The largest of the sizes that Telegram made."""
    largest = max(message.photo or [], key=lambda one: one.width * one.height)
    return Picture(largest.file_id, largest.file_unique_id, size=largest.file_size)


def of_document(message: Message) -> Picture | None:
    """A picture sent as a file; None for another kind of file."""
    sent = message.document
    name = (sent.file_name or "").lower() if sent else ""
    if sent is None or not ((sent.mime_type or "").startswith("image/") or name.endswith(ENDINGS)):
        return None
    return Picture(sent.file_id, sent.file_unique_id, True, sent.file_name, sent.file_size, sent.mime_type)


def no_picture(turn: Turn, message: Message) -> None:
    """A file that is no picture: a sentence, its caption is kept, and the card stays."""
    sentence = _("只收照片文件（JPEG、PNG、WebP、HEIC、AVIF）。其他文件请截图后作为照片发送。")
    if turn.draft is None:
        raise Refusal(sentence)
    if message.caption:
        filling.add_words(turn, turn.draft, message.caption, message.message_id)
        looking.tidy(turn, message, turn.draft)
    draw(turn, turn.draft, View(sentence, many=_ticking(turn, turn.draft), below=True))


def take(turn: Turn, message: Message, picture: Picture) -> None:
    """Put a photo where it belongs: to its album, to the report just sent, to the open draft, or to a new
    photo report."""
    report = _report_of(turn, message)
    if report is not None:
        _add_late(turn, message, picture, report)
        return
    draft = _draft_of(turn, message)
    new_album = _first_of_album(turn, message)
    note = _add(turn, message, picture, draft)
    if message.caption:
        filling.add_words(turn, draft, message.caption, message.message_id)
        looking.tidy(turn, message, draft)
    elif draft.asking is not None:
        _answered(turn, draft)
    if draft.state == DraftState.OPEN and draft.focus:
        draw(turn, draft, View(note, many=_ticking(turn, draft), below=new_album))


def _add(turn: Turn, message: Message, picture: Picture, draft: Draft) -> str:
    """Write the photo down. What to tell when it is not taken; with words, these are kept all the same."""
    try:
        _room(turn, draft)
        _write(turn, message, picture, draft=draft)
    except Refusal as refusal:
        if turn.draft is None and not message.caption:
            raise
        return refusal.sentence
    return ""


def _room(turn: Turn, draft: Draft) -> None:
    asks = drafts.asks_of(draft)
    ask = asks[_question(draft)]
    if isinstance(ask, Photos):
        ask.room(drafts.filling(turn.db, draft).answers.get(_question(draft), 0))


def _write(
    turn: Turn, message: Message, picture: Picture, draft: Draft | None = None, report: Report | None = None
) -> Photo | None:
    """The photo's row; None when it is known already. Raises Refusal for one that cannot be kept."""
    return photos.add(
        turn.db, bot=turn.bot, chat=turn.chat, message_id=message.message_id, draft=draft, report=report,
        question=_question(draft) if draft is not None else _late_question(turn, message),
        file_id=picture.file_id, unique_id=picture.unique_id, media_group=message.media_group_id,
        as_file=picture.as_file, name=picture.name, size=picture.size, mime=picture.mime, now=turn.now,
    )  # fmt: skip


def _question(draft: Draft) -> str:
    """Raises Refusal when the form takes no photos."""
    name = flow.photo_question(drafts.asks_of(draft), draft.asking)
    if name is None:
        raise Refusal(_("这一步不需要照片。请先完成或取消，再发照片。"))
    return name


def _answered(turn: Turn, draft: Draft) -> None:
    """A required photo question is answered by its first photo; an optional one goes on asking."""
    ask = drafts.asks_of(draft).get(draft.asking or "")
    if isinstance(ask, Photos) and not ask.optional:
        drafts.move_on(turn.db, draft)


def _ticking(turn: Turn, draft: Draft) -> bool:
    return draft.asking is not None and filling.ticked(turn, draft, draft.asking)


def _first_of_album(turn: Turn, message: Message) -> bool:
    group = message.media_group_id
    return group is None or photos.of_album(turn.db, turn.chat, group) is None


def _draft_of(turn: Turn, message: Message) -> Draft:
    """The draft that takes the photo: the one that has its album, the open one, or a new one."""
    if message.media_group_id is not None:
        earlier = photos.of_album(turn.db, turn.chat, message.media_group_id)
        if earlier is not None and earlier.draft_id is not None:
            return turn.db.get_one(Draft, earlier.draft_id)
    draft = turn.draft
    if draft is None:
        return forms.begin(turn, "photo")
    if draft.kind == drafts.NOTE:
        drafts.become(turn.db, draft, "photo", turn.person(), turn.now)
    return draft


def _report_of(turn: Turn, message: Message) -> Report | None:
    """The report that was sent before its last photos came."""
    if message.media_group_id is not None:
        earlier = photos.of_album(turn.db, turn.chat, message.media_group_id)
        if earlier is not None and earlier.report_id is not None:
            return turn.db.get_one(Report, earlier.report_id)
    if turn.draft is not None or message.caption or not _first_of_album(turn, message):
        return None
    return _just_sent(turn)


def _just_sent(turn: Turn) -> Report | None:
    draft = drafts.sent_last(turn.db, turn.chat)
    if draft is None or draft.step == drafts.CORRECT or turn.now - draft.touched_at > RIGHT_AFTER:
        return None
    report = turn.db.get_one(Report, draft.report_id)
    takes = flow.photo_question(drafts.asks_of(draft)) is not None
    return report if takes and report.state != ReportState.WITHDRAWN else None


def _late_question(turn: Turn, message: Message) -> str:
    """The question of a photo that came after sending: its album's, or that of what was sent last."""
    group = message.media_group_id
    earlier = photos.of_album(turn.db, turn.chat, group) if group is not None else None
    if earlier is not None:
        return earlier.question
    draft = drafts.sent_last(turn.db, turn.chat)
    return (flow.photo_question(drafts.asks_of(draft)) if draft is not None else None) or "photos"


def _add_late(turn: Turn, message: Message, picture: Picture, report: Report) -> None:
    """A photo that came after its report was sent is added to it; the receipt says so."""
    if report.state == ReportState.WITHDRAWN:
        raise Refusal(
            _("{number} 已撤回，这张照片没有加上。要报这张照片，请重新发一次。").format(number=report.number)
        )
    photo = _write(turn, message, picture, report=report)
    if photo is not None:
        journal.write(turn.db, turn.person().person_id, "photo.late", f"report:{report.number}", turn.now)
        receipts.photo_late(turn.db, photo, report, turn.now)
