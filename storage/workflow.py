"""Workflows: the life of a report as a table of steps (from, to, by, needs). The same table checks the right
to take a step, makes the buttons and draws docs/workflows.md. Pure: no row, no chat, no clock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.report import ReportState
from storage.texts import N_, _


class By(StrEnum):
    """Whose step it is, seen from the report: its own team, or those who manage its place."""

    TEAM = "team"
    MANAGER = "manager"


WHO = {By.TEAM: N_("工作队"), By.MANAGER: N_("管理组")}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row. `title`, the button, and `needs`, what must be said for it, are message ids. `not_by` names
    earlier steps: whoever took the last of one may not take this one (two different people). `returns`: the
    report goes back to those who owe it."""

    name: str
    title: str
    before: tuple[ReportState, ...]
    after: ReportState
    by: By
    needs: str = ""
    not_by: tuple[str, ...] = ()
    returns: bool = False


@dataclass(frozen=True)
class Workflow:
    """The steps in the order they are usually taken; the first one begins the life."""

    steps: tuple[Step, ...]

    def step(self, name: str) -> Step:
        """Raises KeyError for a step that is not in the table."""
        return {one.name: one for one in self.steps}[name]

    def possible(self, state: ReportState, by: Collection[By]) -> list[Step]:
        """What may be done next by somebody who is all that."""
        return [one for one in self.steps if state in one.before and one.by in by]

    def diagram(self, states: Mapping[ReportState, str]) -> str:
        """The table as a Mermaid state diagram; `states` are names (message ids)."""
        used = dict.fromkeys(state for one in self.steps for state in (*one.before, one.after))
        ends = [state for state in used if not any(state in one.before for one in self.steps)]
        lines = [f"{state.value}: {_(states[state])}" for state in used]
        lines += [line for one in self.steps for line in _arrows(one)]
        lines += [f"{state.value} --> [*]" for state in ends]
        return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)])


def _arrows(step: Step) -> Iterator[str]:
    needs = "；" + _(step.needs) if step.needs else ""
    for before in [state.value for state in step.before] or ["[*]"]:
        yield f"{before} --> {step.after.value}: {_(step.title)}（{_(WHO[step.by])}{needs}）"
