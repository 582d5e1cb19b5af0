"""A page that somebody asks for, and what it may answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from htpy import Renderable
from sqlmodel import Session

from storage.identity import Actor
from storage.refusals import NoPage


@dataclass(frozen=True)
class Go:
    """Look there next: a path inside the console, like "/cases/12"."""

    path: str


@dataclass(frozen=True)
class Picture:
    """A kept photo, upright; `small` for lists. The caller has looked whether it may be seen."""

    photo_id: int
    sha: str
    small: bool


@dataclass(frozen=True)
class Download:
    """A kept file, under that name. The caller has looked whether it may be had."""

    name: str
    sha: str
    size: int


@dataclass(frozen=True)
class Made:
    """A file made for the answer."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Watched:
    """A page that browsers load anew after so many seconds."""

    page: Renderable
    seconds: int


Answer = Renderable | Go | Picture | Download | Made | Watched


@dataclass(frozen=True)
class Asked:
    """Handed to every page. `base` stands before every path of the console; `ids` are of the path, `given` what a link
    or form carries, `file` (name, bytes) a form with one; `mark()` is what a form has to carry (storage/console.py)."""

    session: Session
    actor: Actor
    now: datetime
    bot: int
    base: str
    ids: Mapping[str, str]
    given: Mapping[str, str]
    mark: Callable[[], str]
    file: tuple[str, bytes] | None = None

    def number(self, name: str) -> int:
        """An id of the path, small enough for any column. Raises NoPage for anything else."""
        return _number(self.ids.get(name, ""))

    def place_after(self) -> int:
        """The row that a link goes on from; 0 for the first page. Raises NoPage for no number."""
        return _number(self.said("before") or "0")

    def path(self, *parts: object) -> str:
        """A place in the console, as a link takes it."""
        return "/".join([self.base, *map(str, parts)])

    def said(self, name: str) -> str:
        """What a link or form says there, blank ends left out; "" for nothing."""
        return self.given.get(name, "").strip()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise NoPage
    return int(text)
