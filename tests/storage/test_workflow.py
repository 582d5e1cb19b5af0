"""Tables of steps: what may be done next, and the picture of it in the documents."""

from collections.abc import Iterable

import pytest

from storage import conditions
from storage.clock_rules import DEFAULTS
from storage.kinds import KINDS, hardship_life
from storage.kinds.hardship_life import REOPEN
from storage.kinds.rectification import ACCEPT, ASSIGN, COMPLETE, LIFE, RETURN, SIGN, STRIKE_OFF
from storage.report import ReportState
from storage.states import STATES
from storage.texts import N_
from storage.timing import ASK_TIME, DENY_TIME, GRANT_TIME, PAUSE, RESUME
from storage.workflow import KEEP, WHO, By, Clock, Step, Workflow
from tests import workflows
from tests.workflows import DOCUMENT, drawn, lives, section

BOTH = (By.TEAM, By.MANAGER)
TIME = {ASK_TIME, GRANT_TIME, DENY_TIME, PAUSE, RESUME}

SHORT = Workflow(
    (
        Step(
            name="open", title=N_("立案"), before=(), after=ReportState.OPEN, by=(By.TEAM,), starts="close",
            said=N_("{name}立案 {number}"),
        ),
        Step(
            name="close", title=N_("办结"), before=(ReportState.OPEN, ReportState.SENT),
            after=ReportState.ACCEPTED, by=(By.LEADER, By.MANAGER), needs=N_("原因"), not_by=("open",),
            when=(N_("有交代"),), hears=(By.AUTHOR,),
        ),
        Step(
            name="look", title=N_("查看"), before=(ReportState.OPEN,), after=None, by=(By.MANAGER,), starts=KEEP,
        ),
    ),
    (Clock(name="close", title=N_("办理"), ask=N_("请办"), owes=By.MANAGER, step="close"),),
)  # fmt: skip


def names(steps: Iterable[Step]) -> list[str]:
    return [step.name for step in steps if step.name not in TIME]


@pytest.mark.parametrize(
    ("state", "team", "manager"),
    [
        (ReportState.ISSUED, [COMPLETE, SIGN], [ASSIGN]),
        (ReportState.COMPLETED, [], [ACCEPT, RETURN]),
        (ReportState.ACCEPTED, [], [RETURN, STRIKE_OFF]),
        (ReportState.STRUCK_OFF, [], []),
        (ReportState.WITHDRAWN, [], []),
    ],
)
def test_the_table_says_what_may_be_done_next(
    state: ReportState, team: list[str], manager: list[str]
) -> None:
    assert names(LIFE.possible(state, [By.TEAM])) == team
    assert names(LIFE.possible(state, [By.MANAGER])) == manager
    assert sorted(names(LIFE.possible(state, BOTH))) == sorted(team + manager)
    assert LIFE.possible(state, []) == []


def test_one_step_may_be_that_of_several() -> None:
    for by in (By.LEADER, By.MANAGER):
        assert "close" in names(SHORT.possible(ReportState.OPEN, [by]))
    assert SHORT.possible(ReportState.OPEN, [By.TEAM, By.AUTHOR]) == []


def test_striking_off_takes_somebody_who_neither_mended_nor_accepted() -> None:
    assert LIFE.step(STRIKE_OFF).not_by == (COMPLETE, ACCEPT)
    assert LIFE.step(ACCEPT).not_by == (COMPLETE,)


def test_only_a_return_gives_a_rectification_back() -> None:
    assert [step.name for step in LIFE.steps if step.returns] == [RETURN]
    assert LIFE.step(RETURN).after == ReportState.ISSUED


def test_an_unknown_step_or_clock_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        LIFE.step("celebrate")
    with pytest.raises(KeyError):
        LIFE.clock("celebrate")


def test_the_clock_of_a_state_is_the_one_that_its_step_starts() -> None:
    clock = SHORT.clock_in(ReportState.OPEN)
    assert clock is not None
    assert (clock.name, clock.owes) == ("close", By.MANAGER)
    assert SHORT.clock_in(ReportState.ACCEPTED) is None
    assert SHORT.owed(By.MANAGER) == (ReportState.OPEN,)
    assert SHORT.owed(By.TEAM) == ()
    assert SHORT.live == (ReportState.OPEN,)


@pytest.mark.parametrize("name", lives())
def test_every_state_of_a_life_can_be_reached_and_has_a_name(name: str) -> None:
    life = lives()[name]
    reached = {step.after for step in life.steps if step.after}
    assert {state for step in life.steps for state in step.before} <= reached
    assert reached <= set(STATES)


@pytest.mark.parametrize("name", lives())
def test_a_life_begins_where_a_sent_one_stands(name: str) -> None:
    life = lives()[name]
    assert [step for step in life.steps if not step.before] == [life.first]
    assert life.first.after == KINDS[name].state


@pytest.mark.parametrize("name", lives())
def test_each_step_that_needs_words_has_its_form_and_no_other(name: str) -> None:
    needing = {step.name for step in lives()[name].steps if step.needs and step.before}
    assert needing == set(KINDS[name].steps)


@pytest.mark.parametrize("name", lives())
def test_every_step_is_told_and_every_condition_has_its_rule(name: str) -> None:
    for step in lives()[name].steps:
        assert "{name}" in step.said, step.name
        assert "{number}" in step.said, step.name
        assert set(step.when) <= set(conditions.RULES), step.name
        assert step.by, step.name


@pytest.mark.parametrize("name", lives())
def test_a_case_is_either_ended_or_on_a_clock(name: str) -> None:
    """Nothing lies where nobody owes anything."""
    life = lives()[name]
    for state in {step.after for step in life.steps if step.after}:
        assert life.is_end(state) is (life.clock_in(state) is None), state
    for clock in life.clocks:
        assert clock.name in DEFAULTS
        owing = life.step(clock.step)
        assert {clock.owes} & {*owing.by, *([By.LEADER] if By.TEAM in owing.by else [])}, clock.name


@pytest.mark.parametrize("name", lives())
def test_nobody_ends_alone_what_they_began(name: str) -> None:
    """Each way to an end is barred for the author or for whoever took the step before."""
    life = lives()[name]
    for step in life.steps:
        if step.after is not None and life.is_end(step.after) and step.name != hardship_life.NOT_NOW:
            assert step.not_by, step.name


def test_endings_are_different_words_and_each_can_be_opened_again() -> None:
    life = hardship_life.LIFE
    ends = {step.after for step in life.steps if step.after and life.is_end(step.after)}
    assert len({STATES[state] for state in ends}) == len(ends) == 6
    assert ends <= set(life.step(REOPEN).before)


def test_a_diagram_has_an_arrow_for_each_way() -> None:
    assert SHORT.diagram(STATES).splitlines() == [
        "stateDiagram-v2",
        "    open: 待核查",
        "    sent: 已发送",
        "    accepted: 已验收",
        "    [*] --> open: 立案（工作队）",
        "    open --> accepted: 办结（队长、管理组；原因）",
        "    sent --> accepted: 办结（队长、管理组；原因）",
        "    accepted --> [*]",
    ]


def test_the_table_tells_everything_of_a_step() -> None:
    assert SHORT.rows(STATES).splitlines()[2:] == [
        "| 立案 | — | 待核查 | 工作队 | — | — | 办理（管理组） | 工作队、上报人 |",
        "| 办结 | 待核查、已发送 | 已验收 | 队长、管理组 | 原因 | 有交代；不能是办“立案”的人 | 停 | 上报人 |",
        "| 查看 | 待核查 | 不变 | 管理组 | — | — | 照走 | 工作队、上报人 |",
    ]


def test_everybody_in_a_table_is_called_something() -> None:
    assert set(WHO) == set(By)


@pytest.mark.parametrize("name", lives())
def test_the_document_shows_the_tables_as_they_are(name: str) -> None:
    found = section(name).search(DOCUMENT.read_text("utf-8"))
    assert found is not None, f"docs/workflows.md has no part for {name}"
    assert drawn(lives()[name]) in found[0], "run: python -m tests.workflows"


def test_drawing_anew_changes_nothing(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(type(DOCUMENT), "write_text", lambda _path, text, _encoding: written.append(text))
    workflows.main()
    assert written == [DOCUMENT.read_text("utf-8")]
