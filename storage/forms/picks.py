"""Questions answered by picking somebody or some place that is already known."""

from dataclasses import dataclass
from typing import Any, ClassVar

from storage.forms.ask import Ask
from storage.personal import clean_name
from storage.refusals import Refusal
from storage.texts import _

NOBODY = 0
"""The answer "no household"."""


@dataclass(frozen=True, kw_only=True)
class Village(Ask):
    """A village by its code. A person with one (or a default one) is not asked: it is a line to edit."""

    header: ClassVar[str] = "village"

    def check(self, given: Any) -> str:
        if isinstance(given, str) and given.isascii() and given.isdigit():
            return given
        raise Refusal(_("请点下面的按钮选村，或发送村名的一部分。"))


@dataclass(frozen=True, kw_only=True)
class TeamPick(Ask):
    """A team of the territory one manages, by its id."""

    def check(self, given: Any) -> int:
        if isinstance(given, int) and given > 0:
            return given
        raise Refusal(_("请点下面的按钮选工作队，或发送队名的一部分。"))


@dataclass(frozen=True, kw_only=True)
class HouseholdPick(Ask):
    """A household: its id, the head's name of a new one, or NOBODY."""

    allow_new: bool = True
    allow_none: bool = True

    def check(self, given: Any) -> int | str:
        if isinstance(given, int) and (given > 0 or (given == NOBODY and self.allow_none)):
            return given
        if self.allow_new and isinstance(given, str) and (name := clean_name(given)):
            return name
        raise Refusal(_("请点下面的按钮选一户，或发送户主姓名的一部分。"))

    def shown(self, answer: Any) -> str:
        if answer == NOBODY:
            return _("不入户")
        return _("{name}（新增）").format(name=answer) if isinstance(answer, str) else ""


@dataclass(frozen=True, kw_only=True)
class PersonPick(Ask):
    """People of the own team, by their ids."""

    def check(self, given: Any) -> list[int]:
        people = given if isinstance(given, list) else [given]
        if not all(isinstance(one, int) and one > 0 for one in people):
            raise Refusal(_("请点下面的按钮选人。"))
        return sorted(set(people))
