"""Policy mode: off by itself, on by an administrator with reason, approver and a last day, over on the day after."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import identity, journal, policy
from storage.identity import Actor
from storage.people import Role
from storage.policy import Policy
from storage.refusals import Gone, NotYours, Refusal
from tests import weeks
from tests.weeks import CLOSE, COUNTY

UNTIL = date(2026, 12, 31)
TOWN = f"{COUNTY}001"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = weeks.new_store(tmp_path / "p.db")
    with store.writing() as session:
        weeks.settle(session, towns=1, villages=1)
        yield session
    store.close()


def somebody(session: Session, role: Role, region: str = COUNTY) -> Actor:
    number = weeks.add_person(session, "某某", role, region=region)
    found = identity.actor(session, number, CLOSE)
    assert found is not None
    return found


def turn_on(session: Session, actor: Actor, **more: object) -> policy.PolicySwitch:
    usual: dict[str, object] = {"policy": "names", "until": UNTIL, "approver": "李主任", "reason": "汛期值守"}
    return policy.turn_on(session, actor, COUNTY, now=CLOSE, **usual | more)  # type: ignore[arg-type]  # by name


def test_nothing_is_on_by_itself(session: Session) -> None:
    assert policy.on(session, [TOWN], CLOSE) == []
    assert all(policy.allowed(session, TOWN, one, CLOSE) is None for one in Policy)


def test_it_holds_inside_the_region_until_its_last_day(session: Session) -> None:
    made = turn_on(session, somebody(session, Role.ADMIN))
    assert policy.allowed(session, TOWN, Policy.NAMES, CLOSE) == made
    assert policy.allowed(session, TOWN, Policy.RANKING, CLOSE) is None
    assert policy.allowed(session, "120115", Policy.NAMES, CLOSE) is None
    assert policy.allowed(session, TOWN, Policy.NAMES, CLOSE + timedelta(days=41)) == made
    assert policy.allowed(session, TOWN, Policy.NAMES, CLOSE + timedelta(days=42)) is None


def test_a_supervisor_turns_nothing_on_or_off(session: Session) -> None:
    supervisor = somebody(session, Role.SUPERVISOR)
    with pytest.raises(NotYours):
        turn_on(session, supervisor)
    made = turn_on(session, somebody(session, Role.ADMIN))
    with pytest.raises(NotYours):
        policy.turn_off(session, supervisor, made.id or 0, CLOSE)


@pytest.mark.parametrize(
    "wrong", [{"approver": " "}, {"reason": ""}, {"until": date(2026, 11, 19)}, {"until": date(2028, 1, 1)}]
)
def test_reason_approver_and_last_day_are_wanted(session: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        turn_on(session, somebody(session, Role.ADMIN), **wrong)


def test_what_the_program_does_not_have_is_not_turned_on(session: Session) -> None:
    with pytest.raises(Gone):
        turn_on(session, somebody(session, Role.ADMIN), policy="checkin")


def test_turned_off_it_stays_in_the_journal(session: Session) -> None:
    admin = somebody(session, Role.ADMIN)
    made = turn_on(session, admin)
    with pytest.raises(Refusal):
        turn_on(session, admin)
    policy.turn_off(session, admin, made.id or 0, CLOSE)
    assert policy.on(session, [TOWN], CLOSE) == []
    with pytest.raises(Gone):
        policy.turn_off(session, admin, made.id or 0, CLOSE)
    assert len(journal.history(session, f"region:{COUNTY}")) == 2


def test_everybody_there_is_shown(session: Session) -> None:
    admin = somebody(session, Role.ADMIN)
    weeks.add_region(session, "120115", "宝坻区")
    elsewhere = somebody(session, Role.SUPERVISOR, region="120115")
    shown = policy.everybody(session, COUNTY, CLOSE)
    assert admin.person_id in shown
    assert elsewhere.person_id not in shown
    assert len(shown) == 3, "the team's leader and member too"
    assert elsewhere.person_id in policy.everybody(session, "", CLOSE)
