"""The lives beside hardship and rectification in the simulated county-year (tests/county_year.py): dangerous houses
with their alarms, referrals, contact cards, handovers. Who acts is made by the same chance; what was heard is read from
the letters, and judged at the year's end by a plain count of its own.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, func, select

from storage import (
    calendar,
    casework,
    clock_rules,
    clocks,
    contact_cards,
    contact_due,
    county,
    handovers,
    identity,
    referral_clocks,
    referrals,
    reporting,
    ringing,
    roster,
    stepping,
)
from storage.alarms import Alarm
from storage.chats import Chat
from storage.clock_rules import Rules, Set
from storage.clocks import OVERDUE
from storage.contact_cards import ContactCard
from storage.county import Rhythms
from storage.handovers import Handover, Sort
from storage.kinds import KINDS, house_life
from storage.kinds.referring import CANNOT, GIVEN, REFER, TAKE_ON
from storage.letters import Letter
from storage.people import Person, Posting, Role
from storage.referrals import Answer, Referral
from storage.report import Report, ReportState
from tests import weeks
from tests.county_checks import Check, sweep_after

if TYPE_CHECKING:
    from tests.county_year import Year

OFFICES = ("县民政局", "县医保局", "县住建局")
"""Departments with an officer; education has none, and its referrals go to the managing group."""
ASKED = ("civil", "medical", "housing", "schooling")
TOWNS = 3
"""In so many towns people have phones, and the newer lives; elsewhere nobody hears by letters."""
PAIRED = 1
"""Households a team's member answers for."""
CADENCE, WATCHED = 45, 15
"""Days between two visits; of a household that a case says is helped."""
HELPED = (ReportState.SUPPORTED, ReportState.SECURED, ReportState.PROPOSED)
NIGHT = timedelta(hours=30)
"""The longest that an alarm which was taken up may be silent: six hours, and until the next evening."""


class Lives:
    """What the newer lives do in a year, and what was heard of them."""

    def __init__(self, year: "Year", share: float) -> None:
        self.year, self.chance, self.share = year, year.chance, share
        self.acts: dict[str, Callable[[Session, int, datetime], None]] = {
            "house": self._house, "heed": self._heed, "refer": self._refer, "answer": self._answer,
            "visit": self._visit, "leave": self._leave, "give": self._give, "accept": self._accept,
        }  # fmt: skip
        self.third: dict[int, int] = {}
        self.teams: list[int] = []
        self.houses = self.leaving = 0
        self.heard: list[tuple[datetime, str]] = []
        self.seen: dict[tuple[int, int], datetime] = {}
        """(person, household) → when they were there last."""
        self.heeded: dict[int, list[datetime]] = defaultdict(list)
        self.said: Counter[tuple[str, str]] = Counter()
        self.asleep = 0
        self.due: dict[str, set[int]] = {}
        """By week who has households to visit, counted when the week begins."""
        self._last = 0
        self._rang: datetime | None = None

    def push(self, at: datetime, what: str, number: int) -> None:
        heapq.heappush(self.year.todo, (at, next(self.year.numbers), what, number))

    # the beginning

    def settle(self, session: Session) -> None:
        """Officers, everybody's chat, and each member's households by the leader's asking."""
        for name in OFFICES:
            person = weeks.add_person(session, name, Role.OFFICER, region=weeks.COUNTY)
            posting = session.exec(select(Posting).where(Posting.person_id == person)).one()
            posting.department = name
        here = tuple(self.year.county.towns[:TOWNS])
        self.teams = [team for team, village in self.year.county.teams.items() if village.startswith(here)]
        self._give_phones(session, here)
        begins = self.year.begins
        clock_rules.put(session, "", Set("card_other", CADENCE), begins.date(), begins.date(), begins)
        for team in self.teams:
            village = self.year.county.teams[team]
            leader, member = (
                self._actor(session, self.year.county.leaders[team], begins),
                self.year.county.members[team],
            )
            for home in self.year.county.households[village][:PAIRED]:
                contact_cards.offer(session, leader, home, member, begins, quiet=True)
            if self.chance.random() < 0.95:
                contact_cards.accept_all(session, self._actor(session, member, begins), begins)

    def _give_phones(self, session: Session, towns: tuple[str, ...]) -> None:
        """A chat for everybody of these towns, and for those of the county."""
        posts = session.exec(select(Posting).order_by(col(Posting.id))).all()
        for post in posts:
            if post.team_id in self.teams or (post.region or "") in (*towns, weeks.COUNTY):
                weeks.add_chat(session, post.person_id, 100_000 + post.person_id)

    def plan(self) -> None:
        """Houses are found and people leave all through the year."""
        days = max(1, (self.year.end - self.year.begins).days - 20)
        for what, count in (("house", round(100 * self.share)), ("leave", round(50 * self.share))):
            for _one in range(count):
                minutes = self.chance.randrange(1, 540)
                self.push(
                    self.year.begins + timedelta(days=self.chance.randrange(days), minutes=minutes), what, 0
                )

    # what people do

    def _house(self, session: Session, _number: int, at: datetime) -> None:
        team = self.chance.choice(self.teams)
        village = self.year.county.teams[team]
        answers = {
            "village": village, "household": self.chance.choice(self.year.county.households[village]),
            "tonight": self.chance.choices(["yes", "unknown", "no"], [30, 10, 60])[0], "signs": ["wall"],
            "findings": "墙体开裂",
        }  # fmt: skip
        author = self._actor(session, self.year.county.members[team], at)
        report = reporting.send(session, KINDS["house"], answers, author, at)
        self.houses += 1
        self.year.plan_next(session, report, at)
        self.plan_heed(session, report, at)

    def plan_heed(self, session: Session, report: Report, at: datetime) -> None:
        """When somebody takes the alarm up that rings, if one does: soon, hours later, or a day later."""
        if self._ringing(session, report) is None:
            return
        manner = self.year.manner()
        minutes = {"prompt": (3, 55), "late": (120, 720), "never": (1500, 1900)}[manner]
        self.push(at + timedelta(minutes=self.chance.randrange(*minutes)), "heed", report.id or 0)

    def _ringing(self, session: Session, report: Report) -> Alarm | None:
        found = select(Alarm).where(Alarm.report_id == report.id, col(Alarm.over_at).is_(None))
        alarm = session.exec(found).first()
        return alarm if alarm is not None and alarm.rings else None

    def _heed(self, session: Session, number: int, at: datetime) -> None:
        report = session.get_one(Report, number)
        alarm = self._ringing(session, report)
        if alarm is None:
            return
        if self.chance.random() < 0.4:
            self._take(session, report, house_life.LEFT, at, {"where": "亲戚家"})
        else:
            self._take(session, report, house_life.HEED, at, {}, but=alarm.raised_by)
            self.heeded[alarm.id or 0].append(at)

    def _take(
        self, session: Session, report: Report, name: str, at: datetime, answers: dict[str, Any], but: int = 0
    ) -> None:
        step = casework.life_of(report).step(name)
        people = [*casework.can_take(session, report, step, at), *casework.judges(session, report, at)]
        people = [one for one in people if one != but]
        stepping.take(
            session, report, name, self._actor(session, people[0], at), at, version=report.version, note="已办",
            answers=answers,
        )  # fmt: skip

    def acted(self, session: Session, report: Report, step: str, person: int, at: datetime) -> None:
        """A step was taken: a follow-up counts as a visit, a case that is true may be referred, somebody may sleep
        in a house again."""
        if step == "follow_up":
            self.seen[person, report.household_id or 0] = at
        if step == "confirm" and report.team_id in self.teams and self.chance.random() < 0.5:
            self.push(at + timedelta(hours=self.chance.randrange(1, 40)), "refer", report.id or 0)
        if report.kind == "house":
            self.plan_heed(session, report, at)

    def _refer(self, session: Session, number: int, at: datetime) -> None:
        report = session.get_one(Report, number)
        if report.state not in casework.life_of(report).step(REFER).before:
            return
        before = referrals.of_report(session, report)
        waiting = {one.department for one in before if one.answer in referrals.OPEN}
        departments = [
            one for one in self.chance.sample(ASKED, self.chance.randrange(1, 4)) if one not in waiting
        ]
        if not departments:
            return
        self._take(
            session, report, REFER, at, {"departments": departments, "what": "申请救助", "consent": "met"}
        )
        for one in referrals.of_report(session, report)[len(before) :]:
            self._plan_answer(one, at)

    def _plan_answer(self, one: Referral, at: datetime) -> None:
        assert one.due_at is not None
        span, manner = one.due_at - one.asked_at, self.year.manner()
        if manner == "prompt":
            self.push(at + span * self.chance.uniform(0.05, 0.8), "answer", one.id or 0)
        elif manner == "late":
            self.push(one.due_at + timedelta(days=self.chance.randrange(1, 15)), "answer", one.id or 0)

    def _answer(self, session: Session, number: int, at: datetime) -> None:
        one = session.get_one(Referral, number)
        if one.answer not in referrals.OPEN:
            return
        report = session.get_one(Report, one.report_id)
        people = referrals.officers(session, report, one.department, at) or casework.judges(
            session, report, at
        )
        names, weights = [TAKE_ON, GIVEN, CANNOT], [0 if one.answer is Answer.TAKEN_ON else 40, 40, 20]
        name = self.chance.choices(names, weights)[0]
        stepping.take(
            session, report, name, self._actor(session, people[0], at), at, version=report.version, note="已办",
            answers={"what": "已办", "reason": "不符合"},
        )  # fmt: skip
        if one.answer in referrals.OPEN:
            self._plan_answer(one, at)

    def _visit(self, session: Session, number: int, at: datetime) -> None:
        card = session.get_one(ContactCard, number)
        if card.ended_at is not None or identity.actor(session, card.person_id, at) is None:
            return
        answers = {
            "village": contact_cards.village(session, card), "household": card.household_id, "purposes": ["look"],
            "findings": "一切都好",
        }  # fmt: skip
        actor = self._actor(session, card.person_id, at)
        reporting.send(session, KINDS["visit"], answers, actor, at)
        self.seen[card.person_id, card.household_id] = at

    def _leave(self, session: Session, _number: int, at: datetime) -> None:
        """A member leaves; the third one of the team does the work from now on."""
        teams = [team for team in self.teams if self.third.get(team)]
        if not teams:
            return
        team = self.chance.choice(teams)
        person, self.year.county.members[team] = self.year.county.members[team], self.third[team]
        self.third[team] = 0
        roster.end_person(session, person, by=None, now=at)
        self.leaving += 1
        left = session.exec(select(Handover).where(Handover.person_id == person)).first()
        if left is not None and self.year.manner() != "never":
            self.push(at + timedelta(hours=self.chance.randrange(2, 72)), "give", left.id or 0)

    def _give(self, session: Session, number: int, at: datetime) -> None:
        one = session.get_one(Handover, number)
        if one.taken_at is None:
            leader = self._actor(session, self.year.county.leaders[one.team_id], at)
            handovers.give(session, leader, one, self.year.county.members[one.team_id], at)
            self.push(at + timedelta(hours=self.chance.randrange(1, 120)), "accept", number)

    def _accept(self, session: Session, number: int, at: datetime) -> None:
        one = session.get_one(Handover, number)
        if one.taken_at is not None or one.successor_id is None:
            return
        actor = self._actor(session, one.successor_id, at)
        if self.chance.random() < 0.15:
            handovers.decline(session, actor, one, at)
        else:
            handovers.accept(session, actor, one, at)

    def _actor(self, session: Session, person: int, at: datetime) -> Any:
        return self.year.actor(session, person, at)

    # what is said

    def ring(self, session: Session, until: datetime) -> bool:
        """Let the next alarm speak at its own moment, by day or by night. Whether one did."""
        due = session.exec(select(func.min(Alarm.next_at)).where(col(Alarm.next_at) <= until)).one()
        if due is None or due == self._rang:
            return False
        taken_up = session.exec(select(Alarm.report_id).where(col(Alarm.heeded_at).is_not(None))).all()
        ringing.sweep(session, due)
        self.note(session, due)
        for number in taken_up:
            self.plan_heed(session, session.get_one(Report, number), due)
        self._rang = due
        return True

    def note(self, session: Session, at: datetime) -> None:
        """Read the letters that were written since."""
        new = session.exec(
            select(Letter.id, Letter.key).where(col(Letter.id) > self._last).order_by(col(Letter.id))
        )
        for number, key in new:
            self._last = number or 0
            if key is not None:
                self.heard.append((at, key))

    def speak(self, session: Session, now: datetime) -> None:
        """What else is due: referrals, packs that nobody accepted, the week's households."""
        while calls := referral_clocks.sweep(session, now):
            for call in calls:
                self.said[call.duty.key, call.rung.value] += 1
                self.asleep += not clocks.may_speak(county.rhythm(session, call.duty.region), now)
        handovers.sweep(session, now)
        self._count_week(session, now)
        while contact_due.tell(session, now):
            pass
        self.note(session, now)

    def _count_week(self, session: Session, now: datetime) -> None:
        """Whom the week's households concern, counted plainly when somebody may first be spoken to."""
        rhythm = county.rhythm(session, "")
        today = now.astimezone(rhythm.zone).date()
        week = f"{today.isocalendar()[0]}-W{today.isocalendar()[1]:02}"
        if week in self.due or not clocks.may_speak(rhythm, now):
            return
        helped = set(session.exec(select(Report.household_id).where(col(Report.state).in_(HELPED))))
        cards = session.exec(
            select(ContactCard).where(
                col(ContactCard.accepted_at).is_not(None), col(ContactCard.ended_at).is_(None)
            )
        ).all()
        sunday = today + timedelta(days=6 - today.weekday())
        mine = [one for one in cards if self._due(one, helped, rhythm.zone) <= sunday]
        self.due[week] = {one.person_id for one in mine}
        for person in sorted(self.due[week]):
            if self.year.manner() == "prompt":
                for place, one in enumerate(one for one in mine if one.person_id == person):
                    self.push(now + timedelta(hours=1 + 3 * place), "visit", one.id or 0)

    def _due(self, card: ContactCard, helped: set[int | None], zone: Any) -> date:
        since = max(
            card.accepted_at or self.year.begins,
            self.seen.get((card.person_id, card.household_id), card.offered_at),
        )
        day: date = since.astimezone(zone).date() + timedelta(
            days=WATCHED if card.household_id in helped else CADENCE
        )
        return day if calendar.is_workday(day) else calendar.next_workday(day)

    # what must be true

    def checks(self, session: Session) -> list[Check]:
        found = {
            "alarms_silent": self._silent(session),
            "alarms_not_heard_by_all_at_once": self._unheard(session),
            "referral_rungs_said_twice": sum(times > 1 for times in self.said.values()),
            "referrals_said_at_night_or_on_a_day_off": self.asleep,
            "referrals_overdue_without_escalation": self._unclimbed(session),
            "referrals_without_their_one_reply": self._unanswered(session),
            "weeks_of_contact_cards_told_wrong": self._weeks_wrong(session),
            "handovers_moved_before_they_were_accepted": self._moved(session),
            "handovers_left_to_nobody": self._left(session),
        }
        return [Check(name, count, 0) for name, count in found.items()]

    def counts(self, session: Session) -> str:
        def rows(table: Any) -> int:
            return int(session.exec(select(func.count()).select_from(table)).one())

        rings = sum(key.startswith("alarm:") for _at, key in self.heard)
        return (
            f"{self.houses} houses, {rows(Alarm)} alarms ({rings} letters), {rows(Referral)} referrals, "
            f"{rows(ContactCard)} contact cards, {self.leaving} left ({rows(Handover)} handovers)"
        )

    def _keys(self, first: str) -> Iterator[tuple[datetime, list[str]]]:
        """What was heard of one sort: when, and the parts of its key."""
        return (
            (at, parts) for at, parts in ((at, key.split(":")) for at, key in self.heard) if parts[0] == first
        )

    def _silent(self, session: Session) -> int:
        """Moments at which an alarm should have spoken and did not."""
        spoke: dict[int, set[datetime]] = defaultdict(set)
        for at, parts in self._keys("alarm"):
            if len(parts) == 4 and parts[3] != "raiser":
                spoke[int(parts[1])].add(at)
        missed = 0
        for alarm in session.exec(select(Alarm)).all():
            number, end = alarm.id or 0, alarm.over_at or self.year.end
            told = [(at, "spoke") for at in spoke[number]] + [(at, "heeded") for at in self.heeded[number]]
            told.sort(
                key=lambda one: (one[0], one[1] == "heeded")
            )  # of one moment: it rang, then it was taken up
            events = [*(one for one in told if one[0] <= end), (end, "over")]
            before, what, patience = alarm.raised_at, "raised", timedelta(0)
            for at, happened in events:
                missed += at - before > patience
                question = happened == "spoke" and what == "heeded"
                patience = NIGHT if happened == "heeded" else ringing.ANSWER if question else ringing.AGAIN
                before, what = at, happened
        return missed

    def _unheard(self, session: Session) -> int:
        """Alarms of which a leader, the town's supervisor or an administrator did not hear at once."""
        people = {one.telegram_id: one.id for one in session.exec(select(Person))}
        chats = {one.id: people.get(one.telegram_id) for one in session.exec(select(Chat))}
        heard: dict[int, set[int | None]] = defaultdict(set)
        for _at, parts in self._keys("alarm"):
            if parts[2] == "1" and len(parts) == 4 and parts[3] != "raiser":
                heard[int(parts[1])].add(chats.get(int(parts[3])))
        short = 0
        for alarm in session.exec(select(Alarm)).all():
            report = session.get_one(Report, alarm.report_id)
            wanted = {
                self.year.county.leaders[report.team_id or 0],
                self.year.supervisors[report.village[:9]],
            }
            short += not {*wanted, *self.year.administrators} - {alarm.raised_by} <= heard[alarm.id or 0]
        return short

    def _unclimbed(self, session: Session) -> int:
        rules, rhythms, missed = Rules(session), Rhythms(session), 0
        for one, report in session.exec(select(Referral, Report).join(Report)).all():
            answered = one.answered_at if one.answer not in referrals.OPEN else None
            until = min(answered or self.year.end, self.year.end - timedelta(days=1))
            rhythm = rhythms.of(report.village)
            for rung, at in referrals.planned(report, one, rules, rhythm):
                reached = rung in OVERDUE and sweep_after(at, rhythm) < until
                missed += reached and (f"refer:{one.id}", rung.value) not in self.said
        return missed

    def _unanswered(self, session: Session) -> int:
        """Applications whose one reply did not come, came twice to somebody, or before all had answered."""
        replies = Counter((parts[1], parts[3]) for _at, parts in self._keys("referral") if parts[2] == "all")
        told = {int(step) for step, _chat in replies}
        wrong = sum(times > 1 for times in replies.values())
        together: dict[int, list[Answer]] = defaultdict(list)
        for one in session.exec(select(Referral)).all():
            together[one.step_id].append(one.answer)
        for step, answers in together.items():
            wrong += (step in told) != all(answer not in referrals.OPEN for answer in answers)
        return wrong

    def _weeks_wrong(self, session: Session) -> int:
        """Person and week: told though there was nothing, not told though there was, or told twice."""
        told = Counter((parts[2], int(parts[1])) for _at, parts in self._keys("contact") if "-W" in parts[2])
        wanted = {(week, person) for week, people in self.due.items() for person in people}
        return len(wanted ^ told.keys()) + sum(times > 1 for times in told.values())

    def _moved(self, session: Session) -> int:
        """Cards of a pack that are another's before it was accepted."""
        wrong = 0
        for one in session.exec(select(Handover)).all():
            for ref in handovers.refs(session, one, Sort.CARD):
                ended = session.get_one(ContactCard, ref).ended_at
                wrong += ended is not None and (one.taken_at is None or ended < one.taken_at)
        return wrong

    def _left(self, session: Session) -> int:
        """Packs past their day that are nobody's, or became the leader's without a word to the leader."""
        aloud = {int(parts[1]) for _at, parts in self._keys("handover") if parts[2] == "lapse"}
        rhythms, wrong = Rhythms(session), 0
        for one in session.exec(select(Handover)).all():
            due = sweep_after(one.due_at, rhythms.of(self.year.county.teams[one.team_id]))
            wrong += one.taken_at is None and due < self.year.end - timedelta(days=1)
            leader = self.year.county.leaders[one.team_id]
            wrong += one.lapsed and (one.id not in aloud or one.taken_by != leader)
        return wrong
