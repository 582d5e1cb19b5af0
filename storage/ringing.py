"""An alarm as it is heard: by the team's leaders, the supervisors and the administrators nearest to the place, all
at once, again and again until one of them has pressed a button.

It rings at night and on days off too: what else we say can wait until morning, a roof cannot. From the third round
on everybody hears it who manages the place at any level. While somebody sleeps there it is asked about every evening
anew; where nobody answers, it rings again.
"""

import html
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from storage import alarms, casework, county, duties, letters, names, step_letters
from storage.alarms import Alarm
from storage.answers import answers_of
from storage.chats import Chat
from storage.identity import Actor
from storage.kinds.house import Tonight
from storage.kinds.house_life import LEFT, LIFE
from storage.letters import Lane
from storage.people import Person, Role
from storage.report import Report
from storage.texts import N_, _, listed, speaking

AGAIN = timedelta(minutes=10)
ANSWER = timedelta(hours=1)
"""So long the evening's question waits before it rings again."""
WIDER = 3
"""The round from which everybody hears who manages the place."""
Reached = dict[int, tuple[Person, Chat]]


def begun(session: Session, report: Report, actor: Actor, now: datetime) -> None:
    """One was reported: it rings when somebody may sleep there tonight."""
    if answers_of(session, report)["tonight"] != Tonight.NO.value:
        ring(session, alarms.begin(session, report, actor.person_id, now), report, now)


def sweep(session: Session, now: datetime) -> int:
    """Let every alarm ring whose moment has come, and plan the next. How many rang."""
    due = select(Alarm, Report).join(Report).where(col(Alarm.next_at) <= now).order_by(col(Alarm.id))
    count = 0
    for alarm, report in session.exec(due.with_for_update(of=Alarm)).all():
        if report.state not in LIFE.live:
            _stopped(session, alarm, report, now)
            continue
        if alarm.rings:
            ring(session, alarm, report, now)
        elif not ask_again(session, alarm, report, now):
            continue
        count += 1
    return count


def ask_again(session: Session, alarm: Alarm, report: Report, now: datetime) -> bool:
    """In the evening: whether anybody sleeps there still, of the leaders and whoever took it up. Nobody has taken it
    up until one of them answers; in an hour it rings. False when it is no evening: it is put off."""
    zone = county.zone(session)
    if not alarms.is_evening(now, zone):
        alarm.next_at = alarms.evening(now, zone)
        return False
    people = dict.fromkeys(casework.team_of(session, report, now, Role.LEADER))
    if alarm.heeded_by in {one.person_id for one in casework.managers(session, report.village, now)}:
        people[alarm.heeded_by or 0] = None
    alarm.rounds, alarm.next_at = alarm.rounds + 1, now + ANSWER
    alarm.heeded_by = alarm.heeded_at = None
    session.flush()
    asked = duties.private_chats(session, people)
    for person, chat in asked.values():
        with speaking(person.language):
            payload = _question(session, alarm, report, now, person.id or 0)
        _say(session, chat, payload, now, f"alarm:{alarm.id}:{alarm.rounds}:{chat.id}")
    if not asked:
        ring(session, alarm, report, now)
    return True


def _question(session: Session, alarm: Alarm, report: Report, now: datetime, person: int) -> dict[str, Any]:
    head = _("【今晚住人】{number} 今晚还有人住在危房里吗？").format(number=report.number)
    facts = [html.escape(line) for line in step_letters.facts(session, report, now)]
    end = _("{minutes} 分钟内没有人点，就重新告警。").format(minutes=ANSWER.seconds // 60)
    still = [step_letters.button(N_("还有人，我来处理"), "heed", report.id)]
    left = [step_letters.button(N_("人已搬出"), "fill", LEFT, report.id), step_letters.to_open(report)]
    rows = [left] if person == alarm.raised_by else [still, left]  # an alarm is for somebody else to take up
    text = "\n".join([f"<b>{html.escape(head)}</b>", *facts, html.escape(end)])
    return {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}


def ring(session: Session, alarm: Alarm, report: Report, now: datetime) -> None:
    """Once to everybody who is to help, whoever raised it left out; that one hears whom it reached, or that it
    reached nobody."""
    alarm.rounds, alarm.next_at = alarm.rounds + 1, now + AGAIN
    session.flush()
    helpers = [one for one in _helpers(session, report, now, alarm) if one != alarm.raised_by]
    chats = duties.private_chats(session, helpers)
    reached = {person: chats[person] for person in helpers if person in chats}
    said: dict[str, dict[str, Any]] = {}
    for person, chat in reached.values():
        if person.language not in said:
            with speaking(person.language):
                said[person.language] = _payload(session, alarm, report, now)
        payload = said[person.language]
        _say(session, chat, payload, now, f"alarm:{alarm.id}:{alarm.rounds}:{chat.id}")
    if alarm.rounds == 1 or not reached:
        _tell_raiser(session, alarm, report, reached, now)


def _helpers(session: Session, report: Report, now: datetime, alarm: Alarm) -> dict[int, None]:
    """Leaders, the nearest supervisors, the nearest administrators, in this order; at last all who manage the
    place."""
    posts = casework.managers(session, report.village, now)
    near = [person for role in (Role.SUPERVISOR, Role.ADMIN) for person in casework.nearest(posts, role)]
    all_of = [one.person_id for one in posts] if alarm.rounds >= WIDER else []
    return dict.fromkeys([*casework.team_of(session, report, now, Role.LEADER), *near, *all_of])


def _payload(session: Session, alarm: Alarm, report: Report, now: datetime) -> dict[str, Any]:
    head = _("【告警】{number} 今晚可能有人住在危房里，请马上安排撤离").format(number=report.number)
    at = alarm.raised_at.astimezone(county.zone(session))
    who = _("{name} {time} 报告。").format(
        name=names.full(session, alarm.raised_by), time=f"{at:%m-%d %H:%M}"
    )
    until = _("请点“我来处理”；没有人点，每 {minutes} 分钟再告警一次（第 {round} 次）。").format(
        minutes=AGAIN.seconds // 60, round=alarm.rounds
    )
    facts = [html.escape(line) for line in step_letters.facts(session, report, now)]
    text = "\n".join([f"<b>{html.escape(head)}</b>", *facts, html.escape(who + until)])
    return {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": [_keys(report)]}}


def _keys(report: Report) -> list[dict[str, str]]:
    return [step_letters.button(N_("我来处理"), "heed", report.id), step_letters.to_open(report)]


def _tell_raiser(session: Session, alarm: Alarm, report: Report, reached: Reached, now: datetime) -> None:
    called = listed(names.full(session, person) for person in reached)
    for person, chat in duties.private_chats(session, [alarm.raised_by]).values():
        with speaking(person.language):
            if reached:
                text = _("{number} 已告警：{names}。有人接警会马上告诉您。").format(
                    number=report.number, names=called
                )
            else:
                text = _(
                    "{number} 的告警没有人收得到：请马上打电话给队长、镇里和管理组，先把人劝出来。"
                ).format(number=report.number)
        _say(session, chat, {"text": text}, now, f"alarm:{alarm.id}:{alarm.rounds}:raiser")


def heeded(session: Session, alarm: Alarm, report: Report, actor: Actor, now: datetime) -> None:
    """Somebody took it up: all who were alarmed hear it, and whoever reported and raised it."""
    people = {*_helpers(session, report, now, alarm), report.author_id, alarm.raised_by}
    words = N_("{name}接了 {number} 的告警，正在处理")
    _spread(session, alarm, people - {actor.person_id}, words, now, name=actor.name, number=report.number)


def _stopped(session: Session, alarm: Alarm, report: Report, now: datetime) -> None:
    """The report was taken back while it rang."""
    alarms.end(session, report, now)
    people = _helpers(session, report, now, alarm)
    _spread(session, alarm, people, N_("{number} 已撤回，告警停止"), now, number=report.number)


def _spread(
    session: Session, alarm: Alarm, people: Iterable[int], words: str, now: datetime, **about: str
) -> None:
    for person, chat in duties.private_chats(session, people).values():
        with speaking(person.language):
            payload = {"text": _(words).format(**about)}
        _say(session, chat, payload, now, f"alarm:{alarm.id}:{alarm.rounds}:end:{chat.id}")


def _say(session: Session, chat: Chat, payload: dict[str, Any], now: datetime, key: str) -> None:
    letters.say(session, chat, "sendMessage", payload, now=now, lane=Lane.NOTICE, key=key)
