"""Tables of steps: what may be done next, and the picture of it in the documents."""

from pathlib import Path

import pytest

from storage.kinds import KINDS
from storage.kinds.rectification import ACCEPT, COMPLETE, ISSUE, LIFE, RETURN, STRIKE_OFF
from storage.report import ReportState
from storage.states import STATES
from storage.texts import N_
from storage.workflow import WHO, By, Step, Workflow

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "workflows.md"
BOTH = (By.TEAM, By.MANAGER)

SHORT = Workflow(
    (
        Step(name="open", title=N_("立案"), before=(), after=ReportState.OPEN, by=By.TEAM),
        Step(
            name="close", title=N_("办结"), before=(ReportState.OPEN, ReportState.SENT),
            after=ReportState.ACCEPTED, by=By.MANAGER, needs=N_("原因"), not_by=("open",),
        ),
    )
)  # fmt: skip


def names(steps: list[Step]) -> list[str]:
    return [step.name for step in steps]


@pytest.mark.parametrize(
    ("state", "team", "manager"),
    [
        (ReportState.ISSUED, [COMPLETE], []),
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


def test_striking_off_takes_somebody_who_neither_mended_nor_accepted() -> None:
    assert LIFE.step(STRIKE_OFF).not_by == (COMPLETE, ACCEPT)
    assert LIFE.step(ACCEPT).not_by == (COMPLETE,)


def test_only_a_return_gives_it_back() -> None:
    assert [step.name for step in LIFE.steps if step.returns] == [RETURN]
    assert LIFE.step(RETURN).after == ReportState.ISSUED


def test_an_unknown_step_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        LIFE.step("celebrate")


def test_every_state_of_the_life_can_be_reached_and_has_a_name() -> None:
    reached = {step.after for step in LIFE.steps}
    assert {state for step in LIFE.steps for state in step.before} <= reached
    assert reached <= set(STATES)


def test_the_life_begins_where_a_sent_one_stands() -> None:
    (first,) = (step for step in LIFE.steps if not step.before)
    assert (first.name, first.after) == (ISSUE, KINDS["rectification"].state)


def test_each_step_that_needs_words_has_its_form() -> None:
    needing = {step.name for step in LIFE.steps if step.needs and step.before}
    assert needing == set(KINDS["rectification"].steps)


def test_a_diagram_has_an_arrow_for_each_way() -> None:
    assert SHORT.diagram(STATES).splitlines() == [
        "stateDiagram-v2",
        "    open: 待核查",
        "    sent: 已发送",
        "    accepted: 已验收",
        "    [*] --> open: 立案（工作队）",
        "    open --> accepted: 办结（管理组；原因）",
        "    sent --> accepted: 办结（管理组；原因）",
        "    accepted --> [*]",
    ]


def test_everybody_in_a_table_is_called_something() -> None:
    assert set(WHO) == set(By)


def test_the_document_shows_the_table_as_it_is() -> None:
    assert f"```mermaid\n{LIFE.diagram(STATES)}\n```" in DOCUMENT.read_text("utf-8")
