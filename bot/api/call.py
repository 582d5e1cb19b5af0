"""One request of a program that showed its token: what a resource is handed, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import scope
from storage.identity import Actor
from storage.refusals import NotThere
from storage.tokens import Caller


@dataclass(frozen=True)
class Picture:
    """A photo's bytes, by the SHA-256 under which they are kept."""

    sha: str


Answer = Mapping[str, Any] | Picture
"""What becomes JSON by the resource's shape, or a photo."""


@dataclass(frozen=True)
class Call:
    """`read` collects what the answer tells of people (what, of which record): it is journaled before it is sent."""

    session: Session
    caller: Caller
    now: datetime
    read: list[tuple[str, str]] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    def tells(self, what: str, record: str) -> None:
        """The answer tells something of people."""
        self.read.append((what, record))

    def within(self, code: str) -> str:
        """A region that was asked for ("": the whole territory). Raises NotThere outside the territory."""
        if code and not scope.reaches(self.actor, code):
            raise NotThere
        return code


def after(cursor: str) -> int:
    """The row behind which a page goes on, where rows are numbered. Raises NotThere for another cursor."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 15):
        raise NotThere
    return int(cursor)
