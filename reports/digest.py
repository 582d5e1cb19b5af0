"""The daily digest: what the day brought, new cases and what is overdue. Numbers and places, no names.

A digest's day ends at the region's digest time, so that nothing falls between two digests.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html import escape

from sqlmodel import Session

from storage import county, matters, summaries, tallies
from storage.county import Rhythm
from storage.kinds.hardship import HardshipCategory
from storage.matters import Matter
from storage.names import spoken
from storage.summaries import Scope
from storage.tallies import Tally, Window
from storage.texts import N_, _

MAIN, PARTS, CASES, OVERDUE = "m", "p", "c", "o"
MOST = 15
MOST_LINKS = 8
_LABELS = {PARTS: N_("各镇街"), CASES: N_("新增困难"), OVERDUE: N_("逾期整改"), MAIN: N_("回到简报")}


@dataclass(frozen=True)
class Digest:
    """One day of a region. `parts` are (name, counts) of what lies below it, the busiest first; `fresh`
    counts the rectifications that became overdue on this very day."""

    region: str
    name: str
    day: date
    until: datetime | None
    total: Tally
    parts: tuple[tuple[str, Tally], ...]
    cases: tuple[Matter, ...]
    overdue: tuple[Matter, ...]
    fresh: int

    def worth_saying(self) -> bool:
        """Whether anything happened: old overdue ones alone are no news."""
        total = self.total
        done = (total.visits, total.photos, total.cases, total.issued, total.completed, total.accepted)
        return any(done) or self.fresh > 0


def day_of(now: datetime, rhythm: Rhythm) -> date:
    """The day whose digest comes next."""
    day = now.astimezone(rhythm.zone).date()
    return day if now < moment(day, rhythm) else day + timedelta(days=1)


def day_from(text: str) -> date:
    """The day in a button's data ("20261120"). Raises ValueError."""
    day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if not 2000 <= day.year < 2100:
        raise ValueError(text)
    return day


def moment(day: date, rhythm: Rhythm) -> datetime:
    """When the digest of a day is due, in UTC."""
    return datetime.combine(day, rhythm.digest_time, rhythm.zone).astimezone(UTC)


def of_day(session: Session, region: str, day: date, now: datetime) -> Digest:
    """Count a day, up to now when it has not ended."""
    rhythm, scope = county.rhythm(session, region), Scope(region)
    start, end = (moment(one, rhythm) for one in (day - timedelta(days=1), day))
    window = Window(start, min(end, max(now, start)))
    total, parts = tallies.tally(session, scope, window)
    late = matters.overdue(session, scope, window.end, limit=200)
    return Digest(
        region=region,
        name=spoken(summaries.name_of(session, scope)),
        day=day,
        until=now.astimezone(rhythm.zone) if now < end else None,
        total=total,
        parts=_parts(session, scope, parts),
        cases=tuple(matters.new_cases(session, scope, window, limit=MOST)),
        overdue=tuple(replace(one, at=one.at.astimezone(rhythm.zone)) for one in late[:MOST]),
        fresh=sum(one.at >= window.start for one in late),
    )


def _parts(session: Session, scope: Scope, found: dict[str, Tally]) -> tuple[tuple[str, Tally], ...]:
    if tallies.by_teams(scope):
        names = summaries.team_names(session, [int(key) for key in found])
    else:
        names = summaries.region_names(session, found)
    parts = [(spoken(name), found[key]) for key, name in names.items()]
    return tuple(sorted(parts, key=lambda one: -one[1].visits - one[1].cases - one[1].photos))


def text(digest: Digest, view: str = MAIN) -> str:
    """The message in one of its views, as HTML."""
    body = {PARTS: _parts_text, CASES: _cases_text, OVERDUE: _overdue_text}.get(view, _main_text)(digest)
    return "\n".join([_head(digest), *body])


def choices(digest: Digest, view: str = MAIN) -> list[tuple[str, str]]:
    """The buttons below a view: (label, data)."""
    there = {PARTS: digest.parts, CASES: digest.cases, OVERDUE: digest.overdue, MAIN: view != MAIN}
    views = [one for one, content in there.items() if content and one != view]
    prefix = f"w:d:{digest.region}:{digest.day:%Y%m%d}"
    return [(_label(digest, one), f"{prefix}:{one}") for one in views]


def links(digest: Digest, view: str, username: str) -> list[tuple[str, str]]:
    """Deep links that open the records of a view in private, where the reader's own rights decide."""
    shown = {CASES: digest.cases, OVERDUE: digest.overdue}.get(view, ())
    return [(one.number, f"https://t.me/{username}?start=o_{one.id}") for one in shown[:MOST_LINKS]]


def _label(digest: Digest, view: str) -> str:
    if view == PARTS and tallies.by_teams(Scope(digest.region)):
        return _("各队")
    return _(_LABELS[view])


def _head(digest: Digest) -> str:
    day = _("{month}月{day}日").format(month=digest.day.month, day=digest.day.day)
    until = _("（截至 {time}）").format(time=f"{digest.until:%H:%M}") if digest.until else ""
    return "<b>" + _("{name} {day} 简报").format(name=escape(digest.name), day=day) + f"</b>{until}"


def _main_text(digest: Digest) -> list[str]:
    total = digest.total
    lines = [
        (total.visits, _("走访 {count} 次，{households} 户").format(
            count=total.visits, households=total.households)),
        (total.photos, _("现场照片 {count} 份").format(count=total.photos)),
        (total.cases, _cases_line(total)),
        (total.issued + total.completed + total.accepted, _(
            "整改：下达 {issued}，完成 {completed}，验收 {accepted}").format(
            issued=total.issued, completed=total.completed, accepted=total.accepted)),
        (total.overdue, _overdue_line(digest)),
    ]  # fmt: skip
    return [line for count, line in lines if count] or [_("还没有新的报告。")]


def _cases_line(total: Tally) -> str:
    if not total.urgent:
        return _("新增困难 {count} 件").format(count=total.cases)
    return _("新增困难 {count} 件，其中紧急 {urgent} 件").format(count=total.cases, urgent=total.urgent)


def _overdue_line(digest: Digest) -> str:
    count = digest.total.overdue
    if not digest.fresh:
        return _("整改逾期 {count} 件").format(count=count)
    return _("整改逾期 {count} 件，其中今天新逾期 {fresh} 件").format(count=count, fresh=digest.fresh)


def _parts_text(digest: Digest) -> list[str]:
    lines = [f"{escape(name)}　{_short(tally)}" for name, tally in digest.parts[:MOST]]
    left = len(digest.parts) - MOST
    return [*lines, _("其余 {count} 个").format(count=left)] if left > 0 else lines


def _short(tally: Tally) -> str:
    said = (
        (tally.visits, _("走访 {count}")),
        (tally.photos, _("照片 {count}")),
        (tally.cases, _("困难 {count}")),
        (tally.overdue, _("逾期 {count}")),
    )
    return " · ".join(words.format(count=count) for count, words in said if count) or "—"


def _cases_text(digest: Digest) -> list[str]:
    lines = [f"{one.number}　{escape(spoken(one.place))}　{_category(one.category)}" for one in digest.cases]
    left = digest.total.cases - len(digest.cases)
    return [*lines, _("其余 {count} 件").format(count=left)] if left > 0 else lines


def _category(value: str) -> str:
    known = {one.value: one.label for one in HardshipCategory}
    return _(known[value]) if value in known else escape(value)


def _overdue_text(digest: Digest) -> list[str]:
    lines = [
        _("{number}　{place}　应于 {due} 完成").format(
            number=one.number, place=escape(spoken(one.place)), due=f"{one.at:%m-%d}"
        )
        for one in digest.overdue
    ]
    left = digest.total.overdue - len(digest.overdue)
    return [*lines, _("其余 {count} 件").format(count=left)] if left > 0 else lines
