"""Papers of rectifications: the order document (交办单), asked for when a problem is issued and whenever somebody wants
it again; the lists and the ledger. They are made as errands and reach people as files."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from storage import casework, county, duties, errands, file_letters, journal, photos
from storage.chats import Chat
from storage.identity import Actor
from storage.kinds.rectification import LIFE, MEND
from storage.letters import Lane
from storage.refusals import NotYours
from storage.report import Report
from storage.texts import _, language, speaking

ISSUED = "issued"
PATIENCE = timedelta(minutes=10)
"""So long the document waits for photos that are on their way."""


def issued(session: Session, report: Report, now: datetime) -> None:
    """Those who are to mend it get the document."""
    people = duties.private_chats(session, casework.owing(session, report, LIFE.clock(MEND), now))
    _ask(session, report, [(chat, person.language) for person, chat in people.values()], now)


def again(session: Session, report: Report, chat: Chat, now: datetime) -> None:
    """Somebody wants it; pressing again within the minute draws nothing twice."""
    _ask(session, report, [(chat, language())], now, about=f"{now:%Y%m%d%H%M}")


def _ask(
    session: Session, report: Report, chats: Sequence[tuple[Chat, str]], now: datetime, about: str = ISSUED
) -> None:
    if not chats:
        return
    to = [[chat.id, spoken] for chat, spoken in chats]
    body = {"report": report.id, "chats": to, "since": now.isoformat(), "about": about}
    key = f"order:{report.id}:{about}:{to[0][0]}"
    errands.send_on(session, chats[0][0].bot, "order", body, due_at=now, key=key)


def ledger(session: Session, actor: Actor, chat: Chat, now: datetime) -> None:
    """Somebody wants the lists and the ledger of what they manage, as a file. Raises NotYours for others. Journaled;
    pressing again within the minute makes nothing twice."""
    regions = list(actor.regions())
    if not regions:
        raise NotYours
    day = county.today(session, now)
    name = _("整改清单和台账 {day}").format(day=day.isoformat())
    body = {"chat": chat.id, "regions": regions, "language": language(), "name": name}
    key = f"ledger:{chat.id}:{now:%Y%m%d%H%M}"
    if errands.send_on(session, chat.bot, "ledger", body, due_at=now, key=key) is not None:
        journal.write(session, actor.person_id, "rectifications.export", "reports", now, places=regions)


def send_ledger(session: Session, chat_id: int, sha: str, name: str, errand_id: int, now: datetime) -> None:
    """The workbook, once for an errand."""
    file_letters.send(session, chat_id, sha, f"{name}.xlsx", now=now, key=f"ledger:{errand_id}")


def report_of(session: Session, report_id: int) -> Report:
    return session.get_one(Report, report_id)


def may_wait(session: Session, report: Report, since: datetime, now: datetime) -> bool:
    """Photos of the problem are on their way, and there is still patience for them."""
    return photos.counts(session, report).waiting > 0 and now - since < PATIENCE


def send(
    session: Session, report: Report, sha: str, chats: Iterable[tuple[int, str]], about: str, now: datetime
) -> None:
    """The document to each chat (id, language), once for each time that it was asked for."""
    lane = Lane.NOTICE if about == ISSUED else Lane.TALK
    for chat_id, spoken in chats:
        key = f"order:{report.id}:{about}:{chat_id}"
        with speaking(spoken):
            name = _("交办单 {number}").format(number=report.number)
        file_letters.send(session, chat_id, sha, f"{name}.docx", now=now, lane=lane, key=key)
