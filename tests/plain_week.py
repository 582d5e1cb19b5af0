"""A week counted from what the program exports, and from nothing else: this file imports nothing of the program.

Lines are JSON as `zhucun reports list --format json`, `zhucun cases list --format json` and `zhucun rectifications list
--format json` write them; moments are aware.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

Record = dict[str, Any]
ENDS = {"struck_off", "resolved", "not_true", "not_ours", "vanished", "not_now"}
FIRST = {"hardship": "open", "rectification": "issued"}
HELPED = {"supported", "secured", "proposed"}
STOOD = {"issued": "to_mend", "completed": "to_accept", "accepted": "to_strike"}


def read(lines: Iterable[str]) -> list[Record]:
    return [one for one in map(json.loads, lines) if one["state"] != "withdrawn"]


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def within(text: str | None, start: datetime, end: datetime) -> bool:
    moment = at(text)
    return moment is not None and start <= moment < end


def count(records: list[Record], start: datetime, end: datetime, first_day: date) -> dict[str, int]:
    """The week [start, end); `first_day` is the day on which it begins in the county."""
    return _sent(records, start, end, first_day) | _moved(records, start, end) | _stood(records, end) | _clocks(
        records, start, end
    )  # fmt: skip


def _sent(records: list[Record], start: datetime, end: datetime, first_day: date) -> dict[str, int]:
    sent = [one for one in records if within(one["sent_at"], start, end)]
    by_kind = {kind: [one for one in sent if one["kind"] == kind] for kind in
               ("visit", "photo", "hardship", "rectification")}  # fmt: skip
    visits, cases = by_kind["visit"], by_kind["hardship"]
    days = [one["answers"].get("day") for one in visits]
    return {
        "visits": len(visits),
        "households": len({one["household_uid"] for one in visits if one["household_uid"]}),
        "photos": len(by_kind["photo"]),
        "pictures": sum(photo["state"] in ("waiting", "kept") for one in sent for photo in one["photos"]),
        "cases": len(cases),
        "urgent": sum(one["answers"]["urgency"] == "urgent" for one in cases),
        "issued": len(by_kind["rectification"]),
        "belated": sum(date.fromisoformat(day) < first_day for day in days if day),
    }


def _moved(records: list[Record], start: datetime, end: datetime) -> dict[str, int]:
    def reached(kind: str, states: set[str]) -> int:
        return sum(
            any(
                step["after"] in states and step["before"] not in states and within(step["at"], start, end)
                for step in one["steps"]
            )
            for one in records
            if one["kind"] == kind
        )

    return {
        "completed": reached("rectification", {"completed"}),
        "accepted": reached("rectification", {"accepted"}),
        "returned": reached("rectification", {"issued"}),
        "struck_off": reached("rectification", {"struck_off"}),
        "closed": reached("hardship", ENDS),
    }


def _state(one: Record, moment: datetime) -> str:
    before = [
        step["after"] for step in one["steps"] if (when := at(step["at"])) is not None and when < moment
    ]
    return before[-1] if before else FIRST[one["kind"]]


def _stood(records: list[Record], end: datetime) -> dict[str, int]:
    found = dict.fromkeys((*STOOD.values(), "open", "overdue"), 0)
    for one in records:
        sent, due = at(one["sent_at"]), at(one["due_at"])
        if one["kind"] not in FIRST or sent is None or sent >= end:
            continue
        state = _state(one, end)
        if one["kind"] == "hardship":
            found["open"] += state not in ENDS
        elif state in STOOD:
            found[STOOD[state]] += 1
            found["overdue"] += state == "issued" and due is not None and due < end
    return found


def _clocks(records: list[Record], start: datetime, end: datetime) -> dict[str, int]:
    found = dict.fromkeys(("ended", "on_time", "running_late", "cases_overdue"), 0)
    for kind, run in ((one["kind"], run) for one in records for run in one.get("clocks", ())):
        due, since = at(run["due_at"]), at(run["since"])
        stopped, paused = at(run["stopped_at"]), at(run["paused_at"])
        if due is None or since is None:
            continue
        if stopped is not None and start <= stopped < end:
            found["ended"] += 1
            found["on_time"] += stopped <= due
        going = (stopped is None or stopped >= end) and (paused is None or paused >= end)
        if going and max(since, due) < end:
            found["running_late"] += 1
            found["cases_overdue"] += kind == "hardship"
    return found


def contacts(
    cards: list[Record], records: list[Record], start: datetime, end: datetime, offset: timedelta
) -> dict[str, int]:
    """Cards whose contact was due in the week, and those of them that were seen. A round is of 15, 30 or 90 days from
    the last contact known as the week began, or from the acceptance, and ends on a working day (Monday to Friday).
    What was due on the day of the close and not seen is not over yet."""
    found = {"due": 0, "seen": 0}
    watched = {
        one["household_uid"] for one in records if one["state"] in HELPED and one["kind"] == "hardship"
    }
    for card in cards:
        accepted, ended = at(card["accepted_at"]), at(card["ended_at"])
        if accepted is None or accepted >= end or card["closed"] or (ended is not None and ended < end):
            continue
        known = [moment for moment in _contacts(card, records) if moment[0] < end]
        earlier = [day for sent, day in known if sent < start]
        due = max([(accepted + offset).date(), *earlier]) + timedelta(days=_cadence(card, watched))
        due += timedelta(days=(7 - due.weekday()) % 7 if due.weekday() > 4 else 0)
        seen = any(sent >= start for sent, _day in known)
        last = (end + offset).date()
        if due <= last and (seen or due < last):
            found["due"] += 1
            found["seen"] += seen
    return found


def _cadence(card: Record, watched: set[str]) -> int:
    said = card["category"] or ""
    if card["household_uid"] in watched or any(word in said for word in ("监测", "三类", "边缘", "突发")):
        return 15
    return 30 if "脱贫" in said else 90


def _contacts(card: Record, records: list[Record]) -> Iterator[tuple[datetime, date]]:
    """When it was told, and on which day it was, that the card's person was with the household."""
    for one in records:
        if one["household_uid"] != card["household_uid"]:
            continue
        there = {one["author"], *(one["answers"].get("companions") or ())}
        sent = at(one["sent_at"])
        if one["kind"] == "visit" and card["cadre"] in there and sent is not None:
            yield sent, date.fromisoformat(one["happened"])
        for step in one.get("steps", ()):
            moment = at(step["at"])
            if step["step"] == "follow_up" and step["by"] == card["person"] and moment is not None:
                yield moment, moment.date()


def peers(
    records: list[Record], teams: dict[str, int], start: datetime, end: datetime
) -> dict[str, float] | None:
    """The middle one of the towns (their codes, with how many teams each has), by visits and by households visited for
    each team, to one place; of fewer than three nothing."""
    found: dict[str, list[Fraction]] = {"visits": [], "households": []}
    for town, many in teams.items():
        visits = [
            one
            for one in records
            if one["kind"] == "visit" and one["village"][:9] == town and within(one["sent_at"], start, end)
        ]
        homes = {one["household_uid"] for one in visits} - {None, ""}
        found["visits"].append(Fraction(len(visits), many))
        found["households"].append(Fraction(len(homes), many))
    return {name: _middle(sorted(shares)) for name, shares in found.items()} if len(teams) > 2 else None


def _middle(shares: list[Fraction]) -> float:
    low, high = shares[(len(shares) - 1) // 2], shares[len(shares) // 2]
    tenths = (low + high) * 5
    whole = tenths.numerator // tenths.denominator
    return (whole + (tenths - whole >= Fraction(1, 2))) / 10


def late(records: list[Record], end: datetime) -> dict[tuple[str, str], int]:
    """Clocks that ran late at that moment, by kind and step, of whatever kind has clocks."""
    found: dict[tuple[str, str], int] = {}
    for one in records:
        for run in one.get("clocks", ()):
            due, since = at(run["due_at"]), at(run["since"])
            over = (at(run[name]) for name in ("stopped_at", "paused_at"))
            if (
                due
                and since
                and max(due, since) < end
                and all(moment is None or moment >= end for moment in over)
            ):
                key = one["kind"], run["clock"]
                found[key] = found.get(key, 0) + 1
    return found


def silent(records: list[Record], teams: Iterable[str], start: datetime, end: datetime) -> list[str]:
    """The teams that sent nothing of their own."""
    own = {
        one["team"]
        for one in records
        if one["kind"] in ("visit", "photo", "hardship") and within(one["sent_at"], start, end)
    }
    return sorted(set(teams) - own)


def by_day(records: list[Record], start: datetime, end: datetime, offset: timedelta) -> dict[str, int]:
    """Visits by the county's day, which is so far ahead of UTC; days without one are left out."""
    days: dict[str, int] = {}
    for one in records:
        sent = at(one["sent_at"])
        if one["kind"] == "visit" and sent is not None and start <= sent < end:
            day = (sent + offset).date().isoformat()
            days[day] = days.get(day, 0) + 1
    return days


def person_days(records: list[Record], people: int, begun: date, end: datetime, offset: timedelta) -> int:
    """Days in the village of so many people who were all there on the week's working days (Monday to Friday), where one
    of each village writes and moves its records: days off count on which something happened. `begun` is the day on
    which the week begins in the afternoon."""
    days = [begun + timedelta(days=number) for number in range(1, 8)]
    off = {day for day in days if day.weekday() > 4}
    told = {
        (one["village"], date.fromisoformat(one["happened"]))
        for one in records
        if (sent := at(one["sent_at"])) is not None and sent < end
    }
    steps = {
        (one["village"], (moment + offset).date())
        for one in records
        for step in one.get("steps", ())
        if (moment := at(step["at"])) is not None
    }
    return people * (len(days) - len(off)) + sum(day in off for _village, day in told | steps)
