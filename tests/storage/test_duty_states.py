"""Who did what they owe in a week, and who did not: by rows, with leave, lateness and a county's own rule."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from reports import owed
from storage import duties, duty_rules, duty_states, journal
from storage.absences import Absence, AbsenceKind, AbsenceState
from storage.duties import VISIT
from storage.duty_rules import DutyRule, DutyRules
from storage.duty_states import DutyState, Standing
from storage.kinds.visit import Visit
from storage.people import Role
from storage.policy import PolicySwitch
from storage.refusals import Refusal
from storage.summaries import Scope
from tests import weeks
from tests.weeks import CLOSE, COUNTY, W47, County

NOW = CLOSE + timedelta(hours=1)
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 20)


@pytest.fixture
def county(session: Session) -> County:
    return weeks.settle(session, towns=1, villages=2)


def ask(
    session: Session, visits: int, *, daily: bool = False, role: str = "", region: str = COUNTY
) -> DutyRule:
    rule = DutyRule(
        region=region,
        role=role,
        since=date(2026, 11, 1),
        visits=visits,
        daily=daily,
        asked_by="县驻村办",
        at=NOW,
    )
    return duty_rules.put(session, rule, date(2026, 11, 1))


def states(session: Session, team: int, now: object = NOW) -> dict[int, Standing]:
    found = duty_states.standings(session, Scope("120114001", team), W47, now)  # type: ignore[arg-type]  # a moment
    return {one.person_id: one for one in found}


def away(session: Session, person: int, kind: AbsenceKind, first: date = FIRST, last: date = LAST) -> None:
    session.add(
        Absence(
            person_id=person,
            kind=kind.value,
            first=first,
            last=last,
            state=AbsenceState.APPROVED,
            asked_at=NOW,
        )
    )
    session.flush()


def test_without_a_rule_one_visit_of_the_team_is_enough(session: Session, county: County) -> None:
    first, second = county.teams
    weeks.add_report(session, county, first, W47.start, answered=True)
    assert {one.state for one in states(session, first).values()} == {DutyState.DONE}
    assert {one.state for one in states(session, second).values()} == {DutyState.MISSING}
    running = states(session, second, CLOSE - timedelta(days=1))
    assert {one.state for one in running.values()} == {DutyState.NOT_DUE}


def test_a_county_asks_each_person_and_companions_count(session: Session, county: County) -> None:
    ask(session, 2)
    team = next(iter(county.teams))
    member, leader = county.members[team], county.leaders[team]
    for hours in (1, 2):
        report = weeks.add_report(session, county, team, W47.start + timedelta(hours=hours), answered=True)
        visit = session.get_one(Visit, report.id)
        visit.companions = [leader] if hours == 1 else []
    session.flush()
    found = states(session, team)
    assert (found[member].visits, found[member].state) == (2, DutyState.DONE)
    assert (found[leader].visits, found[leader].state) == (1, DutyState.MISSING)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (AbsenceKind.LEAVE, DutyState.LEAVE),
        (AbsenceKind.TRIP, DutyState.TRIP),
        (AbsenceKind.NO_SIGNAL, DutyState.NO_SIGNAL),
    ],
)
def test_who_was_away_all_week_is_not_missing(
    session: Session, county: County, kind: AbsenceKind, state: DutyState
) -> None:
    ask(session, 1)
    team = next(iter(county.teams))
    away(session, county.members[team], kind)
    away(session, county.leaders[team], kind, last=FIRST + timedelta(days=3))
    found = states(session, team)
    assert found[county.members[team]].state is state
    assert found[county.leaders[team]].state is DutyState.MISSING, "here on Wednesday"


def test_what_was_told_after_the_close_is_late(session: Session, county: County) -> None:
    ask(session, 1)
    team = next(iter(county.teams))
    weeks.add_report(session, county, team, CLOSE + timedelta(hours=2), day=date(2026, 11, 18))
    assert states(session, team)[county.members[team]].state is DutyState.LATE
    assert states(session, team)[county.leaders[team]].state is DutyState.MISSING


def test_a_line_a_day_asks_nothing_of_days_away(session: Session, county: County) -> None:
    ask(session, 0, daily=True, role="member")
    team = next(iter(county.teams))
    member = county.members[team]
    for day in (16, 17, 18):
        at = CLOSE.replace(day=day, hour=3)
        weeks.add_report(session, county, team, at, kind="photo", answered=True)
    found = states(session, team)
    assert (found[member].lines_missing, found[member].state) == (2, DutyState.MISSING)
    assert found[county.leaders[team]].state is DutyState.MISSING, "the team's visit still is owed by leaders"
    away(session, member, AbsenceKind.LEAVE, date(2026, 11, 19), LAST)
    assert states(session, team)[member].state is DutyState.DONE


def test_nothing_is_asked_of_whom_nothing_is_wanted(session: Session, county: County) -> None:
    ask(session, 0)
    team = next(iter(county.teams))
    assert {one.state for one in states(session, team).values()} == {DutyState.NOT_DUE}


def test_the_nearest_and_newest_rule_holds(session: Session) -> None:
    ask(session, 1)
    ask(session, 2)
    ask(session, 3, role="leader")
    ask(session, 4, region="120114001")
    rules, day = DutyRules(session), date(2026, 11, 20)
    wanted = {
        (region, role): rule.visits
        for region in ("120114001", "120114002")
        for role in (Role.MEMBER, Role.LEADER)
        if (rule := rules.of(region, role, day)) is not None
    }
    assert list(wanted.values()) == [4, 4, 2, 3]
    assert rules.of("120115", Role.MEMBER, day) is None
    assert rules.of("120114001", Role.MEMBER, date(2026, 10, 1)) is None
    assert len(journal.history(session, "region:120114")) == 3


@pytest.mark.parametrize(
    "wrong", [{"visits": 36}, {"role": "admin"}, {"since": date(2020, 1, 1)}, {"asked_by": " "}]
)
def test_a_rule_that_cannot_be_is_refused(session: Session, wrong: dict[str, object]) -> None:
    usual: dict[str, object] = {"region": "", "since": LAST, "visits": 1, "asked_by": "县驻村办", "at": NOW}
    rule = DutyRule.model_construct(**({"role": ""} | usual | wrong))  # type: ignore[arg-type]  # by name
    with pytest.raises(Refusal):
        duty_rules.put(session, rule, LAST)


def test_each_person_is_reminded_of_their_own(session: Session, county: County) -> None:
    ask(session, 2)
    team = next(iter(county.teams))
    weeks.add_report(session, county, team, W47.start, answered=True)
    away(session, county.leaders[team], AbsenceKind.LEAVE, last=LAST)
    now = W47.start + timedelta(days=6)
    found = [one for one in duties.owed(session, now, lambda _region: W47) if one.what == VISIT]
    mine = {one.people[0]: (one.done, one.wanted) for one in found}
    assert mine[county.members[team]] == (1, 2)
    assert county.leaders[team] not in mine
    assert all(len(one.people) == 1 for one in found)


def standing(number: int, team: str, state: DutyState, visits: int = 0) -> Standing:
    return Standing(number, 1, team, "120114001", visits, 2, 0, state)


def test_groups_hear_totals_and_names_by_a_switch_alone() -> None:
    some = [standing(1, "甲队", DutyState.DONE, 2), standing(2, "乙队", DutyState.MISSING, 1)]
    names = {1: "王某", 2: "李某"}
    said = owed.units("一镇", "2026-W47", some)
    assert said.splitlines()[1:] == ["共 2 人：缺 1、已完成 1", "乙队：缺 1", "甲队：已完成 1"]
    assert "李某" not in said
    switch = PolicySwitch(
        region="", policy="names", reason="汛期", approver="李主任", by_id=1, at=NOW, until=date(2026, 12, 31)
    )
    assert owed.named(some, names, switch).splitlines() == [
        "还欠的人：李某（乙队）", "（政策开关：原因 汛期，批准人 李主任，到 2026-12-31 为止）",
    ]  # fmt: skip


def test_a_list_by_name_puts_first_who_owes_and_ranks_only_when_told() -> None:
    some = [standing(1, "甲队", DutyState.DONE, 2), standing(2, "甲队", DutyState.MISSING, 5)]
    names = {1: "王磊", 2: "李<明"}
    lines = owed.people("甲队", "2026-W47", some[::-1], names).splitlines()[1:]
    assert lines == ["李&lt;明：缺，走访 5/2", "王磊：已完成，走访 2/2"]
    some[1] = standing(2, "甲队", DutyState.DONE, 1)
    assert owed.people("甲队", "w", some[::-1], names, ranked=True).splitlines()[1].startswith("王磊")
