"""A kind of report as one class, and what follows from its declaration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

from sqlmodel import Field, SQLModel

from storage.forms.ask import Ask
from storage.report import Report, ReportState
from storage.workflow import Workflow


class Detail(SQLModel):
    """Base of the kinds' tables: the answers beside the header row `Report`. A question whose answer the
    header (village, household) or other rows (photos) keep is a class variable, the others are columns."""

    report_id: int | None = Field(default=None, primary_key=True, foreign_key="report.id")

    kind: ClassVar[str]

    @classmethod
    @cache
    def asks(cls) -> dict[str, Ask]:
        """The questions by name, in the order they are asked."""
        found = ((name, _ask(hint)) for name, hint in get_type_hints(cls, include_extras=True).items())
        return {name: ask for name, ask in found if ask is not None}

    @classmethod
    @cache
    def columns(cls) -> dict[str, Ask]:
        """The questions whose answers are columns of this table."""
        return {name: ask for name, ask in cls.asks().items() if name in cls.model_fields}

    def shown(self, question: str) -> str:
        """The answer to a question that is not sealed, in words; "" without one."""
        answer = getattr(self, question)
        return self.asks()[question].shown(answer) if answer else ""


def _ask(hint: Any) -> Ask | None:
    if get_origin(hint) is ClassVar:
        (hint,) = get_args(hint)
    if get_origin(hint) is not Annotated:
        return None
    return next((one for one in get_args(hint)[1:] if isinstance(one, Ask)), None)


@dataclass(frozen=True)
class Step:
    """A later form of a kind, whose answers a step of its life takes, e.g. completing a rectification.
    `hand_in(session, draft, actor, now) -> Report` does it; it is given a draft without open questions."""

    title: str
    asks: Mapping[str, Ask]
    hand_in: Callable[..., Report]
    next: str = ""
    """What happens with it now: a sentence of the receipt."""
    done: str = ""
    """The head of the receipt."""
    carries: bool = False
    """Taken again, it still has the photos of the last time."""
    outside: bool = False
    """By somebody who may not see the report: the receipt tells nothing of it and leads nowhere."""
    about: Callable[..., list[str]] = lambda _session, _report: []
    """`about(session, report)`: lines that stand above its questions."""


@dataclass(frozen=True)
class Kind:
    """An entry of the registry. Texts are message ids."""

    table: type[Detail]
    title: str
    prefix: str
    command: str
    next: str
    """What happens with it now: a sentence of the receipt."""
    state: ReportState = ReportState.SENT
    correctable: frozenset[ReportState] = frozenset({ReportState.SENT})
    """States in which the author may still correct or withdraw it."""
    urgent: Callable[[Mapping[str, Any]], bool] = lambda _answers: False
    """Whether the answers must reach leader and supervisor at once."""
    steps: dict[str, Step] = field(default_factory=dict)
    """The forms of its later steps."""
    life: Workflow | None = None
    """The table of its steps; None for what is done when it was sent."""
    issued: bool = False
    """Sent to a team by those who manage its place: the team may not send, correct or withdraw one."""
    settle: Callable[..., None] | None = None
    """`settle(session, report, answers, actor, now)`: what the header derives from answers that are sent or
    corrected. May refuse."""
    begin: Callable[..., None] | None = None
    """`begin(session, report, actor, now)`: what is done when one was sent, in place of telling the leader."""

    @property
    def name(self) -> str:
        return self.table.kind

    @cached_property
    def asks(self) -> dict[str, Ask]:
        return self.table.asks()
