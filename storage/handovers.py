"""Handover: a posting in a team ends, and what was in that person's hands is offered to a successor as one pack.
Nothing moves until it is accepted; what nobody accepts in time is the leader's, said aloud.

In their hands are the contact cards of villages that they serve no more, and the team's open cases that they reported
or took a step of (a leader: all of the team's). Cases stay the team's; what is handed on is whose word is asked for.
Drafts are only told of: nobody reads another's draft.
"""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, func, select

from storage import casework, clocks, contact_cards, county, handover_letters, identity, journal, postings
from storage.clock_rules import Rules
from storage.county import Rhythms
from storage.db import Utc, by_value
from storage.draft import Draft, DraftState
from storage.identity import Actor
from storage.people import Posting, Role, Team
from storage.promises import Promise
from storage.reading import UNFINISHED
from storage.refusals import Gone, NotYours, Refusal
from storage.report import Report, StepTaken
from storage.scope import manages, reaches
from storage.texts import _

CLOCK = "handover"


class Sort(StrEnum):
    CARD = "card"
    REPORT = "report"


class Handover(SQLModel, table=True):
    """Of one posting that ended. `successor_id` was asked (null: nobody yet); `taken_by` has it from `taken_at` on,
    `lapsed`: because nobody accepted in time. `drafts` is how many were left."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    posting_id: int = Field(foreign_key="posting.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    ended_at: datetime = Field(sa_type=Utc)
    due_at: datetime = Field(sa_type=Utc)
    drafts: int = 0
    asked: int = 0
    successor_id: int | None = Field(default=None, foreign_key="person.id")
    taken_by: int | None = Field(default=None, foreign_key="person.id")
    taken_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    lapsed: bool = False


class HandoverItem(SQLModel, table=True):
    """One thing of a pack: the number of a contact card or of a report."""

    handover_id: int = Field(foreign_key="handover.id", primary_key=True)
    sort: Sort = Field(primary_key=True, sa_type=by_value(Sort))
    ref: int = Field(primary_key=True, index=True)


def begin(session: Session, posting: Posting, by: int | None, now: datetime) -> Handover | None:
    """A posting has ended: put the pack together and ask whose it is to be. None when there is nothing to hand on."""
    if posting.team_id is None:
        return None
    team = session.get_one(Team, posting.team_id)
    items = {Sort.CARD: _cards(session, posting.person_id, now), Sort.REPORT: _reports(session, posting, now)}
    drafts = _drafts(session, posting.person_id)
    if not any(items.values()) and not drafts:
        return None
    rhythm = county.rhythm(session, team.region)
    rule = Rules(session).of(CLOCK, team.region, now.astimezone(rhythm.zone).date())
    made = Handover(
        person_id=posting.person_id, posting_id=posting.id or 0, team_id=posting.team_id, ended_at=now,
        due_at=clocks.end(now, rule, rhythm), drafts=drafts,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for sort, refs in items.items():
        session.add_all(HandoverItem(handover_id=made.id or 0, sort=sort, ref=ref) for ref in refs)
    session.flush()
    _note(session, by, "begin", made, now)
    handover_letters.whom(session, made, now)
    return made


def joined(session: Session, team_id: int, now: datetime) -> None:
    """Somebody came to a team: whoever chooses is asked again about the packs that nobody was asked to take."""
    waiting = select(Handover).where(
        Handover.team_id == team_id, col(Handover.taken_at).is_(None), col(Handover.successor_id).is_(None)
    )
    for handover in session.exec(waiting.order_by(col(Handover.id))).all():
        handover.asked += 1
        handover_letters.whom(session, handover, now)


def _cards(session: Session, person_id: int, now: datetime) -> list[int]:
    """Contact cards of villages that this person serves no more."""
    actor = identity.actor(session, person_id, now)
    mine = contact_cards.of_person(session, person_id)
    return [
        one.id or 0
        for one in mine
        if actor is None or not reaches(actor, contact_cards.village(session, one))
    ]


def _reports(session: Session, posting: Posting, now: datetime) -> list[int]:
    """The team's open cases in that person's hands; none while they stay in the team by another posting."""
    actor = identity.actor(session, posting.person_id, now)
    if actor is not None and posting.team_id in actor.teams():
        return []
    live = select(Report).where(Report.team_id == posting.team_id, col(Report.state).in_(UNFINISHED))
    found = session.exec(live.order_by(col(Report.id))).all()
    if posting.role == Role.LEADER:
        return [one.id or 0 for one in found]
    stepped = select(StepTaken.report_id).where(StepTaken.by_id == posting.person_id)
    touched = set(session.exec(stepped.distinct()))
    return [one.id or 0 for one in found if one.id in touched or reporter(session, one) == posting.person_id]


def _drafts(session: Session, person_id: int) -> int:
    left = select(func.count()).select_from(Draft)
    return session.exec(left.where(Draft.person_id == person_id, Draft.state == DraftState.OPEN)).one()


def reporter(session: Session, report: Report) -> int:
    """Whose word is asked for about a report: of whoever took it over last, else of its author."""
    taken = (
        select(Handover.taken_by)
        .join(HandoverItem, col(HandoverItem.handover_id) == Handover.id)
        .where(
            HandoverItem.sort == Sort.REPORT,
            HandoverItem.ref == report.id,
            col(Handover.taken_at).is_not(None),
        )
        .order_by(col(Handover.id).desc())
    )
    return session.exec(taken).first() or report.author_id


def refs(session: Session, handover: Handover, sort: Sort) -> list[int]:
    found = select(HandoverItem.ref).where(HandoverItem.handover_id == handover.id, HandoverItem.sort == sort)
    return list(session.exec(found.order_by(col(HandoverItem.ref))))


def promises(session: Session, handover: Handover) -> int:
    """How many promises of those cases are not answered for."""
    open_ones = (
        select(func.count())
        .select_from(Promise)
        .where(
            col(Promise.report_id).in_(refs(session, handover, Sort.REPORT)),
            col(Promise.settled_at).is_(None),
        )
    )
    return session.exec(open_ones).one()


def deciding(session: Session, handover: Handover, now: datetime) -> list[int]:
    """Who chooses: the team's leaders; where there is none, the managers nearest to it."""
    leaders = [one.person_id for one in postings.of_team(session, handover.team_id, now, Role.LEADER)]
    leaders = [one for one in dict.fromkeys(leaders) if one != handover.person_id]
    return leaders or managing(session, handover, now)


def managing(session: Session, handover: Handover, now: datetime) -> list[int]:
    """The supervisors nearest to the team, else the administrators."""
    return casework.nearest_managers(session, session.get_one(Team, handover.team_id).region, now)


def successors(session: Session, handover: Handover, now: datetime) -> list[int]:
    """Who may be asked: whoever serves in the team, leaders first."""
    posts = sorted(postings.of_team(session, handover.team_id, now), key=lambda one: one.role != Role.LEADER)
    return [one for one in dict.fromkeys(post.person_id for post in posts) if one != handover.person_id]


def of_person(session: Session, person_id: int) -> Handover:
    """The last pack that this person left."""
    theirs = select(Handover).where(Handover.person_id == person_id)
    return session.exec(theirs.order_by(col(Handover.id).desc()).limit(1)).one()


def find(session: Session, actor: Actor, handover_id: int) -> Handover:
    """One that is not settled, for whoever was asked, the team's leaders and the managers. Raises Gone, NotYours."""
    handover = session.get(Handover, handover_id)
    if handover is None or handover.taken_at is not None:
        raise Gone
    if actor.person_id != handover.successor_id and not _may_choose(session, actor, handover):
        raise NotYours
    return handover


def _may_choose(session: Session, actor: Actor, handover: Handover) -> bool:
    leads = handover.team_id in actor.teams(Role.LEADER)
    return leads or manages(actor, session.get_one(Team, handover.team_id).region)


def give(session: Session, actor: Actor, handover: Handover, person_id: int, now: datetime) -> None:
    """Offer the pack to somebody of the team; to oneself is to accept it. Raises NotYours, Refusal."""
    if not _may_choose(session, actor, handover):
        raise NotYours
    if person_id not in successors(session, handover, now):
        raise Refusal(_("这个人不在这个队里，请另选一位。"))
    handover.successor_id, handover.asked = person_id, handover.asked + 1
    session.flush()
    _note(session, actor.person_id, "give", handover, now)
    if person_id == actor.person_id:
        accept(session, actor, handover, now)
    else:
        handover_letters.offered(session, handover, actor, now)


def accept(session: Session, actor: Actor, handover: Handover, now: datetime) -> None:
    """It is theirs: from now on and not before. Raises NotYours."""
    if actor.person_id != handover.successor_id:
        raise NotYours
    _move(session, handover, actor.person_id, now)
    _note(session, actor.person_id, "accept", handover, now)
    handover_letters.accepted(session, handover, actor, now)


def decline(session: Session, actor: Actor, handover: Handover, now: datetime) -> None:
    """Not theirs; whoever chooses is asked again. Raises NotYours."""
    if actor.person_id != handover.successor_id:
        raise NotYours
    handover.successor_id, handover.asked = None, handover.asked + 1
    session.flush()
    _note(session, actor.person_id, "decline", handover, now)
    handover_letters.whom(session, handover, now, declined=actor.name)


def _move(session: Session, handover: Handover, person_id: int, now: datetime) -> None:
    handover.taken_by, handover.taken_at = person_id, now
    session.flush()
    for ref in refs(session, handover, Sort.CARD):
        contact_cards.hand_over(session, ref, person_id, now)


def sweep(session: Session, now: datetime) -> int:
    """What nobody accepted in time becomes the leader's (without one: the nearest manager's), and that is said aloud
    to the leader and the managers. How many."""
    due = select(Handover).where(col(Handover.taken_at).is_(None), col(Handover.due_at) <= now)
    rhythms, lapsed = Rhythms(session), 0
    for handover in session.exec(due.order_by(col(Handover.id))).all():
        rhythm = rhythms.of(session.get_one(Team, handover.team_id).region)
        if not clocks.may_speak(rhythm, now):
            continue
        if heirs := deciding(session, handover, now):
            handover.lapsed = True
            _move(session, handover, heirs[0], now)
            _note(session, None, "lapse", handover, now)
            handover_letters.lapsed(session, handover, now)
            lapsed += 1
    return lapsed


def _note(session: Session, by: int | None, what: str, handover: Handover, now: datetime) -> None:
    to = handover.taken_by or handover.successor_id
    journal.write(
        session, by, f"handover.{what}", f"person:{handover.person_id}", now, handover=handover.id, to=to
    )
