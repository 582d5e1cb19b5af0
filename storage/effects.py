"""What a step does besides moving the case: by the step's name."""

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session

from storage import (
    alarms,
    clock_runs,
    clocks,
    county,
    deadlines,
    duties,
    letters,
    notices,
    promises,
    referrals,
    ringing,
    tasks,
    timing,
)
from storage.casework import last
from storage.forms.dates import Bound
from storage.identity import Actor
from storage.kinds import hardship_life, house_life, referring
from storage.kinds.hardship_forms import Opinion
from storage.kinds.rectification import ASSIGN, Rectification
from storage.letters import Lane
from storage.referrals import Answer
from storage.refusals import Refusal
from storage.report import Report, StepTaken
from storage.texts import _, speaking

Effect = Callable[[Session, Report, StepTaken, Actor, datetime], None]


def of(session: Session, report: Report, taken: StepTaken, actor: Actor, now: datetime) -> None:
    """Do what follows from a step that was taken."""
    effect = EFFECTS.get(taken.step)
    if effect is not None:
        effect(session, report, taken, actor, now)


def _ask_time(session: Session, report: Report, taken: StepTaken, _actor: Actor, _now: datetime) -> None:
    """The deadline may have moved since the day was chosen."""
    deadlines.check(session, report, date.fromisoformat(taken.answers["until"]), Bound.AFTER)


def _grant(session: Session, report: Report, _taken: StepTaken, _actor: Actor, now: datetime) -> None:
    asked, run = last(session, report, timing.ASK_TIME), clock_runs.running(session, report)
    if asked is None or run is None:
        return
    day = date.fromisoformat(asked.answers["until"])
    until = clocks.end_of(day, county.rhythm(session, report.village))
    clock_runs.set_end(session, report, run, until, now)
    problem = session.get(Rectification, report.id)
    if problem is not None:
        problem.due = day


def _pause(session: Session, report: Report, _taken: StepTaken, _actor: Actor, now: datetime) -> None:
    clock_runs.pause(session, report, now)


def _resume(session: Session, report: Report, _taken: StepTaken, _actor: Actor, now: datetime) -> None:
    clock_runs.resume(session, report, now)


def _publish(session: Session, report: Report, _taken: StepTaken, actor: Actor, now: datetime) -> None:
    """The text to be put up goes to whoever publishes it."""
    for person, chat in duties.private_chats(session, [actor.person_id]).values():
        with speaking(person.language):
            payload = {"text": notices.text(session, report)}
        letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE)


def _plan(session: Session, report: Report, taken: StepTaken, actor: Actor, now: datetime) -> None:
    promises.add(session, report, taken.answers, actor.person_id, now)


def _assign(session: Session, report: Report, taken: StepTaken, actor: Actor, now: datetime) -> None:
    """As asking for more time: the deadline may have moved."""
    deadlines.check(session, report, date.fromisoformat(taken.answers["until"]), Bound.WITHIN)
    tasks.add(session, report, taken.answers, actor.person_id, now)


def _kept(session: Session, report: Report, taken: StepTaken, actor: Actor, now: datetime) -> None:
    one = promises.settle(session, report, int(taken.answers.get("which", 0)), actor.person_id, now)
    taken.note = one.what


def _break(session: Session, report: Report, taken: StepTaken, actor: Actor, now: datetime) -> None:
    given = taken.answers
    promises.settle(session, report, int(given["which"]), actor.person_id, now, reason=given["reason"])


def _agreed(_session: Session, _report: Report, taken: StepTaken, _actor: Actor, _now: datetime) -> None:
    """Help does not end against the household's word."""
    if taken.answers.get("opinion") == Opinion.OBJECTS.value:
        raise Refusal(_("户主不认可，不能提请销号。请先问清原因，继续帮扶；可以点“取消”，另记一次回访。"))


def _alarm(session: Session, report: Report, _taken: StepTaken, actor: Actor, now: datetime) -> None:
    ringing.ring(session, alarms.begin(session, report, actor.person_id, now), report, now)


def _heed(session: Session, report: Report, _taken: StepTaken, actor: Actor, now: datetime) -> None:
    """Whoever raised an alarm has not thereby reached anybody."""
    alarm = alarms.standing(session, report)
    if alarm is None:
        return
    if alarm.raised_by == actor.person_id:
        raise Refusal(
            _("{number} 的告警是您报的，要由另一个人来接。请打电话给他们，先把人劝出来。").format(
                number=report.number
            )
        )
    alarms.heed(session, alarm, actor.person_id, now)
    ringing.heeded(session, alarm, report, actor, now)


def _over(session: Session, report: Report, _taken: StepTaken, _actor: Actor, now: datetime) -> None:
    alarms.end(session, report, now)


def _answer(said: Answer) -> Effect:
    """A department answers; what it says is in the only line of its form."""

    def effect(session: Session, report: Report, taken: StepTaken, actor: Actor, now: datetime) -> None:
        referrals.answer(session, report, actor, said, taken.note, now)

    return effect


EFFECTS: dict[str, Effect] = {
    timing.ASK_TIME: _ask_time,
    timing.GRANT_TIME: _grant,
    timing.PAUSE: _pause,
    timing.RESUME: _resume,
    ASSIGN: _assign,
    hardship_life.PUBLISH: _publish,
    hardship_life.PLAN: _plan,
    hardship_life.KEPT: _kept,
    hardship_life.BREAK: _break,
    hardship_life.PROPOSE: _agreed,
    hardship_life.SOLVE: _agreed,
    referring.REFER: referrals.ask,
    referring.TAKE_ON: _answer(Answer.TAKEN_ON),
    referring.CANNOT: _answer(Answer.CANNOT),
    referring.GIVEN: _answer(Answer.GIVEN),
    house_life.SLEEPS: _alarm,
    house_life.HEED: _heed,
    house_life.LEFT: _over,
    house_life.REHOUSE: _over,
    house_life.SAFE: _over,
    house_life.DENY: _over,
    house_life.PASS: _over,
}
