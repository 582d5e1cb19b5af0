"""A county whose teams sent very many reports in one week, written straight into the tables: what the figures of a
week, its files and its Friday are measured over (tests/benchmarks/weekly.py).

Of a thousand records seven hundred are visits (every twentieth of a day before the week), 270 photo reports with a
picture each, twenty hardship cases and ten rectifications, half of these with a step; every case has a clock. One in
fifty was withdrawn. In each village six or seven households have a contact card, one in ten of them watched and half of
them out of poverty, accepted from a week before the close to a week more than their cadence: of 6,501 cards 1,217 are
due.
"""

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from storage.db import Store, new_uid
from storage.report import ReportState
from tests import weeks
from tests.weeks import W47, County

TOWNS = 40
HOUSEHOLDS = 40
"""Of a village."""
PAIRED = 6.5
"""Of these with a contact card: a county has some 6,500."""
BATCH = 20_000
_CADENCE = {"监测户": 15, "脱贫户": 30, "一般户": 90}
"""Days between visits, by category."""
_CATEGORIES = ("监测户", *["脱贫户"] * 5, *["一般户"] * 4)
_KINDS = (("visit", 700), ("photo", 270), ("hardship", 20), ("rectification", 10))


class Made(NamedTuple):
    """The rows of one report, by table."""

    report: dict[str, Any]
    detail: tuple[str, dict[str, Any]]
    photo: dict[str, Any] | None
    step: dict[str, Any] | None
    clock: dict[str, Any] | None


def settled(store: Store, teams: int) -> County:
    """So many teams with a village each, in towns of a county."""
    SQLModel.metadata.create_all(store.write)
    towns = min(TOWNS, teams)
    with store.writing() as session:
        county = weeks.settle(session, towns, teams // towns, households=0)
        rows = list(_households(store, county))
        session.connection().execute(insert(SQLModel.metadata.tables["household"]), rows)
        cards = list(_cards(county, rows))
        session.connection().execute(insert(SQLModel.metadata.tables["contactcard"]), cards)
    for row in rows:
        county.households.setdefault(row["village"], []).append(row["id"])
    return county


def _cards(county: County, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    chance = random.Random(3)  # a fixed seed: the same cards in every run
    whose = {village: (county.leaders[team], county.members[team]) for team, village in county.teams.items()}
    for row in rows:
        if row["category"] is not None:
            who = chance.choice(whose[row["village"]])
            at = weeks.CLOSE - timedelta(days=7 + _CADENCE[row["category"]] * chance.random())
            yield {
                "uid": f"c{row['id']:031}", "household_id": row["id"], "person_id": who, "offered_by": who,
                "offered_at": at, "accepted_at": at,
            }  # fmt: skip


def _households(store: Store, county: County) -> Iterator[dict[str, Any]]:
    number, chance = 0, random.Random(2)  # a fixed seed: the same households in every run
    for village in county.villages:
        for _each in range(HOUSEHOLDS):
            number += 1
            uid = new_uid()
            head = store.keyring.seal("household.head", uid, "李爱民")
            said = chance.choice(_CATEGORIES) if chance.random() < PAIRED / HOUSEHOLDS else None
            yield {"id": number, "uid": uid, "village": village, "head": head, "category": said}


def fill(store: Store, county: County, count: int, seed: int = 7) -> None:
    """So many reports of the week, and what stands beside them."""
    rows = made(county, count, seed)
    with store.write.begin() as connection:
        _chat(connection)
        while batch := list(islice(rows, BATCH)):
            _write(connection, batch)
    with store.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As a server does by itself, which the one of the tests is told not to.
        connection.exec_driver_sql("VACUUM ANALYZE" if store.shared else "ANALYZE")


def _chat(connection: Connection) -> None:
    connection.execute(
        insert(SQLModel.metadata.tables["chat"]),
        {"id": 1, "bot": weeks.BOT, "telegram_id": 900_000_000, "kind": "private", "topic": 0, "title": ""},
    )


def _write(connection: Connection, batch: list[Made]) -> None:
    tables: dict[str, list[dict[str, Any]]] = {"report": [one.report for one in batch]}
    for one in batch:
        name, detail = one.detail
        tables.setdefault(name, []).append(detail)
        for beside, row in (("photo", one.photo), ("steptaken", one.step), ("clockrun", one.clock)):
            if row is not None:
                tables.setdefault(beside, []).append(row)
    for name, rows in tables.items():
        _copy(connection, name, list(rows[0]), [list(map(_plain, row.values())) for row in rows])


def _copy(connection: Connection, table: str, columns: list[str], rows: list[list[Any]]) -> None:
    """By the driver itself: the program's own way of writing would take most of the time."""
    names, driver = ", ".join(f'"{one}"' for one in columns), connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as into:
            for row in rows:
                into.write_row(row)
        return
    held = [[_as_sqlite(value) for value in row] for row in rows]
    driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", held)


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value.value if isinstance(value, ReportState) else value


def _as_sqlite(value: Any) -> Any:
    """As SQLAlchemy writes moments and days there."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return value.isoformat() if isinstance(value, date) else value


def made(county: County, count: int, seed: int) -> Iterator[Made]:
    """The reports in the order they were sent."""
    chance = random.Random(seed)  # a fixed seed: the same week in every run
    teams, kinds = list(county.teams), [kind for kind, weight in _KINDS for _each in range(weight // 10)]
    span = (W47.end - W47.start) / count
    for number in range(1, count + 1):
        yield _one(
            county, chance, chance.choice(teams), chance.choice(kinds), number, W47.start + number * span
        )


def _one(county: County, chance: random.Random, team: int, kind: str, number: int, at: datetime) -> Made:
    village, moved = county.teams[team], chance.random() < 0.5
    case = kind in ("hardship", "rectification")
    state, after = _states(kind, chance, moved=moved)
    report = {
        "id": number, "uid": f"{number:032}", "kind": kind, "number": f"{kind[:2].upper()}-{number:08}",
        "author_id": county.members[team], "team_id": team, "village": village, "state": state, "sent_at": at,
        "household_id": chance.choice(county.households[village]) if kind in ("visit", "hardship") else None,
        "due_at": at + timedelta(hours=chance.randrange(10, 400)) if case else None,
        "returned": False, "revision": 1, "version": 1,
    }  # fmt: skip
    later = at + timedelta(hours=chance.randrange(1, 90))
    photo = _photo(number, at) if kind == "photo" else None
    step = _step(report, after, later) if case and moved else None
    clock = _clock(report, at, later if moved else None) if case else None
    return Made(report, _detail(report, chance), photo, step, clock)


def _states(kind: str, chance: random.Random, *, moved: bool) -> tuple[ReportState, ReportState]:
    """The state it has now, and the one that a step brought it into."""
    begun = {"hardship": ReportState.OPEN, "rectification": ReportState.ISSUED}.get(kind, ReportState.SENT)
    after = ReportState.VERIFIED if kind == "hardship" else ReportState.COMPLETED
    if chance.random() < 0.02:
        return ReportState.WITHDRAWN, after
    return (after if moved and begun is not ReportState.SENT else begun), after


def _detail(report: dict[str, Any], chance: random.Random) -> tuple[str, dict[str, Any]]:
    number, at, words = report["id"], report["sent_at"], "屋顶漏雨，已联系村里修"
    if report["kind"] == "visit":
        day = (at - timedelta(days=8)).date() if chance.random() < 0.05 else None
        row = {"report_id": number, "purposes": ["look"], "findings": words, "companions": [], "day": day}
        return "visit", row
    if report["kind"] == "photo":
        return "photoreport", {"report_id": number, "findings": words}
    if report["kind"] == "hardship":
        urgency = chance.choice(("normal", "soon", "urgent"))
        row = {
            "report_id": number, "category": "allowance", "urgency": urgency, "findings": words, "causes": ["illness"],
            "guarantees": [],
        }  # fmt: skip
        return "hardshipcase", row
    return "rectification", {"report_id": number, "findings": words, "due": report["due_at"].date()}


def _photo(number: int, at: datetime) -> dict[str, Any]:
    return {
        "uid": f"p{number:031}", "bot": weeks.BOT, "chat_id": 1, "message_id": number, "report_id": number,
        "question": "photos", "file_id": f"f{number}", "unique_id": f"u{number}", "as_file": False,
        "received_at": at, "state": "kept",
    }  # fmt: skip


def _step(report: dict[str, Any], after: ReportState, at: datetime) -> dict[str, Any]:
    begun = "open" if report["kind"] == "hardship" else "issued"
    return {
        "report_id": report["id"], "step": "move", "before": begun, "after": after.value, "at": at,
        "by_id": report["author_id"], "answers": {},
    }  # fmt: skip


def _clock(report: dict[str, Any], since: datetime, stopped: datetime | None) -> dict[str, Any]:
    name = "verify" if report["kind"] == "hardship" else "mend"
    return {
        "report_id": report["id"], "clock": name, "since": since, "due_at": report["due_at"], "stopped_at": stopped,
    }  # fmt: skip
