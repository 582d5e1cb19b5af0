"""Who hears of a report, and what: the team's leader at once and quietly; leader and supervisors of an urgent
one, of corrections and of withdrawals. Names of heads are masked: letters may be forwarded."""

import html
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select

from storage import letters
from storage.answers import Answers, answers_of, sees
from storage.chats import ChatKind
from storage.db import Utc, run
from storage.forms import flow
from storage.identity import Actor
from storage.kinds import KINDS
from storage.letters import Lane
from storage.people import Posting, Role
from storage.places import around
from storage.postings import active_at
from storage.redact import HIDDEN, redact
from storage.report import Report
from storage.texts import _, labelled, speaking

CLIP = 200
"""Characters of one answer shown in a letter; the rest is in the record."""


def tell_new(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """The leader hears quietly; of an urgent one leader and supervisors hear aloud."""
    kind = KINDS[report.kind]
    answers = answers_of(session, report)
    urgent = kind.urgent(answers)
    told = leaders(session, report, now) | (supervisors(session, report, now) if urgent else set())
    for reader in readers(session, told - {actor.person_id}):
        with speaking(reader.language):
            head = _("{name}报了{kind} {number}").format(
                name=actor.name, kind=_(kind.title), number=report.number
            )
            text = _letter(
                _("【紧急】{head}").format(head=head) if urgent else head, _lines(session, report, answers)
            )
        _say(session, reader, report, text, now, quiet=not urgent, what="new")


def tell_changes(session: Session, report: Report, changed: flow.Lines, actor: Actor, now: datetime) -> None:
    """Leader, supervisors and author see what was corrected: old → new of each changed line."""
    told = leaders(session, report, now) | supervisors(session, report, now) | {report.author_id}
    for reader in readers(session, told - {actor.person_id}):
        with speaking(reader.language):
            head = _("{name}更正了 {number}（第 {revision} 版）").format(
                name=actor.name, number=report.number, revision=report.revision
            )
            lines = [
                _("{label}：{old} → {new}").format(
                    label=label, old=clip(old) or _("（空）"), new=clip(new) or _("（空）")
                )
                for label, old, new in changed
            ]
            text = _letter(head, [_about(session, report), *lines])
        _say(session, reader, report, text, now, quiet=True, what=f"revision:{report.revision}")


def tell_withdrawn(session: Session, report: Report, reason: str, actor: Actor, now: datetime) -> None:
    told = leaders(session, report, now) | supervisors(session, report, now) | {report.author_id}
    for reader in readers(session, told - {actor.person_id}):
        with speaking(reader.language):
            head = _("{name}撤回了 {number}").format(name=actor.name, number=report.number)
            text = _letter(head, [_about(session, report), _("原因：{reason}").format(reason=clip(reason))])
        _say(session, reader, report, text, now, quiet=True, what="withdrawn")


def leaders(session: Session, report: Report, now: datetime) -> set[int]:
    """People who lead the report's team; of one that was issued to it, the whole team."""
    if report.team_id is None:
        return set()
    issued = KINDS[report.kind].issued
    found = run(session, _POSTED, team=report.team_id, now=now)
    return {person for person, role in found if issued or role == Role.LEADER}


_POSTS, _PEOPLE, _PLACES = (SQLModel.metadata.tables[name].c for name in ("posting", "person", "chat"))
_POSTED = columns(_POSTS.person_id, _POSTS.role).where(
    _POSTS.team_id == bindparam("team"), active_at(bindparam("now", type_=Utc))
)


def supervisors(session: Session, report: Report, now: datetime) -> set[int]:
    """People who supervise a territory that holds the report's village."""
    there = col(Posting.region).in_(around(report.village))
    posted = select(Posting.person_id).where(Posting.role == Role.SUPERVISOR, there)
    return set(session.exec(posted.where(active_at(now))))


_ADDRESS = (
    columns(_PEOPLE.id, _PEOPLE.language, _PLACES.id, _PLACES.bot, _PLACES.unreachable_since)
    .join_from(_PEOPLE.id.table, _PLACES.id.table, _PLACES.telegram_id == _PEOPLE.telegram_id)
    .where(_PEOPLE.id == bindparam("person"), _PLACES.kind == ChatKind.PRIVATE)
    .order_by(_PLACES.id.desc())
    .limit(1)
)


class Reader(NamedTuple):
    """Somebody's language, and the private chat they have with a bot: all that a letter needs."""

    person: int
    language: str
    id: int
    bot: int
    unreachable_since: datetime | None
    private: bool = True


def readers(session: Session, people: Iterable[int]) -> list[Reader]:
    """Those people who wrote to a bot, with the newest of several chats."""
    found = (run(session, _ADDRESS, person=person).first() for person in sorted(people))
    return [Reader(*one) for one in found if one is not None]


def _lines(session: Session, report: Report, answers: Answers) -> list[str]:
    shown = sees(session, report, mask=True, answers=answers)
    return [labelled(label, clip(text)) for _name, label, text in shown]


def _about(session: Session, report: Report) -> str:
    """Which one it is, on one line: its kind, the place, the masked head."""
    found = {name: text for name, _label, text in sees(session, report, mask=True)}
    told = [found[name] for name in ("village", "household") if name in found]
    return " · ".join([_(KINDS[report.kind].title), *told])


def clip(text: str, length: int = CLIP) -> str:
    """The text without personal numbers, shortened."""
    plain = redact(text, HIDDEN)
    return plain if len(plain) <= length else plain[: length - 1] + "…"


def _letter(head: str, lines: list[str]) -> str:
    return "\n".join([f"<b>{html.escape(head)}</b>", *(html.escape(line) for line in lines)])


def _say(
    session: Session, reader: Reader, report: Report, text: str, now: datetime, *, quiet: bool, what: str
) -> None:
    button = {"text": _("查看"), "callback_data": f"o:{report.id}"}
    payload: dict[str, Any] = {
        "text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": [[button]]},
        "link_preview_options": {"is_disabled": True},
    }  # fmt: skip
    if quiet:
        payload["disable_notification"] = True
    key = f"report:{report.id}:{what}:{reader.id}"
    letters.say(session, reader, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)
