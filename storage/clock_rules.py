"""The lengths of clocks as a county's data, with the day from which each holds.

Rules are never changed, only followed by newer ones: a case asks for those that held on the day it began, so
it keeps them for its whole life. A smaller region's rule goes before that of a larger one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage import journal
from storage.clocks import Rule, Unit
from storage.db import Utc, by_value
from storage.refusals import Refusal
from storage.texts import N_, _

DEFAULTS = {
    "verify": Rule(5),
    "discuss": Rule(5),
    "notice": Rule(5, Unit.DAY),
    "recognise": Rule(5),
    "follow_up": Rule(30, Unit.DAY),
    "strike": Rule(5),
    "mend": Rule(15),
    "accept": Rule(3),
    "close": Rule(5),
    "report_up": Rule(1),
    "appraise": Rule(5),
    "rehouse": Rule(3, Unit.DAY),
    "rebuild": Rule(90, Unit.DAY),
    "pass": Rule(10),
    "refer": Rule(10),
    "handover": Rule(5),
    "card_watched": Rule(15, Unit.DAY),
    "card_out": Rule(30, Unit.DAY),
    "card_other": Rule(90, Unit.DAY),
}
"""What holds where a county has set nothing."""
NAMES = {
    "verify": N_("核查"),
    "discuss": N_("评议公示"),
    "notice": N_("公示期"),
    "recognise": N_("认定"),
    "follow_up": N_("回访间隔"),
    "strike": N_("销号核实（困难）"),
    "mend": N_("整改"),
    "accept": N_("验收"),
    "close": N_("销号核实（整改）"),
    "report_up": N_("上报（危房）"),
    "appraise": N_("鉴定（危房）"),
    "rehouse": N_("安置（危房）"),
    "rebuild": N_("改造（危房）"),
    "pass": N_("改造验收（危房）"),
    "refer": N_("部门答复（转办）"),
    "handover": N_("交接接收"),
    "card_watched": N_("联系走访间隔（监测户）"),
    "card_out": N_("联系走访间隔（脱贫户）"),
    "card_other": N_("联系走访间隔（其他户）"),
}
LONGEST = 1000


class ClockRule(SQLModel, table=True):
    """The length of one clock in one region ("" is everywhere) from that day on. The delays are working days
    after the end, until leader, supervisors and office hear; `basis` is the paper it stands in."""

    id: int | None = Field(default=None, primary_key=True)
    region: str = Field(index=True)
    clock: str
    since: date
    length: int
    unit: Unit = Field(sa_type=by_value(Unit))
    to_leader: int
    to_supervisor: int
    to_office: int
    basis: str | None = None
    at: datetime = Field(sa_type=Utc)


class Rules:
    """What holds where and when, read with one query: `rules.of("verify", village, day)`."""

    def __init__(self, session: Session) -> None:
        newest = select(ClockRule).order_by(col(ClockRule.since).desc(), col(ClockRule.id).desc())
        self._rows = session.exec(newest).all()

    def row(self, clock: str, region: str, day: date) -> ClockRule | None:
        """The rule itself; None where the default holds."""
        there = [
            one
            for one in self._rows
            if one.clock == clock and region.startswith(one.region) and one.since <= day
        ]
        # Of one region the newest stands first, and max keeps the first of equals.
        return max(there, key=lambda one: len(one.region), default=None)

    def rows(self, *clocks: str) -> list[ClockRule]:
        """Every rule of these clocks, of whatever region and day."""
        return [one for one in self._rows if one.clock in clocks]

    def of(self, clock: str, region: str, day: date) -> Rule:
        row = self.row(clock, region, day)
        if row is None:
            return DEFAULTS[clock]
        return Rule(row.length, row.unit, (row.to_leader, row.to_supervisor, row.to_office))


@dataclass(frozen=True)
class Set:
    """A rule to be set; what is None stays as it holds there on that day."""

    clock: str
    length: int | None = None
    unit: Unit | None = None
    delays: tuple[int | None, int | None, int | None] = (None, None, None)
    basis: str = ""


def put(
    session: Session, region: str, wanted: Set, since: date, today: date, now: datetime, by: int | None = None
) -> ClockRule:
    """Let a rule hold from that day on. Raises Refusal for an unknown clock, a length that cannot be, or a day
    in the past: open cases began under what held then."""
    if wanted.clock not in DEFAULTS:
        known = ", ".join(DEFAULTS)
        raise Refusal(_("没有“{clock}”这种时限，可选：{known}。").format(clock=wanted.clock, known=known))
    if since < today:
        raise Refusal(_("生效日期不能早于今天：在办的事项按开始时的规定办。请写今天或以后的日期。"))
    old = Rules(session).of(wanted.clock, region, since)
    length = old.length if wanted.length is None else wanted.length
    delays = [was if new is None else new for was, new in zip(old.delays, wanted.delays, strict=True)]
    if not 1 <= length <= LONGEST or not all(0 <= one <= LONGEST for one in delays):
        raise Refusal(
            _("时限要是 1 到 {most} 的整数，逾期后几天上报要是 0 到 {most}，请改一下。").format(most=LONGEST)
        )
    if delays != sorted(delays):
        raise Refusal(_("上报要一级比一级晚：先队长，再督导，再办公室。请改一下天数。"))
    row = ClockRule(
        region=region, clock=wanted.clock, since=since, length=length, unit=wanted.unit or old.unit,
        to_leader=delays[0], to_supervisor=delays[1], to_office=delays[2], basis=wanted.basis or None, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    journal.write(
        session, by, "clocks.put", f"region:{region}", now, clock=row.clock, length=length,
        unit=row.unit.value, since=since.isoformat(),
    )  # fmt: skip
    return row


@dataclass(frozen=True)
class Example:
    """What one place has set, as its published rules say."""

    place: str
    matter: str
    clock: str
    rule: Rule


EXAMPLES = (
    Example(N_("安徽"), N_("监测对象认定"), "recognise", Rule(20)),
    Example(N_("海南"), N_("监测对象认定"), "recognise", Rule(20)),
    Example(N_("甘肃"), N_("入户核实"), "verify", Rule(5)),
    Example(N_("甘肃"), N_("认定"), "recognise", Rule(15)),
    Example(N_("各地"), N_("公示不少于"), "notice", Rule(5, Unit.DAY)),
    Example(N_("各地"), N_("临时救助受理核实"), "verify", Rule(10)),
    Example(N_("各地"), N_("临时救助审批"), "recognise", Rule(10)),
    Example(N_("楚雄"), N_("急难先行救助"), "verify", Rule(48, Unit.HOUR)),
    Example(N_("楚雄"), N_("急难补办手续"), "recognise", Rule(5)),
    Example(N_("喀什"), N_("临时救助"), "recognise", Rule(15)),
    Example(N_("商洛"), N_("临时救助"), "recognise", Rule(60)),
)
"""From the shared policy notes; those that give no unit there are taken as working days."""
