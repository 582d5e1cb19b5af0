"""What is owed, read from the rows: by whom, since when, until when."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from storage import duties, duty_states
from storage.chats import Chat
from storage.duties import CORRECT, CORRECTION, VISIT, Duty, Reminder
from storage.duty_rules import DutyRule
from storage.people import Posting, Role, Team
from storage.report import ReportState
from storage.summaries import Scope
from storage.tallies import Window
from tests import weeks
from tests.weeks import CLOSE, W46, W47, County

DAY = timedelta(days=1)
NOW = W47.start + 3 * DAY


@pytest.fixture
def county(session: Session) -> County:
    return weeks.settle(session, towns=2, villages=1)


def owed(session: Session, *what: str) -> list[Duty]:
    return [one for one in duties.owed(session, NOW, lambda _region: W47) if one.what in what]


def test_each_team_owes_a_visit_a_week(session: Session, county: County) -> None:
    first, second = county.teams
    weeks.add_report(session, county, first, W46.start)
    weeks.add_report(session, county, second, W47.start)
    (duty,) = owed(session, VISIT)
    assert duty.key == f"visit:{first}:2026-11-20"
    assert duty.people == (county.leaders[first], county.members[first])
    assert (duty.since, duty.due) == (W47.start, W47.end)


def test_every_region_has_its_own_week(session: Session, county: County) -> None:
    """The first town closes a day earlier, and its team visited after that close."""
    first, _second = county.teams
    weeks.add_report(session, county, first, W47.start)
    early = Window(W47.start - DAY, W47.end - DAY)
    windows = {"120114001": early, "120114002": W47}
    found = [one for one in duties.owed(session, NOW, windows.__getitem__) if one.what == VISIT]
    assert [(one.region, one.due) for one in found] == [("120114002", W47.end)]


def test_an_ended_team_owes_nothing(session: Session, county: County) -> None:
    for team in session.exec(select(Team)):
        team.ended_at = NOW
    session.flush()
    assert owed(session, VISIT) == []


def test_a_supervisor_owes_no_visit(session: Session, county: County) -> None:
    supervisor = weeks.add_person(session, "管理", Role.SUPERVISOR, region="120114")
    assert all(supervisor not in duty.people for duty in owed(session, VISIT))


def test_a_correction_is_owed_by_the_author_for_a_week(session: Session, county: County) -> None:
    first, back = next(iter(county.teams)), W47.start + DAY
    weeks.add_report(session, county, first, W47.start, "hardship", returned=True, steps=[("sent", back)])
    (duty,) = owed(session, CORRECT)
    assert duty.people == (county.members[first],)
    assert (duty.since, duty.due) == (back, back + CORRECTION)


def test_when_the_author_has_left_the_team_owes_it(session: Session, county: County) -> None:
    first = next(iter(county.teams))
    weeks.add_report(session, county, first, W47.start, "hardship", returned=True)
    posting = session.exec(select(Posting).where(Posting.person_id == county.members[first])).one()
    posting.ends_at = NOW - DAY
    session.flush()
    (duty,) = owed(session, CORRECT)
    assert duty.people == (county.leaders[first],)


def test_a_rectification_has_its_clock_and_is_no_duty_of_this_kind(session: Session, county: County) -> None:
    first = next(iter(county.teams))
    weeks.add_report(session, county, first, W47.start, kind="rectification", due_at=CLOSE, returned=True)
    assert owed(session, CORRECT, "mend") == []


def test_a_withdrawn_report_is_owed_by_nobody(session: Session, county: County) -> None:
    first = next(iter(county.teams))
    weeks.add_report(
        session, county, first, W47.start, "hardship", returned=True, state=ReportState.WITHDRAWN
    )
    assert owed(session, CORRECT) == []


def test_reminders_are_remembered_by_person_duty_and_slot(session: Session, county: County) -> None:
    person = county.members[1]
    duties.note(session, person, "visit:1:2026-11-20", "half", NOW)
    session.flush()
    assert duties.reminded(session, ["visit:1:2026-11-20", "x"]) == {(person, "visit:1:2026-11-20", "half")}
    assert duties.reminded(session, []) == set()
    assert session.exec(select(Reminder)).one().sent_at == NOW


def test_only_those_who_wrote_to_a_bot_can_be_reminded(session: Session, county: County) -> None:
    chat = weeks.add_chat(session, county.members[1], 4321)
    found = duties.private_chats(session, [county.members[1], county.leaders[1]])
    assert {person: chat.id for person, (_row, chat) in found.items()} == {county.members[1]: chat.id}


def test_the_newest_private_chat_is_written_to(session: Session, county: County) -> None:
    person = next(iter(county.members.values()))
    for bot, telegram in ((weeks.BOT, 77), (weeks.BOT + 1, 77)):
        chat = (
            weeks.add_chat(session, person, telegram) if bot == weeks.BOT else Chat(bot=bot, telegram_id=77)
        )
        session.add(chat)
        session.flush()
    assert duties.private_chats(session, [person])[person][1].bot == weeks.BOT + 1


def test_a_rule_holds_for_reminders_from_the_week_for_which_it_is_counted(
    session: Session, county: County
) -> None:
    """From the first whole day of the week in the county: the day after the Friday on which it began."""
    first = W47.first_day(ZoneInfo("Asia/Shanghai"))
    assert first.isoformat() == "2026-11-14"
    for since, wanted in ((first + DAY, 0), (first, 2)):
        rule = DutyRule(region="", since=since, visits=2, asked_by="县委组织部", at=W46.start)
        session.add(rule)
        session.flush()
        mine = {one.wanted for one in owed(session, VISIT)}
        counted = {one.wanted for one in duty_states.standings(session, Scope(""), W47, NOW)}
        assert (mine, counted) == ({wanted}, {wanted or 1}), since
