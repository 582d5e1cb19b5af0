"""Who of a team has not made the visits that the county asks of each in a week: its leader hears of them with the last
reminder, after they themselves were reminded (policy: private first, then the leader; a group hears totals)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from storage.duties import Duty
from storage.people import Posting, Role
from storage.postings import active_at

BEHIND = "behind"


@dataclass(frozen=True)
class Behind:
    """The duties of a team's people (each of one person), and who leads it. `key` is said once to each leader."""

    team_id: int
    region: str
    duties: tuple[Duty, ...]
    leaders: tuple[int, ...]

    @property
    def key(self) -> str:
        return f"{BEHIND}:{self.team_id}:{self.duties[0].due.date()}"

    def without(self, person: int) -> tuple[Duty, ...]:
        """Those of others than this leader, who has a reminder of their own."""
        return tuple(duty for duty in self.duties if duty.people != (person,))


def of_teams(session: Session, duties: Iterable[Duty], now: datetime) -> list[Behind]:
    """The teams whose people owe these visits of their own, each with those who lead it now."""
    by_team: dict[int, list[Duty]] = {}
    for duty in duties:
        if duty.team is not None:
            by_team.setdefault(duty.team, []).append(duty)
    leading: dict[int | None, list[int]] = {}
    for team, person in session.exec(_leading(by_team, now)) if by_team else ():
        leading.setdefault(team, []).append(person)
    return [
        Behind(team, owed[0].region, tuple(owed), tuple(dict.fromkeys(leading[team])))
        for team, owed in by_team.items()
        if team in leading
    ]


def _leading(teams: Iterable[int], now: datetime) -> Select[int | None, int]:
    posted = select(Posting.team_id, Posting.person_id)
    posted = posted.where(col(Posting.team_id).in_(list(teams)), Posting.role == Role.LEADER, active_at(now))
    return posted.order_by(col(Posting.id))
