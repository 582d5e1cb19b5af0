"""Every button of every handler × whoever has no business with a record: nothing of it is shown, nothing of it changes.

Buttons are read from the handlers: the prefix of each `Pressed`, and the verbs that its module looks for (its tables
of verbs, and what it compares `verb` with). Whoever adds one has it in this test; a prefix without a verb that can be
read this way fails until it is named in PLAIN. Officers, strangers and members of another county are in test_rights.py.
"""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from handlers.menu import MENU
from storage import exports, household_list, postings, queries, roster, saved, teams
from storage.chats import Chat
from storage.identity import actor_of
from storage.people import Posting, Role
from storage.reading import LIVE, Filter
from storage.report import Report
from tests.buttons import BUTTONS
from tests.handlers.office import NOW, SECRET, Office, office, record
from tests.world import CAST, COUNTY, TOWN, VILLAGE

__all__ = ["office", "record"]

PLAIN = frozenset({"o", "p", "j", "i", "l", "h"})
"""Prefixes whose data are no verbs but ids, tokens or names alone."""
NEAR, AFAR = "120114004204", "120114001201"
"""A village of the same town, of another team; and one of another town."""
FOREIGN = {
    "another team's leader": (2002, Role.LEADER),
    "another town's supervisor": (2003, Role.SUPERVISOR),
    "another county's administrator": (2004, Role.ADMIN),
    "an ended posting": (2005, Role.LEADER),
}
TAILS = ("{id}", "{id}:1:1")
"""What stands behind a verb: ids of what the member made."""
REGIONS = {"w": (f"{TOWN}:2026-W46", f"{COUNTY}:20261117:overdue")}
"""By prefix what else does: a region that is none of theirs."""


@pytest.fixture(scope="module")
def people(office: Office, record: Report) -> dict[str, int]:
    """Accounts by who they are; and something of each sort that the member has made beside the record."""

    def make(session: Session) -> None:
        near = teams.add_team(session, "邻队", [NEAR], by=None, now=NOW)
        for name, (account, role) in FOREIGN.items():
            team = near.id if role in (Role.MEMBER, Role.LEADER) else None
            region = {Role.SUPERVISOR: AFAR[:9], Role.ADMIN: "421281"}.get(role)
            person = roster.add_person(session, f"外人{account}", telegram_id=account, by=None, now=NOW)
            posting = postings.post(
                session, person.id or 0, role, team_id=team, region=region, by=None, now=NOW
            )
            if name == "an ended posting":
                session.get_one(Posting, posting.id).ends_at = NOW
        member = actor_of(session, CAST["member"][0], NOW)
        assert member is not None
        chat = session.exec(select(Chat).where(Chat.telegram_id == CAST["member"][0])).one()
        asked = Filter(words=SECRET, states=LIVE)
        queries.keep(session, member, asked, NOW)
        saved.keep(session, member, asked, SECRET, NOW)
        exports.ask(session, member, chat, asked, NOW)
        household_list.add(session, VILLAGE, "李大山", by=None, now=NOW)

    office.pen.submit(make).result()
    return {name: account for name, (account, _role) in FOREIGN.items()}


def kept(office: Office) -> list[Any]:
    """Everything of the member's that somebody else might change."""

    def rows(session: Session) -> list[Any]:
        tables = {
            "report": "", "steptaken": "", "savedquery": "", "household": "", "revision": "", "photo": "",
            "export": "", "query": " where id = 1", "draft": " where id = 1",
        }  # fmt: skip
        return [
            session.connection().execute(text(f"select * from {table}{some} order by id")).all()
            for table, some in tables.items()
        ]

    return office.pen.submit(rows).result()


def shows(said: list[str], record: Report) -> bool:
    told = " ".join(said)
    return any(one in told for one in (SECRET, "李大山", "李*山", record.number))


def test_every_prefix_has_verbs_that_can_be_read() -> None:
    assert {prefix for prefix, known in BUTTONS.items() if not known} <= PLAIN
    assert len(BUTTONS) >= 14
    assert {"make", "cancel"} <= BUTTONS["x"]
    assert {"tell", "drop", "set", "export"} <= BUTTONS["q"]


@pytest.mark.parametrize("name", FOREIGN)
def test_nobodys_press_shows_or_changes_what_is_not_theirs(
    office: Office, record: Report, people: dict[str, int], name: str, record_property: Any
) -> None:
    before, count = kept(office), 0
    for prefix, known in sorted(BUTTONS.items()):
        for verb in sorted(known) or [""]:
            for tail in (*TAILS, *REGIONS.get(prefix, ())):
                data = ":".join(filter(None, (prefix, verb, tail.format(id=record.id))))
                if len(data.encode()) <= 64:
                    count += 1
                    assert not shows(office.press(people[name], data), record), data
    assert kept(office) == before, "something of the member's was changed"
    record_property("refused", f"{name}: {count} presses of {len(BUTTONS)} prefixes, all refused")


@pytest.mark.parametrize("name", FOREIGN)
def test_nobodys_command_shows_what_is_not_theirs(
    office: Office, record: Report, people: dict[str, int], name: str, record_property: Any
) -> None:
    before, count = kept(office), 0
    for entry in MENU:
        for rest in ("屋顶漏雨", "李大 山"):
            count += 1
            said = office.say(people[name], f"/{entry.command} {rest}".strip())
            assert not shows(said, record), (entry.command, rest)
    assert kept(office)[0] == before[0], "a report was changed"
    record_property("refused", f"{name}: {count} commands, all refused")


def test_the_members_own_press_does_show_it(office: Office, record: Report, people: dict[str, int]) -> None:
    """The others would pass if nobody saw anything."""
    assert people
    assert shows(office.press("member", f"o:{record.id}"), record)
    assert SECRET in " ".join(office.press("member", "q:one:1"))
