"""Erasure of what is known of a household, of somebody who worked here, or of old reports.

What names or describes people goes: names, numbers, texts, places, photos, drafts, former revisions, words in the
search index. What counts stays: number, kind, village, day, state, categories. A line of the journal tells what was
erased and why; the chain of the journal verifies as before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select, update

from storage import (
    cards,
    contact_cards,
    drafts,
    journal,
    likeness,
    looking,
    postings,
    private_numbers,
    search,
)
from storage.absences import Absence
from storage.chats import Chat
from storage.days import DayMark
from storage.diary import DiaryLine
from storage.draft import Draft, DraftState
from storage.exports import Export
from storage.forms import Text
from storage.households import Household
from storage.journal import JournalEntry
from storage.kinds import KINDS
from storage.letters import Letter
from storage.people import Person
from storage.photo import Photo, PhotoState, SentFile
from storage.photos import PhotoCopy
from storage.private_numbers import PrivateNumber
from storage.promises import Promise
from storage.redact import HIDDEN, redact
from storage.referrals import Referral
from storage.refusals import Refusal
from storage.report import Report, Revision, StepTaken
from storage.saved import SavedQuery
from storage.sealing import keyring, open_text, seal_json, seal_text
from storage.suggestions import Suggestion
from storage.tasks import Charge, Task
from storage.texts import N_, _

MARK = "—"
"""Stands where something was erased."""
PROBLEM = N_("已按规定删除。")


@dataclass
class Erased:
    """What went. `files` are hashes of files that nothing refers to any more: the caller deletes them after the
    commit."""

    reports: int = 0
    texts: int = 0
    numbers: int = 0
    photos: int = 0
    drafts: int = 0
    people: int = 0
    files: set[str] = field(default_factory=set)

    def add(self, more: "Erased") -> None:
        self.reports, self.texts = self.reports + more.reports, self.texts + more.texts
        self.numbers, self.photos = self.numbers + more.numbers, self.photos + more.photos
        self.drafts, self.people = self.drafts + more.drafts, self.people + more.people
        self.files |= more.files


def household(session: Session, household_id: int, reason: str, now: datetime) -> Erased:
    """Everything about a household and all reports on it. Raises Refusal."""
    home = session.get(Household, household_id)
    if home is None:
        raise Refusal(_("没有这一户。请用 zhucun households list 里的编号。"))
    done = Erased(numbers=_elsewhere(session, home))
    for report in session.exec(select(Report).where(Report.household_id == home.id).order_by(col(Report.id))):
        done.add(_report(session, report, reason, now))
    for draft in _begun(session, home.id or 0):
        _draft(session, draft, now, done)
    home.head = seal_text(session, "household.head", home.uid, MARK)
    home.phone = home.id_number = home.card = None
    home.phone_index = home.id_index = home.card_index = None
    home.category = home.members = None
    home.closed = True
    for card in contact_cards.of_household(session, home.id or 0):
        card.ended_at = now
    _note(session, f"household:{home.id}", reason, now, done)
    return done


def due(session: Session, day: datetime) -> list[int]:
    """Reports sent before that moment that are not under way and were not erased yet."""
    old = select(Report).where(Report.sent_at < day, col(Report.erased_at).is_(None)).order_by(col(Report.id))
    return [one.id or 0 for one in session.exec(old) if not _under_way(one)]


def _under_way(report: Report) -> bool:
    life = KINDS[report.kind].life
    return life is not None and report.state in life.live


def reports(session: Session, ids: Sequence[int], reason: str, now: datetime) -> Erased:
    """These reports; their households stay."""
    done = Erased()
    for report in session.exec(select(Report).where(col(Report.id).in_(ids)).order_by(col(Report.id))):
        done.add(_report(session, report, reason, now))
    return done


def photos(session: Session, report_id: int, reason: str, now: datetime) -> Erased:
    """The photos of a report, originals and what was made of them; its words stay."""
    report, done = session.get_one(Report, report_id), Erased()
    kept = select(Photo).where(Photo.report_id == report_id, col(Photo.sha256).is_not(None))
    for photo in session.exec(kept):
        _photo(session, photo, done)
    _note(session, f"report:{report.number}", reason, now, done)
    return done


def person(session: Session, person_id: int, reason: str, now: datetime) -> Erased:
    """Somebody who worked here: name, phone, account. What they reported stays, without a name. Raises
    Refusal, also while they have a posting."""
    one = session.get(Person, person_id)
    if one is None:
        raise Refusal(_("没有这个人。请用 zhucun person list 里的编号。"))
    if postings.active(session, person_id, now):
        raise Refusal(_("这个人还有任职。请先结束任职（zhucun person end），再删除个人信息。"))
    one.name = seal_text(session, "person.name", one.uid, MARK)
    one.phone = one.phone_index = one.telegram_id = one.default_village = None
    for table in (SavedQuery, Export, Absence, DayMark, DiaryLine, Suggestion):
        session.exec(delete(table).where(col(table.person_id) == person_id))
    done = Erased(people=1)
    _note(session, f"person:{person_id}", reason, now, done)
    return done


def _report(session: Session, report: Report, reason: str, now: datetime) -> Erased:
    done = Erased(reports=1)
    tokens = private_numbers.rows(session, looking.texts(session, report))
    theirs = list(session.exec(select(Draft).where(Draft.report_id == report.id)))
    origins = [report.uid, *(one.uid for one in theirs)]
    forgotten = delete(PrivateNumber).where(
        col(PrivateNumber.id).in_([one.id for one in tokens]) | col(PrivateNumber.origin).in_(origins)
    )
    done.numbers += session.exec(forgotten).rowcount
    done.texts += _answers(session, report) + _life(session, report)
    for photo in session.exec(select(Photo).where(Photo.report_id == report.id)):
        _photo(session, photo, done)
    for draft in theirs:
        _draft(session, draft, now, done)
    said = update(Letter).where(col(Letter.key).startswith(f"report:{report.id}:"))
    session.exec(said.values(payload=None))
    session.flush()
    search.index_report(session, report, [])
    report.erased_at = now
    _note(session, f"report:{report.number}", reason, now, done)
    return done


def _answers(session: Session, report: Report) -> int:
    """Texts and places of the detail row. How many."""
    kind, count = KINDS[report.kind], 0
    row = session.get_one(kind.table, report.id)
    for name, ask in kind.table.columns().items():
        if (isinstance(ask, Text) or ask.sealed) and getattr(row, name) is not None:
            setattr(row, name, MARK if isinstance(ask, Text) else None)
            count += 1
    return count


def _life(session: Session, report: Report) -> int:
    """Texts of steps, promises, tasks and former revisions. How many rows."""
    count = 0
    for step in session.exec(select(StepTaken).where(StepTaken.report_id == report.id)):
        form = KINDS[report.kind].steps.get(step.step)
        asks = form.asks if form is not None else {}
        step.note = MARK if step.note else step.note
        step.answers = {
            name: MARK if isinstance(asks.get(name), Text) else value for name, value in step.answers.items()
        }
        count += 1
    for promise in session.exec(select(Promise).where(Promise.report_id == report.id)):
        promise.what = promise.who = MARK
        promise.whom, promise.reason = promise.whom and MARK, promise.reason and MARK
        count += 1
    for referral in session.exec(select(Referral).where(Referral.report_id == report.id)):
        referral.what, referral.words = MARK, referral.words and MARK
        count += 1
    for task in session.exec(select(Task).where(Task.report_id == report.id)):
        task.what = task.lead = MARK
        task.support = task.support and MARK
        session.exec(update(Charge).where(col(Charge.task_id) == task.id).values(who=MARK))
        count += 1
    for former in session.exec(select(Revision).where(Revision.report_id == report.id)):
        former.answers = seal_json(session, "revision.answers", former.uid, {})
        former.reason = former.reason and MARK
        count += 1
    return count


def _photo(session: Session, photo: Photo, done: Erased) -> None:
    """The photo's row stays, so that the report says that there was one."""
    likeness.forget(session, photo.id or 0)
    copies = list(session.exec(select(PhotoCopy).where(PhotoCopy.photo_id == photo.id)))
    shas = {one.sha256 for one in copies} | ({photo.sha256} if photo.sha256 else set())
    for copy in copies:
        session.delete(copy)
    photo.state, photo.problem, photo.sha256 = PhotoState.GONE, PROBLEM, None
    photo.file_id = photo.unique_id = ""
    photo.name = photo.taken_at = photo.camera = photo.software = photo.place = None
    session.flush()
    used = {sha for sha in session.exec(select(Photo.sha256).where(col(Photo.sha256).in_(shas))) if sha}
    used |= set(session.exec(select(PhotoCopy.sha256).where(col(PhotoCopy.sha256).in_(shas))))
    session.exec(delete(SentFile).where(col(SentFile.sha256).in_(shas - used)))
    done.files |= shas - used
    done.photos += 1


def _draft(session: Session, draft: Draft, now: datetime, done: Erased) -> None:
    """What was typed, and the card that shows it; one that is open is given up."""
    for photo in session.exec(select(Photo).where(Photo.draft_id == draft.id)):
        _photo(session, photo, done)
    empty: Any = asdict(drafts.Filling())
    draft.answers = seal_json(session, "draft.answers", draft.uid, empty)
    if draft.state == DraftState.OPEN:
        draft.state, draft.focus = DraftState.CANCELLED, False
    card = session.get(cards.Card, draft.card_id) if draft.card_id else None
    if card is not None and card.wanted is not None:
        chat = session.get_one(Chat, card.chat_id)
        cards.show(session, chat, {"text": _(PROBLEM)}, now=now, card=card)
    done.drafts += 1


def _begun(session: Session, household_id: int) -> Iterator[Draft]:
    """Drafts about the household that were not sent."""
    for draft in session.exec(select(Draft).where(Draft.state != DraftState.SENT)):
        if draft.kind in KINDS and drafts.filling(session, draft).answers.get("household") == household_id:
            yield draft


def _elsewhere(session: Session, home: Household) -> int:
    """The household's numbers in any text. How many."""
    ring, known = keyring(session), [("id_number", home.id_number), ("phone", home.phone)]
    indexes: list[bytes] = []
    for name, box in known:
        if box is not None:
            number = open_text(session, f"household.{name}", home.uid, box)
            indexes += ring.indexes(f"private.{name}", number)
    found = delete(PrivateNumber).where(col(PrivateNumber.blind).in_(indexes))
    return session.exec(found).rowcount if indexes else 0


def _note(session: Session, record: str, reason: str, now: datetime, done: Erased) -> None:
    """The tombstone. Words that were given on the command line as a reason to look are emptied: their line stays in
    the chain by its commitment."""
    session.flush()
    lines = select(JournalEntry).where(JournalEntry.record == record, JournalEntry.action == "read")
    for line in session.exec(lines.where(col(JournalEntry.actor_id).is_(None))):
        line.body = line.salt = None
    journal.write(
        session,
        None,
        "erase",
        record,
        now,
        reason=redact(reason, HIDDEN),
        photos=done.photos,
        files=sorted(done.files),
    )
