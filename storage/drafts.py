"""Drafts at work: opening, filling, switching, giving up and taking up again. Rows are in storage/draft.py.

Several drafts may be open; one per chat is in focus and takes what is typed. None expires.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, select

from storage import chats, photos, scope
from storage.db import fresh, many, new_uid, run
from storage.draft import Draft, DraftState
from storage.forms import Photos, Text, flow
from storage.forms.detail import Step
from storage.identity import Actor
from storage.kinds import KINDS
from storage.private_numbers import hide, hide_in
from storage.refusals import Gone, Refusal
from storage.report import Report
from storage.sealing import open_json, seal_json
from storage.texts import N_, _

NOTE = "note"
"""The kind of a draft that holds words whose kind of report is not chosen yet."""
CORRECT = "correct"
WITHDRAW = "withdraw"
EDITED = 30
"""How many of a chat's latest drafts are looked through for the message that was edited."""

_REASON = Text(
    label=N_("撤回原因"),
    prompt=N_("为什么撤回？点一个，或写一句。"),
    suggest=(N_("报重了"), N_("填错了户"), N_("情况不属实")),
)
_WORDS = Text(label=N_("文字"), prompt=N_("请写一两句。"))


@dataclass
class Filling:
    """What a draft holds. `said` tells which message gave which text ({message id: [question, text, what
    stood before it]}), so that an edited message changes its answer; `loose` is a typed text without a place;
    `late` are ids of photos that came after sending."""

    answers: dict[str, Any] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    loose: str | None = None
    late: list[int] = field(default_factory=list)
    version: int = 0
    """Of the report when the step that the draft fills was opened."""
    dropped: list[str] = field(default_factory=list)
    """Labels of answers that today's questions do not know any more, to be told on the card."""


def asks_of(draft: Draft) -> flow.Asks:
    """The questions of a draft: its kind's, or those of the step it fills. Raises Gone for a lost kind."""
    return _asks(draft.kind, draft.step)


@cache
def _asks(kind: str, step: str | None) -> flow.Asks:
    if kind == NOTE:
        return {"findings": _WORDS}
    if step == WITHDRAW:
        return {"reason": _REASON}
    taken = _step(kind, step)
    return taken.asks if taken else _kind(kind).asks


def title_of(draft: Draft) -> str:
    """What the draft is, in words."""
    if draft.kind == NOTE:
        return _("一段文字")
    step = _step(draft.kind, draft.step)
    return _(step.title) if step else _(_kind(draft.kind).title)


def about(session: Session, draft: Draft) -> list[str]:
    """Lines above the questions of a step: what it answers."""
    step = _step(draft.kind, draft.step)
    if step is None or draft.report_id is None:
        return []
    return step.about(session, session.get_one(Report, draft.report_id))


def _kind(kind: str) -> Any:
    if kind not in KINDS:
        raise Gone(_("这种报告已经停用，草稿无法继续。内容仍然保留，请联系管理员。"))
    return KINDS[kind]


def _step(kind: str, step: str | None) -> Step | None:
    if step in (None, CORRECT, WITHDRAW):
        return None
    found: Step | None = _kind(kind).steps.get(step)
    if found is None:
        raise Gone
    return found


def start(
    session: Session,
    chat: chats.Chat,
    actor: Actor,
    kind: str,
    now: datetime,
    *,
    answers: dict[str, Any] | None = None,
    step: str | None = None,
    report: Report | None = None,
    focus: bool = True,
) -> Draft:
    """Open a draft in a private chat; it takes the focus unless told otherwise. The village is
    answered already where it goes without saying."""
    draft = fresh(
        Draft, uid=new_uid(), bot=chat.bot, chat_id=chat.id or 0, person_id=actor.person_id, kind=kind, step=step,
        report_id=report.id if report else None, answers=b"", focus=False, created_at=now, touched_at=now,
    )  # fmt: skip
    filled = Filling(answers=dict(answers or {}))
    if "village" in asks_of(draft) and (village := usual_village(session, actor)):
        filled.answers.setdefault("village", village)
    draft.asking = flow.next_question(asks_of(draft), filled.answers)
    if focus:
        use(session, draft)
    keep(session, draft, filled, now)
    return draft


_REPORTS = SQLModel.metadata.tables["report"].c
# In the order of the index of authors: some have thousands of reports.
_VILLAGE = (
    select(_REPORTS.village)
    .where(_REPORTS.author_id == bindparam("person"))
    .order_by(_REPORTS.sent_at.desc(), _REPORTS.id.desc())
    .limit(1)
)


def usual_village(session: Session, actor: Actor) -> str | None:
    """The village that is meant when nothing is said: the default one, else the one reported from last, else
    the first of one's own. It is a line on the card that can be changed."""
    if actor.default_village in actor.villages:
        return actor.default_village
    last = run(session, _VILLAGE, person=actor.person_id).scalar()
    return last if last in actor.villages else next(iter(actor.villages), None)


def filling(session: Session, draft: Draft) -> Filling:
    """What the draft holds now, photos counted, reconciled with today's questions."""
    asks, found = asks_of(draft), held(session, draft)
    good, dropped = flow.reconcile(asks, found.answers)
    found.answers, found.dropped = good, [*found.dropped, *dropped]
    found.answers |= _photo_counts(session, draft, asks)
    return found


def held(session: Session, draft: Draft) -> Filling:
    """What was written down of a draft: without its photos, perhaps for questions of another day."""
    return Filling(**open_json(session, "draft.answers", draft.uid, draft.answers))


def _photo_counts(session: Session, draft: Draft, asks: flow.Asks) -> dict[str, int]:
    counts = {name: _photos(session, draft, name) for name, ask in asks.items() if isinstance(ask, Photos)}
    return {name: count for name, count in counts.items() if count}


def _photos(session: Session, draft: Draft, question: str) -> int:
    """Photos that are kept or on their way; a correction, or a step that is taken again, counts those of its
    report too."""
    mine = photos.counts(session, draft, question)
    count, step = mine.kept + mine.waiting, _step(draft.kind, draft.step)
    if draft.step is not None and draft.report_id is not None and (step is None or step.carries):
        sent = photos.counts(session, session.get_one(Report, draft.report_id), question)
        count += sent.kept + sent.waiting
    return count


def keep(session: Session, draft: Draft, filled: Filling, now: datetime) -> None:
    """Write down what a draft holds. Photos are rows of their own, so their counts are left out."""
    asks = asks_of(draft)
    _hide(session, draft, filled, asks, now)
    plain = {name: value for name, value in filled.answers.items() if not isinstance(asks[name], Photos)}
    held = {one.name: getattr(filled, one.name) for one in fields(filled)} | {"answers": plain}
    draft.answers = seal_json(session, "draft.answers", draft.uid, held)
    draft.touched_at = now
    if draft.id is None:
        session.add(draft)
        session.flush()


def _hide(session: Session, draft: Draft, filled: Filling, asks: flow.Asks, now: datetime) -> None:
    """Personal numbers in what was written are sealed apart (storage/private_numbers.py)."""
    for name, value in filled.answers.items():
        if isinstance(asks[name], Text) and isinstance(value, str):
            filled.answers[name] = hide(session, value, draft.uid, now)
    filled.said = hide_in(session, filled.said, draft.uid, now)
    filled.loose = hide(session, filled.loose, draft.uid, now) if filled.loose else filled.loose


def move_on(session: Session, draft: Draft, filled: Filling | None = None) -> None:
    """Ask what is still missing, or show the summary. `filled` is what the draft holds, where that is known."""
    filled = filled or filling(session, draft)
    draft.asking = flow.next_question(asks_of(draft), filled.answers)


_FOCUSED = select(Draft).where(Draft.chat_id == bindparam("chat"), col(Draft.focus).is_(True))


def use(session: Session, draft: Draft) -> None:
    """Give a draft its chat's focus."""
    for other in many(session, Draft, _FOCUSED, chat=draft.chat_id):
        other.focus = other.id == draft.id
    draft.focus = True


def own(session: Session, draft_id: int, actor: Actor) -> Draft:
    """A draft of that person, whatever its state. Raises Gone or NotYours."""
    return scope.own(session, Draft, draft_id, actor)


def open_ones(session: Session, actor: Actor) -> list[Draft]:
    """A person's drafts, the one touched last first."""
    theirs = select(Draft).where(Draft.person_id == actor.person_id, Draft.state == DraftState.OPEN)
    return list(session.exec(theirs.order_by(col(Draft.touched_at).desc(), col(Draft.id).desc())))


def empty(session: Session, draft: Draft) -> bool:
    """Nothing was put into it but what went without saying."""
    filled = filling(session, draft)
    return draft.step is None and not filled.loose and set(filled.answers) <= {"village"}


def cancel(session: Session, draft: Draft, now: datetime) -> None:
    """Give a draft up; what it holds stays, to be taken up again. Raises Refusal when it was sent."""
    if draft.state == DraftState.SENT:
        raise Refusal(_("这份报告已经发送了。要撤回请点“撤回”。"))
    draft.state, draft.focus, draft.touched_at = DraftState.CANCELLED, False, now
    session.flush()


def restore(session: Session, draft: Draft, now: datetime) -> None:
    """Take up a draft that was given up."""
    if draft.state == DraftState.CANCELLED:
        draft.state, draft.touched_at = DraftState.OPEN, now
        use(session, draft)


def become(session: Session, draft: Draft, kind: str, actor: Actor, now: datetime) -> None:
    """Turn a note into a draft of that kind; its words become the findings."""
    filled = filling(session, draft)
    draft.kind = kind
    if village := usual_village(session, actor):
        filled.answers.setdefault("village", village)
    keep(session, draft, filled, now)
    move_on(session, draft)


def of_message(session: Session, chat: chats.Chat, message_id: int) -> tuple[Draft, Filling] | None:
    """The draft (sent ones too) that took its words from that message."""
    latest = select(Draft).where(Draft.chat_id == chat.id, Draft.state != DraftState.CANCELLED)
    for draft in session.exec(latest.order_by(col(Draft.touched_at).desc()).limit(EDITED)):
        found = held(session, draft)
        if str(message_id) in found.said:
            return draft, found
    return None


def of_card(session: Session, card_id: int | None) -> Draft | None:
    """The draft that a card shows."""
    return session.exec(select(Draft).where(Draft.card_id == card_id)).first() if card_id else None


def sent_last(session: Session, chat: chats.Chat) -> Draft | None:
    """The draft of a chat that was sent last."""
    sent = select(Draft).where(Draft.chat_id == chat.id, Draft.state == DraftState.SENT)
    return session.exec(sent.order_by(col(Draft.touched_at).desc(), col(Draft.id).desc()).limit(1)).first()
