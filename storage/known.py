"""Names that come again in tables of reports: each is read and opened once, shown as the channel allows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from storage import briefs, names, showing
from storage.households import Household
from storage.places import Region
from storage.sealing import open_text
from storage.showing import Channel, Of, degree


@dataclass
class Known:
    """`channel` and whether a `reason` was given (which the caller journals) say how much of names is shown."""

    session: Session
    channel: Channel
    reason: bool = False
    _regions: dict[str, str] = field(default_factory=dict)
    _teams: dict[int | None, str] = field(default_factory=dict)
    _people: dict[int, str] = field(default_factory=dict)

    def region(self, code: str, *, unknown: str) -> str:
        """Its everyday name; `unknown` stands for one that is not in the list of regions."""
        if code not in self._regions:
            found = self.session.get(Region, code)
            self._regions[code] = names.spoken(found.name) if found else ""
        return self._regions[code] or unknown

    def team(self, number: int | None) -> str:
        if number not in self._teams:
            self._teams[number] = briefs.team_name(self.session, number)
        return self._teams[number]

    def person(self, number: int) -> str:
        if number not in self._people:
            shown = degree(Of.COLLEAGUE, self.channel, reason=self.reason)
            self._people[number] = showing.name(names.full(self.session, number), shown)
        return self._people[number]

    def heads(self, households: Iterable[int | None]) -> dict[int | None, str]:
        """Of a batch of households, by household; they seldom come again, and are not remembered."""
        shown = degree(Of.HEAD, self.channel, reason=self.reason)
        wanted = {one for one in households if one is not None}
        found = select(Household.id, Household.uid, Household.head).where(col(Household.id).in_(wanted))
        return {
            number: showing.name(open_text(self.session, "household.head", uid, head), shown)
            for number, uid, head in self.session.exec(found)
        }
