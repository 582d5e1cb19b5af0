"""Questions that somebody asks often: kept under a name, told on a Monday or each working day if they wish."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from storage import queries
from storage.calendar import is_workday
from storage.county import Rhythm
from storage.db import Utc, new_uid
from storage.identity import Actor
from storage.personal import clean_name
from storage.reading import Filter
from storage.refusals import Gone, Refusal
from storage.scope import own
from storage.sealing import open_text, seal_text
from storage.texts import N_, _

MOST = 20
"""Questions that one person keeps."""
NEVER, MONDAY, WORKDAY = "never", "monday", "workday"
CADENCES = {MONDAY: N_("每周一告诉我"), WORKDAY: N_("每个工作日告诉我"), NEVER: N_("不用告诉我")}
HOUR = time(8, 30)
"""When they are told; at the end of the quiet hours where those are longer."""
LATE = timedelta(hours=12)
"""So long afterwards it is still told, when nothing ran at the hour."""


class SavedQuery(SQLModel, table=True):
    """`name` (`savedquery.name|uid`) and `filter` (`savedquery.filter|uid`) are sealed: words may be names. `tell` is
    one of CADENCES; `told_at` is up to when its answer was told."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: bytes = Field(sa_type=LargeBinary)
    filter: bytes = Field(sa_type=LargeBinary)
    tell: str = NEVER
    used_at: datetime = Field(sa_type=Utc)
    told_at: datetime = Field(sa_type=Utc)


def keep(session: Session, actor: Actor, asked: Filter, name: str, now: datetime) -> SavedQuery:
    """Keep a question. Raises Refusal when there are too many."""
    if len(of_person(session, actor)) >= MOST:
        raise Refusal(_("常用查询最多 {most} 个，请先删掉用不着的。").format(most=MOST))
    uid = new_uid()
    saved = SavedQuery(
        uid=uid, person_id=actor.person_id, name=seal_text(session, "savedquery.name", uid, name),
        filter=queries.sealed(session, "savedquery.filter", uid, asked), used_at=now, told_at=now,
    )  # fmt: skip
    session.add(saved)
    session.flush()
    return saved


def of_person(session: Session, actor: Actor) -> list[SavedQuery]:
    """Their questions, the one used last first."""
    mine = select(SavedQuery).where(SavedQuery.person_id == actor.person_id)
    return list(session.exec(mine.order_by(col(SavedQuery.used_at).desc(), col(SavedQuery.id).desc())))


def find(session: Session, actor: Actor, saved_id: int) -> SavedQuery:
    """A question of this person. Raises Gone, or NotYours for somebody else's."""
    return own(session, SavedQuery, saved_id, actor)


def name_of(session: Session, saved: SavedQuery) -> str:
    return open_text(session, "savedquery.name", saved.uid, saved.name)


def filter_of(session: Session, saved: SavedQuery) -> Filter:
    return queries.opened(session, "savedquery.filter", saved.uid, saved.filter)


def rename(session: Session, actor: Actor, name: str) -> SavedQuery:
    """Give the one used last another name. Raises Refusal for what is no name, and where there is none."""
    plain = clean_name(name)
    mine = of_person(session, actor)
    if not mine:
        raise Refusal(_("您还没有常用查询。先查一次，点“存为常用”。"))
    if plain is None:
        raise Refusal(_("请写一个名字，1 到 40 个字，例如：查询 改名 漏雨户。"))
    mine[0].name = seal_text(session, "savedquery.name", mine[0].uid, plain)
    return mine[0]


def tell(saved: SavedQuery, cadence: str, now: datetime) -> None:
    """Be told from now on, or not any more. Raises Gone for a cadence that there is not."""
    if cadence not in CADENCES:
        raise Gone
    saved.tell, saved.told_at = cadence, now


def due(session: Session, rhythm: Rhythm, now: datetime) -> Iterator[tuple[SavedQuery, date]]:
    """Questions whose answer is to be told now, and the day it is told for."""
    local = now.astimezone(rhythm.zone)
    at = datetime.combine(local.date(), max(HOUR, _end_of_quiet(rhythm)), rhythm.zone)
    if not at <= now < at + LATE:
        return
    cadences = [MONDAY] if local.weekday() == 0 else []
    cadences += [WORKDAY] if is_workday(local.date(), rhythm.extra) else []
    wanted = select(SavedQuery).where(col(SavedQuery.tell).in_(cadences), col(SavedQuery.told_at) < at)
    for saved in session.exec(wanted.order_by(col(SavedQuery.id))):
        yield saved, local.date()


def _end_of_quiet(rhythm: Rhythm) -> time:
    """Quiet hours that end in the morning; others do not matter at half past eight."""
    return rhythm.quiet_until if rhythm.quiet_until < time(12) else HOUR
