"""What every question has in common."""

from dataclasses import dataclass
from typing import Any, ClassVar

from storage.texts import _


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question, declared in the `Annotated` of a column (or of a class variable, when the header row or
    the photos' rows keep the answer). `label` names its line on the card, `prompt` asks: both message ids.

    An answer is a JSON value. `check` makes one from what was pressed or typed, `kept` is the column's value.
    """

    label: str
    prompt: str
    optional: bool = False
    same_as_last: bool = False
    follows: str | None = None
    """Name of the question this answer depends on: when that one changes, this one is asked again."""
    sealed: ClassVar[bool] = False
    """The column is a box that only the installation's keys open."""

    def check(self, given: Any) -> Any:
        """The answer as JSON. Raises Refusal with a sentence that says what to do."""
        return given

    def kept(self, answer: Any) -> Any:
        """The column's value."""
        return answer

    def answer(self, kept: Any) -> Any:
        """The answer a column's value stands for."""
        return kept

    def shown(self, answer: Any) -> str:
        """The answer in words, in the language being spoken."""
        return str(answer)

    @property
    def question(self) -> str:
        return _(self.prompt)
