"""A clerk who counts a week by looking at every row: what the program's set-based queries are compared with."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from storage.photo import PhotoState
from storage.tallies import Tally, Window

ENDED = ("not_true", "vanished", "not_ours", "resolved", "not_now", "struck_off")
"""Of a hardship case."""


def count(mine: list[dict[str, Any]], window: Window) -> Tally:
    """Of rows that were not withdrawn."""
    sent = [row for row in mine if window.start <= row["sent_at"] < window.end]
    visits = [row for row in sent if row["kind"] == "visit"]
    cases = [row for row in sent if row["kind"] == "hardship"]
    mends = [row for row in mine if row["kind"] == "rectification"]
    return Tally(
        visits=len(visits),
        households=len({row["household_id"] for row in visits if row.get("household_id")}),
        photos=len([row for row in sent if row["kind"] == "photo"]),
        pictures=sum(one in (PhotoState.WAITING, PhotoState.KEPT) for row in sent for one in row["photos"]),
        cases=len(cases),
        urgent=len([row for row in cases if row["urgency"] == "urgent"]),
        issued=len([row for row in sent if row["kind"] == "rectification"]),
        completed=sum(_moved(row, "completed", window) for row in mends),
        accepted=sum(_moved(row, "accepted", window) for row in mends),
        overdue=sum(_overdue(row, window.end) for row in mends),
        belated=sum(_belated(row, window) for row in visits),
        **_by_steps(mine, window),
        **_by_clocks(mine, window),
    )


def _belated(row: dict[str, Any], window: Window) -> bool:
    return row["day"] is not None and row["day"] < (window.start + timedelta(hours=8)).date()


def _by_steps(rows: list[dict[str, Any]], window: Window) -> dict[str, int]:
    mends = [row for row in rows if row["kind"] == "rectification"]
    cases = [row for row in rows if row["kind"] == "hardship"]
    stood = Counter(_stood(row, "issued", window.end) for row in mends)
    open_ = [_stood(row, "open", window.end) for row in cases]
    return {
        "closed": sum(any(_moved(row, state, window) for state in ENDED) for row in cases),
        "open": sum(state not in (*ENDED, None) for state in open_),
        "returned": sum(_moved(row, "issued", window) for row in mends),
        "struck_off": sum(_moved(row, "struck_off", window) for row in mends),
        "to_mend": stood["issued"],
        "to_accept": stood["completed"],
        "to_strike": stood["accepted"],
    }


def _stood(row: dict[str, Any], first: str, moment: datetime) -> str | None:
    if row["sent_at"] >= moment:
        return None
    return str([first, *(state for state, at in row["steps"] if at < moment)][-1])


def _by_clocks(rows: list[dict[str, Any]], window: Window) -> dict[str, int]:
    runs = [(row["kind"], *clock) for row in rows for clock in row["clocks"]]
    ended = [run for run in runs if run[3] is not None and window.start <= run[3] < window.end]
    late = [
        run for run in runs if max(run[1], run[2]) < window.end and (run[3] is None or run[3] >= window.end)
    ]
    return {
        "ended": len(ended),
        "on_time": sum(stopped <= due for _kind, _since, due, stopped in ended),
        "running_late": len(late),
        "cases_overdue": sum(kind == "hardship" for kind, *_clock in late),
    }


def _moved(row: dict[str, Any], after: str, window: Window) -> bool:
    return any(state == after and window.start <= at < window.end for state, at in row["steps"])


def _overdue(row: dict[str, Any], moment: datetime) -> bool:
    states = [state for state, at in row["steps"] if at < moment]
    still = not states or states[-1] == "issued"
    return bool(row["sent_at"] < moment and row["due_at"] < moment and still)
