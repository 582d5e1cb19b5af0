"""Workflows: the life of a report as a table of steps (from, to, by, needs, clock, who hears). The same table
checks the right to take a step, makes the buttons, starts and stops the clocks and draws docs/workflows.md.
Pure: no row, no chat, no clock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.report import ReportState
from storage.texts import N_, _, listed

KEEP = "keep"
"""The clock that runs goes on."""


class By(StrEnum):
    """Somebody, seen from the report: its own team, its leader, those who manage its place, its author, officers of a
    department that it was referred to."""

    TEAM = "team"
    LEADER = "leader"
    MANAGER = "manager"
    AUTHOR = "author"
    OFFICER = "officer"


WHO = {
    By.TEAM: N_("工作队"),
    By.LEADER: N_("队长"),
    By.MANAGER: N_("管理组"),
    By.AUTHOR: N_("上报人"),
    By.OFFICER: N_("接办部门"),
}


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time within which `owes` must act, by taking `step`; `name` is that of the county's rule for its
    length, `ask` what they are asked (message id). `after`: the length of that clock passes first. `shown`:
    its end is the report's `due_at`. `fixed`: its end was set with the report and stays when it starts again.
    `cadence`: it comes round again, so its start is nothing to speak of."""

    name: str
    title: str
    ask: str
    owes: By
    step: str
    after: str = ""
    shown: bool = True
    fixed: bool = False
    cadence: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row. `title`, the button, `needs`, what must be said for it, `said`, how it is told (with {name} and
    {number}), and `when`, names of conditions, are message ids. `after` None: the state stays. `not_by`
    names earlier steps: whoever took the last of one (the first step: the author) may not take this one (two
    different people). `returns`: the report goes back to those who owe it. `starts`: the clock that runs from
    here, KEEP, or none. `hears` are told quietly; those who owe what comes next hear anyway.
    `beside`: taken beside whatever others do with the case, so a version that moved on does not matter."""

    name: str
    title: str
    before: tuple[ReportState, ...]
    after: ReportState | None
    by: tuple[By, ...]
    said: str = ""
    needs: str = ""
    not_by: tuple[str, ...] = ()
    returns: bool = False
    starts: str = ""
    hears: tuple[By, ...] = (By.TEAM, By.AUTHOR)
    when: tuple[str, ...] = ()
    beside: bool = False


@dataclass(frozen=True)
class Workflow:
    """The steps in the order they are usually taken; the first one begins the life."""

    steps: tuple[Step, ...]
    clocks: tuple[Clock, ...] = ()

    def step(self, name: str) -> Step:
        """Raises KeyError for a step that is not in the table."""
        return {one.name: one for one in self.steps}[name]

    @property
    def first(self) -> Step:
        return self.steps[0]

    def clock(self, name: str) -> Clock:
        """Raises KeyError for a clock that is not in the table."""
        return {one.name: one for one in self.clocks}[name]

    def clock_in(self, state: ReportState) -> Clock | None:
        """The clock that runs in a state; None where nobody owes anything."""
        started = {one.after: one.starts for one in self.steps if one.after and one.starts not in ("", KEEP)}
        return self.clock(started[state]) if state in started else None

    def owed(self, *by: By) -> tuple[ReportState, ...]:
        """The states in which one of these owes something."""
        clocks = {state: self.clock_in(state) for state in ReportState}
        return tuple(state for state, clock in clocks.items() if clock is not None and clock.owes in by)

    @property
    def live(self) -> tuple[ReportState, ...]:
        """The states in which somebody owes something, in the order they are usually reached."""
        states = dict.fromkeys(one.after for one in self.steps if one.after)
        return tuple(state for state in states if self.clock_in(state) is not None)

    def is_end(self, state: ReportState) -> bool:
        """Nobody owes anything, and nothing follows but beginning again."""
        ways = [one.after for one in self.steps if state in one.before and one.after is not None]
        back = all(after == self.first.after for after in ways)
        return back and state != self.first.after and self.clock_in(state) is None

    def possible(self, state: ReportState, by: Collection[By]) -> list[Step]:
        """What may be done next by somebody who is all that."""
        return [one for one in self.steps if state in one.before and not set(by).isdisjoint(one.by)]

    def diagram(self, states: Mapping[ReportState, str]) -> str:
        """The moves as a Mermaid state diagram; `states` are names (message ids)."""
        moves = [(one, one.after) for one in self.steps if one.after is not None]
        used = dict.fromkeys(state for one, after in moves for state in (*one.before, after))
        ends = [state for state in used if self.is_end(state)]
        lines = [f"{state.value}: {_(states[state])}" for state in used]
        lines += [line for one, after in moves for line in _arrows(one, after)]
        lines += [f"{state.value} --> [*]" for state in ends]
        return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)])

    def rows(self, states: Mapping[ReportState, str]) -> str:
        """The whole table in Markdown: every step with who, what it needs, its clock and who hears of it."""
        heads = (
            N_("步骤"), N_("从"), N_("到"), N_("谁办"), N_("要填"), N_("条件"), N_("时限"), N_("告诉"),
        )  # fmt: skip
        cells = [[_(head) for head in heads], ["---"] * len(heads)]
        cells += [self._row(one, states) for one in self.steps]
        return "\n".join("| " + " | ".join(row) + " |" for row in cells)

    def _row(self, step: Step, states: Mapping[ReportState, str]) -> list[str]:
        before = listed(_(states[state]) for state in step.before)
        after = _(states[step.after]) if step.after else _("不变")
        but = listed(_(self.step(name).title) for name in step.not_by)
        rules = [_(one) for one in step.when]
        rules += [_("不能是办“{steps}”的人").format(steps=but)] if but else []
        return [_(step.title), before or "—", after, _who(step.by), _(step.needs) or "—", "；".join(rules) or "—",
                self._clock_words(step), _who(step.hears) or "—"]  # fmt: skip

    def _clock_words(self, step: Step) -> str:
        if step.starts == KEEP:
            return _("照走")
        if not step.starts:
            return _("停")
        clock = self.clock(step.starts)
        return _("{clock}（{who}）").format(clock=_(clock.title), who=_(WHO[clock.owes]))


def _who(people: Collection[By]) -> str:
    return listed(_(WHO[one]) for one in people)


def _arrows(step: Step, after: ReportState) -> Iterator[str]:
    needs = "；" + _(step.needs) if step.needs else ""
    for before in [state.value for state in step.before] or ["[*]"]:
        yield f"{before} --> {after.value}: {_(step.title)}（{_who(step.by)}{needs}）"
