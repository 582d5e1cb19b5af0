"""Hooks: other programs that are told when reports come and move on. What they are told is read from the journal's
chain, line by line behind a cursor, so that nothing is lost by a crash and the desk writes nothing for it.

One errand at a time delivers a hook's events in their order; an event may come twice, with the same id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage import errands, journal, scope, tokens
from storage.chance import random_bytes
from storage.db import Utc, new_uid
from storage.errands import Errand, ErrandState
from storage.identity import Actor, Post
from storage.journal import JournalEntry
from storage.kinds import KINDS
from storage.people import Role
from storage.refusals import Refusal
from storage.report import Report
from storage.sealing import open_text, seal_text
from storage.texts import _

ERRAND = "tell_hook"
PATIENCE = timedelta(days=3)
"""A hook that fails for so long is stopped."""
SCANNED = 500
"""Lines of the journal that are looked at in one go."""
MOST = 20
"""Hooks that are not ended: each takes a worker's time."""
LONGEST = timedelta(hours=1)
"""Between two tries."""


class Hook(SQLModel, table=True):
    """Sealed: `hook.address|uid` (it may hold a password) and `hook.secret|uid`. `kinds` empty: every kind. `cursor` is
    the line of the chain up to which it was told; `stopped_at`: it failed for too long."""

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid)
    label: str
    address: bytes = Field(sa_type=LargeBinary)
    secret: bytes = Field(sa_type=LargeBinary)
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    region: str | None = Field(default=None, foreign_key="region.code")
    cursor: int = 0
    failures: int = 0
    failing_since: datetime | None = Field(default=None, sa_type=Utc)
    error: str | None = None
    made_at: datetime = Field(sa_type=Utc)
    stopped_at: datetime | None = Field(default=None, sa_type=Utc)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)


@dataclass(frozen=True)
class Event:
    """Something that happened to a report. `id` is the same whenever it is told; `seq` its place in the chain."""

    id: str
    seq: int
    at: datetime
    what: str
    step: str
    report: Report


_WHAT = {"send": "report.sent", "correct": "report.corrected", "withdraw": "report.withdrawn"}


def add(
    session: Session, label: str, address: str, kinds: Sequence[str], team: str, region: str, *, private: bool,
    by: int | None, now: datetime,
) -> tuple[Hook, str]:  # fmt: skip
    """A new hook of a team, or a region ("": everywhere), told from now on; and its secret, to be said once. Raises
    Refusal."""
    check(address, private)
    if unknown := [one for one in kinds if one not in KINDS]:
        raise Refusal(
            _("没有“{what}”这一类，可选：{known}。").format(what=unknown[0], known=", ".join(KINDS))
        )
    if sum(one.ended_at is None for one in all_of(session)) >= MOST:
        raise Refusal(_("推送最多 {most} 个，请先结束不用的。").format(most=MOST))
    role = Role.LEADER if team else Role.ADMIN
    team_id, code = tokens.territory(session, role, team or region)
    uid, secret = new_uid(), random_bytes(32).hex()
    hook = Hook(
        uid=uid, label=tokens.label_of(label), address=seal_text(session, "hook.address", uid, address),
        secret=seal_text(session, "hook.secret", uid, secret), kinds=list(kinds), team_id=team_id, region=code,
        cursor=head(session), made_at=now,
    )  # fmt: skip
    session.add(hook)
    session.flush()
    place = tokens.said(team_id, code)
    journal.write(session, by, "hook.add", _record(hook), now, territory=place, kinds=list(kinds))
    return hook, secret


def check(address: str, private: bool) -> None:
    """Raises Refusal for an address that nothing can be sent to; where a name leads is looked at with each try."""
    schemes = ("https", "http") if private else ("https",)
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.scheme in schemes and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Refusal(_("请写对方的 https:// 地址，例如 https://data.example.gov.cn/zhucun。"))


def head(session: Session) -> int:
    """The last line of the chain."""
    return session.exec(select(func.max(JournalEntry.seq))).one() or 0


def all_of(session: Session) -> list[Hook]:
    """Ended ones too, by number."""
    return list(session.exec(select(Hook).order_by(col(Hook.id))))


def find(session: Session, number: int) -> Hook:
    """One that is not ended. Raises Refusal."""
    hook = session.get(Hook, number)
    if hook is None or hook.ended_at is not None:
        raise Refusal(_("没有这个推送。请用 zhucun hooks list 核对编号。"))
    return hook


def end(session: Session, number: int, *, by: int | None, now: datetime) -> None:
    hook = find(session, number)
    hook.ended_at = now
    journal.write(session, by, "hook.end", _record(hook), now)


def resume(session: Session, number: int, *, by: int | None, now: datetime) -> None:
    """Go on where it was stopped: what happened since is told too."""
    hook = find(session, number)
    hook.stopped_at = hook.failing_since = hook.error = None
    hook.failures = 0
    journal.write(session, by, "hook.resume", _record(hook), now)


def wake(session: Session, now: datetime) -> int:
    """Have an errand deliver to each hook that something waits for. How many. A tick of the clock calls it, behind the
    chain."""
    active = select(Hook).where(col(Hook.ended_at).is_(None), col(Hook.stopped_at).is_(None))
    woken = 0
    for hook in session.exec(active.order_by(col(Hook.id))):
        found, upto = events(session, hook, most=1)
        if not found:
            hook.cursor = upto
        elif not _under_way(session, hook):
            body, key = {"hook": hook.id}, f"{ERRAND}:{hook.id}:{hook.cursor}"
            woken += errands.send_on(session, errands.ANY, ERRAND, body, due_at=now, key=key) is not None
    return woken


def _under_way(session: Session, hook: Hook) -> bool:
    first, last = f"{ERRAND}:{hook.id}:", f"{ERRAND}:{hook.id};"
    waits = select(Errand.id).where(col(Errand.key) >= first, col(Errand.key) < last)
    return session.exec(waits.where(Errand.state != ErrandState.DONE)).first() is not None


def events(session: Session, hook: Hook, most: int) -> tuple[list[Event], int]:
    """What a hook is to be told next, in order, and the line of the chain up to which was looked."""
    lines = session.exec(
        select(JournalEntry)
        .where(col(JournalEntry.seq) > hook.cursor)
        .order_by(col(JournalEntry.seq))
        .limit(SCANNED)
    ).all()
    found: list[Event] = []
    for line in lines:
        event = _event(session, hook, line)
        if event is not None:
            found.append(event)
            if len(found) == most:
                return found, event.seq
    return found, (lines[-1].seq or 0) if lines else hook.cursor


def _event(session: Session, hook: Hook, line: JournalEntry) -> Event | None:
    """What a line means to a hook; None when it is nothing, or not of its kinds or territory."""
    kind, _dot, step = line.action.partition(".")
    wanted = kind in KINDS and (not hook.kinds or kind in hook.kinds)
    if not wanted or not line.record.startswith("report:"):
        return None
    mine = scope.visible(actor(session, hook))
    number = line.record.removeprefix("report:")
    report = session.exec(select(Report).where(Report.number == number, mine)).first()
    if report is None:
        return None
    return Event(
        line.commitment.hex()[:32], line.seq or 0, line.at, _WHAT.get(step, "report.step"), step, report
    )


def actor(session: Session, hook: Hook) -> Actor:
    """Whose eyes a hook has."""
    role = Role.ADMIN if hook.team_id is None else Role.LEADER
    return tokens.program(session, hook.label, Post(role, hook.team_id, hook.region, None), "zh")


def opened(session: Session, hook: Hook) -> tuple[str, str]:
    """Address and secret."""
    address = open_text(session, "hook.address", hook.uid, hook.address)
    return address, open_text(session, "hook.secret", hook.uid, hook.secret)


def told(session: Session, hook_id: int, seq: int, record: str, now: datetime) -> None:
    """It answered that it has everything up to that line, which was about that record."""
    hook = session.get_one(Hook, hook_id)
    hook.cursor = max(hook.cursor, seq)
    hook.failures, hook.failing_since, hook.error = 0, None, None
    journal.write(session, None, "hook.tell", record, now, hook=hook_id, seq=seq)


def failed(
    session: Session, hook_id: int, error: str, now: datetime, *, gone: bool = False
) -> timedelta | None:
    """It did not answer as it should; when to try again, None when it is stopped (at once where it said that it is
    `gone`)."""
    hook = session.get_one(Hook, hook_id)
    hook.failures, hook.failing_since, hook.error = hook.failures + 1, hook.failing_since or now, error[:60]
    if not gone and now - hook.failing_since < PATIENCE:
        return min(timedelta(seconds=2 ** min(hook.failures, 12)), LONGEST)
    hook.stopped_at = now
    journal.write(session, None, "hook.stop", _record(hook), now, error=error[:60])
    return None


def _record(hook: Hook) -> str:
    return f"hook:{hook.id}"
