"""Lists that managers bring to the console as files: the same lists as in chat, looked at and taken in by the same
errands. The file is kept sealed for a day, and so is what is shown of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage import errands, list_kinds, lists
from storage.db import Utc, new_uid
from storage.identity import Actor
from storage.lists import CHECK, ENDINGS, LARGEST, Wish
from storage.refusals import NotYours, Refusal
from storage.scope import own
from storage.sealing import keyring, open_json, seal_json
from storage.texts import _, language

KEPT = timedelta(days=1)
_DATA, _SHOWN = "listupload.data", "listupload.shown"
Shown = tuple[str, list[list[tuple[str, str]]]]
"""HTML, and rows of (label, data): what a card of the chat has."""


class ListUpload(SQLModel, table=True):
    """A list that somebody brought: `data` (`listupload.data|uid`) and `shown` (`listupload.shown|uid`) are sealed.
    Shown are a text, rows of buttons, whether it is worked on, and links (name, place, address) of newcomers."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str
    data: bytes = Field(sa_type=LargeBinary)
    shown: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=Utc)


def ask(
    session: Session, actor: Actor, bot: int, file: tuple[str, bytes], kind: str, source: str, now: datetime
) -> ListUpload:
    """Have a file (name, bytes) looked at as a list of that kind; "" when its headings are to tell. Raises NotYours for
    those who manage nothing, Refusal for no list."""
    name, data = file[0].rpartition("/")[2].rpartition("\\")[2][-80:], file[1]
    if not actor.regions():
        raise NotYours
    if not name.lower().endswith(ENDINGS) or not data:
        raise Refusal(_("请选一个 xlsx 或 csv 文件。"))
    if len(data) > LARGEST:
        raise Refusal(_("{file} 太大了，请只留清单那一张表，分成几份。").format(file=name))
    uid = new_uid()
    box = keyring(session).seal(_DATA, uid, data)
    made = ListUpload(uid=uid, person_id=actor.person_id, name=name, data=box, created_at=now)
    session.add(made)
    session.flush()
    wish = Wish(
        file="", name=name, source=lists.source_of(name, source), person=actor.person_id, chat=0, card=0,
        language=language(), kind=list_kinds.kind_of(kind).value if kind else "", upload=made.id or 0,
    )  # fmt: skip
    errands.send_on(session, bot, CHECK, wish.body(), due_at=now, key=f"{CHECK}:upload:{made.id}")
    return made


def hold(session: Session, actor: Actor, name: str, now: datetime) -> int:
    """A place for what a list of the chat makes, whose file is not kept: its number."""
    uid = new_uid()
    box = keyring(session).seal(_DATA, uid, b"")
    made = ListUpload(uid=uid, person_id=actor.person_id, name=name, data=box, created_at=now)
    session.add(made)
    session.flush()
    return made.id or 0


def forget(session: Session, number: int) -> None:
    """It is not wanted any more."""
    session.delete(session.get_one(ListUpload, number))


def find(session: Session, actor: Actor, number: int) -> ListUpload:
    """One of this person's. Raises Gone, or NotYours for somebody else's."""
    return own(session, ListUpload, number, actor)


def of_person(session: Session, actor: Actor, most: int) -> list[ListUpload]:
    """What somebody brought last, newest first."""
    mine = select(ListUpload).where(ListUpload.person_id == actor.person_id)
    return list(session.exec(mine.order_by(col(ListUpload.id).desc()).limit(most)))


def data_of(session: Session, number: int) -> bytes | None:
    """The file; None when it is not kept any more."""
    found = session.get(ListUpload, number)
    return keyring(session).open(_DATA, found.uid, found.data) if found else None


def show(session: Session, number: int, shown: Shown, *, busy: bool = False) -> None:
    """What its page is to say from now on; `busy` as long as it is worked on."""
    found = session.get(ListUpload, number)
    if found is not None:
        found.shown = seal_json(session, _SHOWN, found.uid, [*shown, busy, links(session, found)])


def add_links(session: Session, number: int, told: Sequence[tuple[str, str, str]]) -> None:
    """Links for newcomers, shown from now on to whoever brought the list."""
    found = session.get(ListUpload, number)
    if found is not None:
        text, rows, busy, known = _opened(session, found)
        found.shown = seal_json(session, _SHOWN, found.uid, [text, rows, busy, [*known, *told]])


def shown(session: Session, one: ListUpload) -> tuple[Shown, bool] | None:
    """What its page says, and whether it is worked on; None before it was looked at."""
    if one.shown is None:
        return None
    text, rows, busy, _links = _opened(session, one)
    return (text, [[(label, data) for label, data in row] for row in rows]), busy


def links(session: Session, one: ListUpload) -> list[tuple[str, str, str]]:
    """Name, place and address of each link that taking it in has made."""
    return [(name, place, address) for name, place, address in _opened(session, one)[3]]


def _opened(session: Session, one: ListUpload) -> list[Any]:
    """What is shown; the links are missing where it was written by a version without them."""
    made: list[Any] = open_json(session, _SHOWN, one.uid, one.shown) if one.shown else ["", [], False]
    return [*made, []][:4]


def prune(session: Session, now: datetime) -> int:
    """Forget lists after their day. How many."""
    gone: Any = delete(ListUpload).where(col(ListUpload.created_at) <= now - KEPT)
    return int(session.exec(gone).rowcount)
