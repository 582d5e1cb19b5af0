"""Lists that managers send in chat or bring to the console: problems to be issued, a department's comparison, pairings.
They are looked at first; what is right goes in by one press, and may be sent again.

A file of the chat stays at Telegram and is fetched anew for each look: what it holds is kept nowhere but in what
becomes of it. Of the console see storage/uploads.py.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import (
    cards,
    case_import,
    contact_import,
    errands,
    household_import,
    household_rows,
    identity,
    journal,
    letters,
    problem_import,
    sheets,
)
from storage.cards import Card
from storage.chats import Chat
from storage.errands import Errand
from storage.forms import Labelled
from storage.identity import Actor
from storage.refusals import Gone, NotYours, Refusal
from storage.sheets import BadCell, Known, Read
from storage.texts import N_, _, language, listed

LARGEST = 5_000_000
"""Bytes of a file."""
ENDINGS = (".xlsx", ".csv", ".xls", ".et")
"""The last two are asked for as xlsx."""
BATCH = 10
"""Rows written together: whoever waits for an answer waits for no more than these."""
CHECK, IMPORT, TEMPLATE = "check_list", "import_list", "list_template"
"""Errands."""


class ListKind(Labelled):
    PROBLEMS = "problems", N_("问题清单")
    COMPARED = "compared", N_("部门比对名单")
    PAIRS = "pairs", N_("结对名单")
    HOUSEHOLDS = "households", N_("户册")


def kind_of(value: str) -> ListKind:
    """Raises Gone for what is none."""
    found = next((one for one in ListKind if one.value == value), None)
    if found is None:
        raise Gone
    return found


@dataclass(frozen=True)
class Wish:
    """A list that somebody sent: `file` is Telegram's id of it, `message` of what brought it, `source` the department
    that a comparison is of, `kind` empty until it is known. One of the console has neither, but its `upload`."""

    file: str
    name: str
    source: str
    person: int
    chat: int
    card: int
    language: str
    kind: str = ""
    message: int = 0
    upload: int = 0

    @property
    def where(self) -> str:
        """The record that the journal names."""
        return f"upload:{self.upload}" if self.upload else f"chat:{self.chat}"

    def body(self, **changed: Any) -> dict[str, Any]:
        return vars(self) | changed


@dataclass(frozen=True)
class Checked:
    """What would become of a list. `strangers` of the new are households that are not known yet; `same` rows are
    so already."""

    kind: ListKind
    new: Sequence[Any]
    known: Sequence[Known]
    wrong: Sequence[BadCell]
    strangers: int = 0
    same: int = 0


def ask(session: Session, actor: Actor, chat: Chat, wish: Mapping[str, Any], now: datetime) -> None:
    """Have a list looked at; `wish` is file, name, source, card and message. Raises NotYours for those who manage
    nothing."""
    if not actor.regions():
        raise NotYours
    made = Wish(person=actor.person_id, chat=chat.id or 0, language=language(), **wish)
    errands.send_on(
        session, chat.bot, CHECK, made.body(), due_at=now, key=f"{CHECK}:{chat.id}:{made.message}"
    )


def source_of(name: str, caption: str) -> str:
    """The department that a comparison is of: what was written with the file, else what its name begins with."""
    stem = caption.strip() or name.rpartition(".")[0]
    for end in _ENDS:
        stem = stem.partition(end)[0] or stem
    return " ".join(stem.split())[:20]


_ENDS = ("比对", "名单", "清单", "疑点", "预警")  # not for people: what names of files end with


def checked(session: Session, actor: Actor, errand_id: int) -> tuple[Errand, Wish]:
    """The look that a button belongs to. Raises Gone, or NotYours for somebody else's."""
    errand = session.get(Errand, errand_id)
    if errand is None or errand.kind != CHECK:
        raise Gone
    wish = Wish(**errands.body_of(session, errand))
    if wish.person != actor.person_id or not actor.regions():
        raise NotYours
    return errand, wish


def as_kind(session: Session, actor: Actor, errand_id: int, kind: str, now: datetime) -> Wish:
    """Look at it again, as a list of that kind. Raises as `checked`."""
    errand, wish = checked(session, actor, errand_id)
    _once(session, errand, CHECK, wish.body(kind=kind_of(kind).value), now)
    return wish


def take_in(session: Session, actor: Actor, errand_id: int, kind: str, now: datetime) -> Wish:
    """Have it written, once. Raises as `checked`."""
    errand, wish = checked(session, actor, errand_id)
    _once(session, errand, IMPORT, wish.body(kind=kind_of(kind).value), now)
    journal.write(session, actor.person_id, "list.import", wish.where, now, kind=kind)
    return wish


def leave(session: Session, actor: Actor, errand_id: int) -> Wish:
    """It is not wanted. Raises as `checked`, and Gone when it is being written already."""
    errand, wish = checked(session, actor, errand_id)
    if errands.known(session, _key(IMPORT, errand)):
        raise Gone
    return wish


def _key(kind: str, look: Errand) -> str:
    return f"{kind}:of:{look.id}"


def _once(session: Session, errand: Errand, kind: str, body: dict[str, Any], now: datetime) -> None:
    if errands.send_on(session, errand.bot, kind, body, due_at=now, key=_key(kind, errand)) is None:
        raise Gone


def ask_template(session: Session, actor: Actor, chat: Chat, kind: str, now: datetime) -> None:
    """Somebody wants an empty list to fill in; pressing again within the minute makes nothing twice. Raises NotYours
    for those who manage nothing."""
    if not actor.regions():
        raise NotYours
    body = {"chat": chat.id, "kind": kind_of(kind).value, "language": language()}
    key = f"{TEMPLATE}:{chat.id}:{kind}:{now:%Y%m%d%H%M}"
    errands.send_on(session, chat.bot, TEMPLATE, body, due_at=now, key=key)


def kinds_of(read: Read) -> list[ListKind]:
    """What the list may be, by its headings. Raises Refusal, which says the headings, when it is nothing we know."""
    found = [kind for kind, (columns, needed, _plan) in _KINDS.items() if sheets.has(read, columns, needed)]
    if found:
        # Heads and villages are in every list of people: it is one of households when it tells nothing else.
        return [one for one in found if one is not ListKind.HOUSEHOLDS] or found
    known = "\n".join(
        _("· {kind}：{columns}").format(
            kind=_(kind.label), columns=listed(columns[name][0] for name in columns if name in needed)
        )
        for kind, (columns, needed, _plan) in _KINDS.items()
    )
    raise Refusal(
        _("{file} 的表头看不出是哪种清单。需要的列：\n{known}\n发送 导入 可以下载空白模板。").format(
            file=read.name, known=known
        )
    )


def actor_of(session: Session, wish: Wish, now: datetime) -> Actor:
    """Whoever sent it, with what they manage by now. Raises NotYours for those who manage nothing any more."""
    actor = identity.actor(session, wish.person, now)
    if actor is None or not actor.regions():
        raise NotYours
    return actor


def plan(session: Session, read: Read, kind: ListKind, wish: Wish, now: datetime) -> Checked:
    """What would become of the list now; nothing is written. Raises Refusal."""
    actor = actor_of(session, wish, now)
    regions = actor.regions()
    return _KINDS[kind][2](session, read, actor, regions[0] if len(regions) == 1 else "", now)


def _problems(session: Session, read: Read, actor: Actor, inside: str, now: datetime) -> Checked:
    made = problem_import.plan(session, read, actor, now, territory=inside)
    return Checked(ListKind.PROBLEMS, made.new, made.known, made.wrong)


def _compared(session: Session, read: Read, actor: Actor, inside: str, _now: datetime) -> Checked:
    made = case_import.plan(session, read, actor, territory=inside)
    strangers = sum(one.household is None for one in made.new)
    return Checked(ListKind.COMPARED, made.new, made.open, made.wrong, strangers)


def _pairs(session: Session, read: Read, actor: Actor, inside: str, now: datetime) -> Checked:
    made = contact_import.plan(session, read, actor, now, territory=inside)
    return Checked(ListKind.PAIRS, made.new, [], made.wrong, same=made.same)


def _households(session: Session, read: Read, actor: Actor, inside: str, _now: datetime) -> Checked:
    made = household_import.plan(session, read, territory=inside, actor=actor)
    return Checked(ListKind.HOUSEHOLDS, made.changes, [], made.wrong, strangers=len(made.new), same=made.same)


_Plan = Callable[[Session, Read, Actor, str, datetime], Checked]
_KINDS: dict[ListKind, tuple[sheets.Columns, frozenset[str], _Plan]] = {
    ListKind.PROBLEMS: (problem_import.COLUMNS, problem_import.NEEDED, _problems),
    ListKind.COMPARED: (case_import.COLUMNS, case_import.NEEDED, _compared),
    ListKind.PAIRS: (contact_import.COLUMNS, contact_import.NEEDED, _pairs),
    ListKind.HOUSEHOLDS: (household_rows.COLUMNS, frozenset({"head", "village"}), _households),
}


def show(session: Session, wish: Wish, payload: dict[str, Any], now: datetime) -> None:
    """Change the list's card."""
    card = session.get(Card, wish.card)
    cards.show(session, session.get_one(Chat, wish.chat), payload, now=now, card=card)


def forget(session: Session, wish: Wish, kind: ListKind, now: datetime) -> None:
    """A list of people leaves the chat when it is in, as any message with their numbers does."""
    if kind is not ListKind.PROBLEMS and wish.message:
        chat = session.get_one(Chat, wish.chat)
        key = f"list:{wish.chat}:{wish.message}:gone"
        letters.say(session, chat, "deleteMessage", {"message_id": wish.message}, now=now, key=key)


def parts(made: Checked) -> Iterator[Sequence[Any]]:
    """The new rows, some at a time."""
    return (made.new[start : start + BATCH] for start in range(0, len(made.new), BATCH))


def write(
    session: Session, kind: ListKind, part: Sequence[Any], wish: Wish, now: datetime
) -> Sequence[BadCell]:
    """Part of the new rows, in the name of whoever sent the list; rows that could not go in after all. Raises
    Refusal."""
    actor = actor_of(session, wish, now)
    if kind is ListKind.PAIRS:
        return contact_import.write(session, part, actor=actor, now=now)
    if kind is ListKind.PROBLEMS:
        problem_import.write(session, part, actor=actor, now=now)
    elif kind is ListKind.HOUSEHOLDS:
        household_import.write(session, part, by=actor.person_id, now=now)
    else:
        case_import.write(session, part, actor=actor, source=wish.source, now=now)
    return []
