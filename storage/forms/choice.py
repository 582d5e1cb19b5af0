"""Questions answered by choosing from a list."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storage.forms.ask import Ask
from storage.refusals import Refusal
from storage.texts import N_, _, listed


class Labelled(StrEnum):
    """A list to choose from: the value is stored, the label (a message id) is shown."""

    label: str

    def __new__(cls, value: str, label: str) -> "Labelled":
        one = str.__new__(cls, value)
        one._value_ = value
        one.label = label
        return one


@dataclass(frozen=True, kw_only=True)
class Choice(Ask):
    """One of a list; with `many`, several: the first tap is accepted, "more…" stands beside it.
    With `none` (a message id) "nothing of these" is an answer too."""

    of: type[Labelled]
    many: bool = False
    none: str | None = None

    def check(self, given: Any) -> str | list[str]:
        values = [self._one(one) for one in given] if isinstance(given, list) else [self._one(given)]
        if not self.many:
            if len(values) != 1:
                raise self._refusal()
            return values[0]
        if not values and self.none is None:
            raise Refusal(_("请至少选一项。"))
        return [one.value for one in self.options if one.value in values]

    def shown(self, answer: Any) -> str:
        if isinstance(answer, list):
            return listed(self._label(one) for one in answer) or _(self.none or N_("无"))
        return self._label(answer)

    def _label(self, value: str) -> str:
        return next((_(one.label) for one in self.options if one.value == value), value)

    @property
    def options(self) -> list[Labelled]:
        return list(self.of.__members__.values())

    def _one(self, given: Any) -> str:
        for one in self.options:
            if given in (one.value, one.label, _(one.label)):
                return one.value
        raise self._refusal()

    def _refusal(self) -> Refusal:
        return Refusal(_("请点下面的按钮选择“{label}”。").format(label=_(self.label)))

    def typed(self, text: str) -> str | list[str] | None:
        """The choices that a typed text names ("政策宣传、就业帮扶"), or None when a part is none of them."""
        parts = [part for part in re.split(r"[\s,，、;；]+", text) if part]
        try:
            return self.check(parts) if parts else None
        except Refusal:
            return None
