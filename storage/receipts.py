"""The receipt: the card a draft turns into when it was sent. It says what happens next and, until the bytes
are here, how far the photos are."""

import html
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage import cards, drafts, photos, picking
from storage.answers import Answers, answers_of
from storage.chats import Chat
from storage.draft import Draft, DraftState
from storage.forms import Photos, flow
from storage.kinds import KINDS
from storage.people import Person
from storage.photo import Photo
from storage.report import Report, StepTaken
from storage.texts import _, speaking

SHORT = 40


def payload(session: Session, draft: Draft) -> dict[str, Any]:
    """Parameters of the message that shows the receipt of a draft that was sent."""
    report = session.get_one(Report, draft.report_id)
    answers = answers_of(session, report)
    urgent = draft.step is None and KINDS[draft.kind].urgent(answers)
    lines = [
        f"<b>{html.escape(_head(draft))}</b>",
        f"<code>{report.number}</code>",
        "" if _outside(draft) else html.escape(_short(session, report, answers)),
        *_progress(session, draft, report),
        *([html.escape(_("已马上告诉队长和管理组。"))] if urgent else []),
        html.escape(_next(draft)),
        *_late(session, draft, report),
    ]
    return {
        "text": "\n".join(line for line in lines if line),
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": [] if _outside(draft) else _buttons(draft, report)},
        "link_preview_options": {"is_disabled": True},
    }


def _outside(draft: Draft) -> bool:
    step = KINDS[draft.kind].steps.get(draft.step or "")
    return step is not None and step.outside


def _head(draft: Draft) -> str:
    if draft.step == drafts.WITHDRAW:
        return _("✓ 已撤回")
    if draft.step == drafts.CORRECT:
        return _("✓ 已更正")
    step = KINDS[draft.kind].steps.get(draft.step or "")
    if step is not None and step.done:
        return _(step.done)
    if KINDS[draft.kind].issued:
        return _("✓ 已交办")
    return _("✓ {title}已发送").format(title=drafts.title_of(draft))


def _next(draft: Draft) -> str:
    kind = KINDS[draft.kind]
    if draft.step is None:
        return _(kind.next)
    if draft.step == drafts.CORRECT:
        return _("原来的内容保留在历史里，队长和管理组能看到改动。")
    if draft.step == drafts.WITHDRAW:
        return _("不再计入统计，内容和原因都留有记录。")
    return _(kind.steps[draft.step].next) if kind.steps[draft.step].next else ""


def _short(session: Session, report: Report, answers: Answers) -> str:
    """Where, whom and what about, on one line."""
    asks = KINDS[report.kind].asks
    lines = flow.lines(asks, answers, picking.texts(session, asks, answers))
    texts = [text.replace("\n", " ") for name, _label, text in lines if name != "photos"]
    return " · ".join(text if len(text) <= SHORT else text[: SHORT - 1] + "…" for text in texts[:4])


def _progress(session: Session, draft: Draft, report: Report) -> list[str]:
    if draft.step == drafts.WITHDRAW:
        return []
    names = [name for name, ask in drafts.asks_of(draft).items() if isinstance(ask, Photos)]
    counts = [photos.counts(session, report, name) for name in names]
    kept, waiting = sum(one.kept for one in counts), sum(one.waiting for one in counts)
    lost = sum(one.refused for one in counts)
    return [
        *_saved(kept, waiting),
        *([_("{count} 张没有存下，原因见单独的消息。").format(count=lost)] if lost else []),
    ]


def _saved(kept: int, waiting: int) -> list[str]:
    if waiting:
        return [_("照片正在保存 {kept}/{all}").format(kept=kept, all=kept + waiting)]
    return [_("照片 {kept} 张，已全部保存").format(kept=kept)] if kept else []


def _late(session: Session, draft: Draft, report: Report) -> list[str]:
    """Photos that came after the report was sent; one sent twice is not among the report's."""
    ids = drafts.held(session, draft).late
    if not ids:
        return []
    late = [photo for photo in photos.of_report(session, report) if photo.id in ids]
    return [_("发送后又收到 {count} 张，已加进这份报告。").format(count=len(late))] if late else []


def _buttons(draft: Draft, report: Report) -> list[list[dict[str, str]]]:
    see = {"text": _("查看"), "callback_data": f"m:see:{report.id}"}
    label = _("再交办一件") if KINDS[draft.kind].issued else _("再报一份")
    again = {"text": label, "callback_data": f"f:new:{draft.kind}"}
    if draft.step == drafts.WITHDRAW:
        return [[see, again]]
    if draft.step not in (None, drafts.CORRECT):
        return [[see]]
    if "household" in KINDS[draft.kind].asks:
        again["text"] = _("再报一户")
    fix = {"text": _("更正"), "callback_data": f"m:fix:{report.id}"}
    take_back = {"text": _("撤回"), "callback_data": f"m:drop:{report.id}"}
    return [[see, fix, take_back], [again]]


def photo_late(session: Session, photo: Photo, report: Report, now: datetime) -> None:
    """A photo came after its report was sent: the receipt says so."""
    draft = _receipt(session, report.id or 0)
    if draft is not None:
        photo.step_id = _step_of(session, draft)
        filled = drafts.filling(session, draft)
        filled.late.append(photo.id or 0)
        drafts.keep(session, draft, filled, draft.touched_at)
    photos_changed(session, report.id or 0, now)


def _step_of(session: Session, draft: Draft) -> int | None:
    """The workflow step that the draft took."""
    taken = select(StepTaken.id).where(StepTaken.report_id == draft.report_id, StepTaken.step == draft.step)
    return session.exec(taken.order_by(col(StepTaken.id).desc())).first() if draft.step else None


def _receipt(session: Session, report_id: int) -> Draft | None:
    """The draft whose card is the newest receipt of the report."""
    sent = select(Draft).where(Draft.report_id == report_id, Draft.state == DraftState.SENT)
    return session.exec(sent.where(col(Draft.card_id).is_not(None)).order_by(col(Draft.id).desc())).first()


def photos_changed(session: Session, report_id: int, now: datetime) -> None:
    """Bring the report's receipt up to date, after a photo was kept, refused, lost or added."""
    draft = _receipt(session, report_id)
    if draft is None or draft.step == drafts.WITHDRAW:
        return
    card, chat = session.get_one(cards.Card, draft.card_id), session.get_one(Chat, draft.chat_id)
    with speaking(session.get_one(Person, draft.person_id).language):
        cards.show(session, chat, payload(session, draft), now=now, card=card)
