"""What somebody posted in a team owes each week, as a county's data with the day from which it holds: so many visits,
and a line a day or none.

Rules are never changed, only followed by newer ones. A smaller region's rule goes before that of a larger one, a
role's before everybody's. Where nothing is set a team owes one visit a week together (storage/duties.py).
"""

from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import journal
from storage.db import Utc
from storage.people import Role
from storage.postings import TEAM_ROLES
from storage.refusals import Refusal
from storage.texts import _

MOST = 35
"""Visits a week."""


class DutyRule(SQLModel, table=True):
    """What each person of that role ("" is everybody) in the teams of a region ("" is everywhere) owes a week from
    that day on: `visits`, and with `daily` a report, a step or a line of the diary on every working day. `asked_by` and
    `basis` tell whose wish it is and the paper it stands in."""

    id: int | None = Field(default=None, primary_key=True)
    region: str = Field(index=True)
    role: str = ""
    since: date
    visits: int
    daily: bool = False
    asked_by: str
    basis: str | None = None
    at: datetime = Field(sa_type=Utc)


class DutyRules:
    """What holds where, for whom and when, read with one query."""

    def __init__(self, session: Session) -> None:
        newest = select(DutyRule).order_by(col(DutyRule.since).desc(), col(DutyRule.id).desc())
        self._rows = session.exec(newest).all()

    def of(self, region: str, role: Role, day: date) -> DutyRule | None:
        """None where nothing is set."""
        there = [
            one
            for one in self._rows
            if region.startswith(one.region) and one.role in ("", role.value) and one.since <= day
        ]
        # Of equals the newest stands first, and max keeps the first.
        return max(there, key=lambda one: (len(one.region), one.role != ""), default=None)

    def anybody(self, region: str, day: date) -> bool:
        """Whether anything is set for somebody there."""
        return any(self.of(region, role, day) for role in TEAM_ROLES)


def put(session: Session, rule: DutyRule, today: date, *, by: int | None = None) -> DutyRule:
    """Let a rule hold from its day on. Raises Refusal for a role without a team, a number that cannot be, a day in the
    past, or when nobody is named who asks for it."""
    if rule.role not in {"", *(role.value for role in TEAM_ROLES)}:
        raise Refusal(_("应办只对队员（member）和队长（leader）规定；请写其中一个，不写就是两者都要。"))
    if not 0 <= rule.visits <= MOST:
        raise Refusal(_("每周走访次数要是 0 到 {most} 的整数，请改一下。").format(most=MOST))
    if rule.since < today:
        raise Refusal(_("生效日期不能早于今天：过去的周已经按当时的规定统计了。请写今天或以后的日期。"))
    if not rule.asked_by.strip():
        raise Refusal(_("请写上是哪个单位要求的，队员在 减负 里看得到。"))
    session.add(rule)
    session.flush()
    journal.write(
        session, by, "duties.put", f"region:{rule.region}", rule.at, role=rule.role, visits=rule.visits,
        daily=rule.daily, since=rule.since.isoformat(),
    )  # fmt: skip
    return rule
