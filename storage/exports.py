"""Exports somebody asked for, in chat or on the console: what of, in what form, how far it is. Made by an errand,
shown on a card or a page."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage import errands, identity, journal, letters, queries
from storage.cards import Card
from storage.chats import Chat
from storage.db import Utc, by_value, new_uid
from storage.errands import Errand, ErrandState
from storage.identity import Actor
from storage.letters import Letter, LetterState
from storage.people import Role
from storage.reading import Filter
from storage.redact import redact
from storage.refusals import Gone, Refusal
from storage.scope import own
from storage.sealing import open_text, seal_text
from storage.texts import _, language

REVEALING = (Role.LEADER, Role.SUPERVISOR, Role.ADMIN)
"""Who may have names and numbers in full, for a reason."""
FRESH = timedelta(days=1)
"""So long a reason may still be given, and a file waits to be sent."""
LOOK = timedelta(minutes=10)
"""Between two looks whether the file was sent."""


_WHOLE = re.compile(r"[A-Z]+-\d{8}-\d{4,}")


class Form(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    PHOTOS = "photos"
    DOCX = "docx"
    """One record whole, with its life and photos."""


class ExportState(StrEnum):
    ASKED = "asked"
    """The card asks which form."""
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    TOO_LARGE = "too_large"
    FAILED = "failed"


class Export(SQLModel, table=True):
    """`filter` (`export.filter|uid`) and `reason` (`export.reason|uid`) are sealed. `done` of `total` reports are
    written. `files` (`export.files|uid`, storage/fetching.py) wait to be fetched on the console until `until`."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    chat_id: int = Field(foreign_key="chat.id")
    card_id: int | None = Field(default=None, foreign_key="card.id")
    filter: bytes = Field(sa_type=LargeBinary)
    reason: bytes | None = Field(default=None, sa_type=LargeBinary)
    form: str = ""
    state: ExportState = Field(default=ExportState.ASKED, sa_type=by_value(ExportState))
    language: str = "zh"
    done: int = 0
    total: int = 0
    size: int = 0
    """Bytes of the largest file, where it is too large to be sent."""
    created_at: datetime = Field(sa_type=Utc)
    on_console: bool = False
    """Whether it was asked for there, and the chat hears nothing of it."""
    files: bytes | None = Field(default=None, sa_type=LargeBinary)
    until: datetime | None = Field(default=None, sa_type=Utc)


def ask(
    session: Session, actor: Actor, chat: Chat, asked: Filter, now: datetime, *, on_console: bool = False
) -> Export:
    """Somebody wants the answer to a query as a file, in that private chat or on the console; which kind is asked
    next."""
    uid = new_uid()
    export = Export(
        uid=uid, person_id=actor.person_id, chat_id=chat.id or 0, language=language(), created_at=now,
        filter=queries.sealed(session, "export.filter", uid, asked), on_console=on_console,
    )  # fmt: skip
    session.add(export)
    session.flush()
    return export


def find(session: Session, actor: Actor, export_id: int) -> Export:
    """An export of this person. Raises Gone, or NotYours for somebody else's."""
    return own(session, Export, export_id, actor)


def of_person(session: Session, actor: Actor, most: int) -> list[Export]:
    """What somebody asked for last, newest first."""
    mine = select(Export).where(Export.person_id == actor.person_id).order_by(col(Export.id).desc())
    return list(session.exec(mine.limit(most)))


def by_id(session: Session, export_id: int) -> Export:
    """For the errand that makes it."""
    return session.get_one(Export, export_id)


def filter_of(session: Session, export: Export) -> Filter:
    return queries.opened(session, "export.filter", export.uid, export.filter)


def reason_of(session: Session, export: Export) -> str:
    """Why names and numbers are in full; "" when they are masked."""
    return open_text(session, "export.reason", export.uid, export.reason) if export.reason else ""


def offered(asked: Filter) -> list[Form]:
    """What can be made of an answer: a document only of one record, which its whole number asks for."""
    return [form for form in Form if form is not Form.DOCX or _WHOLE.fullmatch(asked.number)]


def may_reveal(actor: Actor) -> bool:
    return actor.has(*REVEALING)


def give_reason(session: Session, actor: Actor, reason: str, now: datetime) -> Export:
    """Names and numbers in full for that reason, in the export that was asked for last. Raises Refusal."""
    if not may_reveal(actor):
        raise Refusal(_("不打码的导出只给队长、督查和管理员。请直接选一种文件，导出的是打码的。"))
    plain = redact(" ".join(reason.split()), "***")
    if not 2 <= len(plain) <= 200:
        raise Refusal(_("请写明理由，2 到 200 个字，例如：查询 理由 县审计局抽查。"))
    mine = select(Export).where(
        Export.person_id == actor.person_id,
        Export.state == ExportState.ASKED,
        Export.created_at > now - FRESH,
    )
    export = session.exec(mine.order_by(col(Export.id).desc())).first()
    if export is None:
        raise Refusal(_("没有等着选文件的导出。请先查一次，点“导出”，再写理由。"))
    export.reason = seal_text(session, "export.reason", export.uid, plain)
    return export


def start(session: Session, actor: Actor, export: Export, form: str, bot: int, now: datetime) -> None:
    """Have it made. One at a time for a person; journaled. Raises Refusal or Gone."""
    if form not in offered(filter_of(session, export)):
        raise Gone
    if export.state != ExportState.ASKED:
        return
    running = select(Export.id).where(
        Export.person_id == actor.person_id, Export.state == ExportState.RUNNING
    )
    if session.exec(running).first() is not None:
        raise Refusal(_("您的上一个导出还在做。请等它做完，或者先取消它。"))
    export.form, export.state = form, ExportState.RUNNING
    note(session, actor.person_id, filter_of(session, export), form, reason_of(session, export), now)
    errands.send_on(session, bot, "export", {"export": export.id}, due_at=now, key=f"export:{export.id}")


def note(session: Session, person: int | None, asked: Filter, form: str, reason: str, now: datetime) -> None:
    """The journal's line of an export; words are left out, because they may be names."""
    about = {"form": form, "kind": asked.kind, "places": list(asked.places), "team": asked.team_id}
    period = f"{asked.since or ''} {asked.until or ''}".strip()
    journal.write(session, person, "reports.export", "reports", now, **about, period=period)
    if reason:
        journal.read(session, person, "household.head", "reports", reason, now)


def cancel(export: Export) -> None:
    if export.state in (ExportState.ASKED, ExportState.RUNNING):
        export.state = ExportState.CANCELLED


def running(session: Session, export_id: int, now: datetime) -> tuple[Export, Actor] | None:
    """An export that is to be made, and for whom by now; None when it is not wanted any more, or its asker has no
    posting."""
    export = session.get(Export, export_id)
    if export is None or export.state != ExportState.RUNNING:
        return None
    actor = identity.actor(session, export.person_id, now)
    if actor is None:
        cancel(export)
        return None
    return export, actor


def chat_of(session: Session, export: Export) -> tuple[Chat, Card | None]:
    card = session.get(Card, export.card_id) if export.card_id else None
    return session.get_one(Chat, export.chat_id), card


def send(session: Session, export: Export, files: list[tuple[str, str]], now: datetime) -> None:
    """The files (hash, name) as letters, each once; they are deleted here when they are sent."""
    chat = session.get_one(Chat, export.chat_id)
    for place, (sha, name) in enumerate(files):
        payload = {"document": {"$file": sha, "name": name}}
        letters.say(session, chat, "sendDocument", payload, now=now, key=_key(export, place))
    body = {"export": export.id, "files": [sha for sha, _name in files], "until": (now + FRESH).isoformat()}
    errands.send_on(session, chat.bot, "export_gone", body, due_at=now + LOOK, key=f"export_gone:{export.id}")


def _key(export: Export, place: int) -> str:
    return f"export:{export.id}:{place}"


def sent(session: Session, export_id: int, count: int) -> bool:
    """Whether all its letters are gone, one way or the other."""
    keys = [f"export:{export_id}:{place}" for place in range(count)]
    waiting = (LetterState.WAITING, LetterState.SENDING, LetterState.HELD)
    left = select(Letter.id).where(col(Letter.key).in_(keys), col(Letter.state).in_(waiting))
    return session.exec(left).first() is None


def elsewhere(session: Session, sha: str, errand_id: int) -> bool:
    """Whether the same bytes wait for another export's sending."""
    others = select(Errand).where(
        Errand.kind == "export_gone", col(Errand.id) != errand_id, Errand.state == ErrandState.WAITING
    )
    return any(sha in errands.body_of(session, one)["files"] for one in session.exec(others))
