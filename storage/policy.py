"""Policy mode: what the rules against formalism at the fingertips forbid is off, until an administrator of the region
turns it on with a reason, an approver and a last day, which every member is shown.

Only what the program can do is listed: it has no check-in by place and asks nobody for photos or tracks.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import true
from sqlmodel import Field, Session, SQLModel, col, select

from storage import county, journal
from storage.db import Utc
from storage.forms import Labelled
from storage.identity import Actor
from storage.people import Posting, Role, Team
from storage.places import around, inside
from storage.postings import active_at
from storage.redact import HIDDEN, redact
from storage.refusals import Gone, NotYours, Refusal
from storage.scope import administers
from storage.texts import N_, _

LONGEST, YEAR = 200, 366
"""Characters of a reason; days a switch may stay on."""


class Policy(Labelled):
    """What may be turned on."""

    NAMES = "names", N_("群里点名")
    RANKING = "ranking", N_("按人排名")


NAMES = {one.value: one for one in Policy}
"""By the value that is kept."""
MEANS = {
    Policy.NAMES: N_("群里的应办写出还欠的人的姓和所在的队；默认只有各队的数。"),
    Policy.RANKING: N_("应办名单按走访次数排先后；默认按加入的先后。"),
}


class PolicySwitch(SQLModel, table=True):
    """One that was turned on in a region, until its last day or until it was turned off. `approver` and `reason` are
    public: every member reads them."""

    id: int | None = Field(default=None, primary_key=True)
    region: str = Field(index=True)
    policy: str
    reason: str
    approver: str
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=Utc)
    until: date
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    ended_by: int | None = Field(default=None, foreign_key="person.id")


def turn_on(
    session: Session, actor: Actor, region: str, policy: str, until: date, approver: str, reason: str, now: datetime
) -> PolicySwitch:  # fmt: skip
    """Raises NotYours for anybody but an administrator of the region, Refusal for what is left open."""
    if not administers(actor, region):
        raise NotYours
    if policy not in NAMES:
        raise Gone
    today = county.today(session, now)
    if not today <= until <= today + timedelta(days=YEAR):
        raise Refusal(_("请写明到哪一天为止，最长一年，例如 2026-12-31。"))
    said = [redact(text.strip(), HIDDEN)[:LONGEST] for text in (approver, reason)]
    if not all(said):
        raise Refusal(
            _("请写上批准人和原因，队员都看得到。例如：政策 开 群里点名 2026-12-31 李主任 汛期值守")
        )
    if allowed(session, region, NAMES[policy], now) is not None:
        raise Refusal(_("这一项已经开着。要改的话请先关闭。"))
    made = PolicySwitch(
        region=region,
        policy=policy,
        approver=said[0],
        reason=said[1],
        by_id=actor.person_id,
        at=now,
        until=until,
    )
    session.add(made)
    session.flush()
    journal.write(
        session, actor.person_id, "policy.on", f"region:{region}", now, policy=policy, until=until.isoformat()
    )
    return made


def turn_off(session: Session, actor: Actor, number: int, now: datetime) -> PolicySwitch:
    found = session.get(PolicySwitch, number)
    if found is None or found.ended_at is not None:
        raise Gone
    if not administers(actor, found.region):
        raise NotYours
    found.ended_at, found.ended_by = now, actor.person_id
    session.flush()
    journal.write(session, actor.person_id, "policy.off", f"region:{found.region}", now, policy=found.policy)
    return found


def on(session: Session, regions: Iterable[str], now: datetime) -> list[PolicySwitch]:
    """What is on now in any of these regions or in one around it, the oldest first."""
    wanted = {code for region in regions for code in ("", *around(region))}
    found = select(PolicySwitch).where(
        col(PolicySwitch.region).in_(wanted), col(PolicySwitch.ended_at).is_(None),
        col(PolicySwitch.until) >= county.today(session, now),
    )  # fmt: skip
    return list(session.exec(found.order_by(col(PolicySwitch.id))))


def allowed(session: Session, region: str, policy: Policy, now: datetime) -> PolicySwitch | None:
    """The switch that allows it there, None where it is off."""
    return next((one for one in on(session, [region], now) if one.policy == policy.value), None)


def everybody(session: Session, region: str, now: datetime) -> list[int]:
    """Who is posted in the region, in its teams or over it: they are shown what is turned on."""
    over: Any = Posting.region
    posted = select(Posting.person_id).outerjoin(Team, col(Team.id) == Posting.team_id)
    there = inside(Team.region, region) | inside(over, region) if region else true()
    return sorted(set(session.exec(posted.where(active_at(now), there))))


def administered(actor: Actor) -> tuple[str, ...]:
    """Where somebody may turn something on."""
    return actor.regions(Role.ADMIN)
