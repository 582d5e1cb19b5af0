"""Who may take which step: role × territory × step. Every step of every life has its line here; a step without
one fails."""

from collections.abc import Callable

import pytest

from storage import casework
from storage.kinds import hardship_life as h
from storage.kinds import house_life as w
from storage.kinds import rectification as r
from storage.kinds.referring import ANSWERS, REFER
from storage.people import Role
from storage.refusals import NotYours, Refusal
from storage.report import Report
from storage.timing import ASK_TIME, DENY_TIME, GRANT_TIME, PAUSE, RESUME
from tests.storage.asking import PLACES
from tests.storage.helping import opened
from tests.storage.housing import found
from tests.storage.mending import hire, issued
from tests.storage.reporting_world import Desk
from tests.workflows import lives

TEAM = frozenset({"队员", "同队", "队长"})
MANAGERS = frozenset({"督导", "管理员"})
BOTH = TEAM | MANAGERS
RIGHTS: dict[tuple[str, str], frozenset[str]] = {
    ("rectification", r.COMPLETE): TEAM,
    ("rectification", r.ACCEPT): MANAGERS,
    ("rectification", r.RETURN): MANAGERS,
    ("rectification", r.STRIKE_OFF): MANAGERS,
    ("rectification", r.SIGN): TEAM,
    ("rectification", r.ASSIGN): MANAGERS | {"队长"},
    **{
        ("hardship", name): BOTH
        for name in (h.CONFIRM, h.DENY, h.NOT_OURS, h.VANISH, h.OBJECT, h.PLAN, h.KEPT, h.BREAK, h.REOPEN)
    },
    **{("hardship", name): TEAM for name in (h.PUBLISH, h.FOLLOW_UP, h.PROPOSE)},
    **{
        ("hardship", name): MANAGERS
        for name in (h.RECOGNISE, h.ORDINARY, h.SECURE, r.RETURN, r.STRIKE_OFF, h.NOT_NOW)
    },
    ("hardship", h.SOLVE): MANAGERS | {"队长"},
    **{
        ("house", name): BOTH
        for name in (w.REPORT_UP, w.DENY, w.REHOUSE, w.REBUILD, w.LEFT, w.SLEEPS, w.REOPEN)
    },
    **{("house", name): MANAGERS for name in (w.APPRAISE, w.SAFE, w.PASS, r.RETURN)},
    ("house", w.HEED): MANAGERS | {"队长"},
    **{(kind, REFER): BOTH for kind in ("hardship", "house")},
    # Whoever the case was referred to: see tests/storage/test_referrals.py.
    **{(kind, name): frozenset[str]() for kind in ("hardship", "house") for name in ANSWERS},
    **{(kind, ASK_TIME): TEAM for kind in lives()},
    **{(kind, name): MANAGERS for kind in lives() for name in (GRANT_TIME, DENY_TIME, PAUSE, RESUME)},
}
PEOPLE = {
    "队员": "王爱民", "同队": "何双", "队长": "李明", "督导": "孙丽", "管理员": "周正",
    "部门": "吴敏", "外队": "赵建国", "外镇督导": "钱远",
}  # fmt: skip
STEPS = [(kind, step) for kind, life in lives().items() for step in life.steps[1:]]


def begun(desk: Desk, kind: str) -> Report:
    hire(desk, "何双", Role.MEMBER, team=desk.county.teams["一队"])
    hire(desk, "钱远", Role.SUPERVISOR, region="120114101")
    begin: dict[str, Callable[[], Report]] = {
        "rectification": lambda: issued(desk), "hardship": lambda: opened(desk), "house": lambda: found(desk),
    }  # fmt: skip
    report = begin[kind]()
    assert report.village == PLACES[0]
    return report


def allowed(desk: Desk, report: Report, step: str, who: str) -> bool:
    """Whether it is theirs to take, whatever else may stand in the way (a condition, a second person)."""
    try:
        casework.check(desk.session, desk.actor(PEOPLE[who]), report, step, desk.at)
    except NotYours:
        return False
    except Refusal:
        return True
    return True


@pytest.mark.parametrize("kind", lives())
def test_every_step_is_for_those_it_is_declared_for_and_nobody_else(desk: Desk, kind: str) -> None:
    report = begun(desk, kind)
    for name, step in STEPS:
        if name == kind:
            report.state = step.before[0]
            desk.session.flush()
            may = {who for who in PEOPLE if allowed(desk, report, step.name, who)}
            assert may == RIGHTS[kind, step.name], step.name


def test_every_step_has_its_line() -> None:
    assert {(kind, step.name) for kind, step in STEPS} == set(RIGHTS)


@pytest.mark.parametrize("kind", lives())
def test_what_is_offered_is_what_is_allowed(desk: Desk, kind: str) -> None:
    """No button refuses because of the role: what is possible passes the check but for its condition."""
    report = begun(desk, kind)
    for state in lives()[kind].live:
        report.state = state
        desk.session.flush()
        for who in PEOPLE:
            for step in casework.possible(desk.session, desk.actor(PEOPLE[who]), report, desk.at):
                assert who in RIGHTS[kind, step.name], (step.name, who)
