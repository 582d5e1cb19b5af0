"""The forms of administrators: people, postings, settings, clocks, duties, policy switches. Each change is a line of
the journal."""

from datetime import date, time
from functools import partial

from reports import switches
from reports.pages import people, rules
from reports.pages.asked import Answer, Asked, Go
from storage import (
    administering,
    clock_rules,
    county,
    duty_rules,
    invitations,
    policy,
    policy_letters,
    roster,
    territory,
)  # fmt: skip
from storage.clock_rules import Set
from storage.clocks import Unit
from storage.duty_rules import DutyRule
from storage.people import Role
from storage.policy import LONGEST, PolicySwitch
from storage.refusals import NoPage, Refusal
from storage.texts import _

TIMES = ("summary_time", "digest_time", "remind_time", "quiet_from", "quiet_until")


def find(asked: Asked) -> Answer:
    """Everybody of exactly that name in the territory. By a form, so that no name is in an address."""
    numbers = territory.people_by_name(asked.session, asked.actor).get(asked.said("name"), ())
    found = [administering.one(asked.session, asked.actor, number, asked.now) for number in numbers]
    return people.whole(asked, found[: people.ROWS])


def add(asked: Asked) -> Answer:
    """A new person with a first posting."""
    made = roster.add_person(
        asked.session,
        asked.said("name"),
        phone=asked.said("phone") or None,
        by=asked.actor.person_id,
        now=asked.now,
    )
    _post(asked, made.id or 0)
    return Go(f"/people/{made.id}")


def post(asked: Asked) -> Answer:
    number = asked.number("person")
    administering.one(asked.session, asked.actor, number, asked.now)
    _post(asked, number)
    return Go(f"/people/{number}")


def _post(asked: Asked, number: int) -> None:
    if asked.said("role") not in list(Role):
        raise NoPage
    role, place = Role(asked.said("role")), asked.said("place")
    administering.post(asked.session, asked.actor, number, role, place, asked.said("department"), asked.now)


def end(asked: Asked) -> Answer:
    return Go(f"/people/{administering.end(asked.session, asked.actor, asked.number('posting'), asked.now)}")


def rename(asked: Asked) -> Answer:
    number = asked.number("person")
    administering.may_change(asked.session, asked.actor, number, asked.now)
    roster.rename(asked.session, number, asked.said("name"), by=asked.actor.person_id, now=asked.now)
    return Go(f"/people/{number}")


def link(asked: Asked) -> Answer:
    """A link that gives the account to whoever opens it first; shown once, on the page that answers."""
    number = asked.number("person")
    administering.may_change(asked.session, asked.actor, number, asked.now)
    token = invitations.make_claim(asked.session, number, by=asked.actor.person_id, now=asked.now)
    return people.person(asked, number, invitations.link(asked.session, asked.bot, token))


def change_settings(asked: Asked) -> Answer:
    code = rules.region_of(asked)
    held = county.rhythm(asked.session, code)
    given: dict[str, str | int] = {name: _time(asked, name) for name in TIMES if asked.said(name)}
    if asked.said("summary_weekday") in set("0123456"):
        given["summary_weekday"] = int(asked.said("summary_weekday"))
    # What holds already stays as it is set, here or around.
    now = {name: f"{getattr(held, name):%H:%M}" for name in TIMES} | {"summary_weekday": held.summary_weekday}
    changed = {name: value for name, value in given.items() if value != now[name]}
    off, on = (
        [_day(asked, name).isoformat()] if asked.said(name) else [] for name in ("day_off", "work_day")
    )
    if changed or off or on:
        county.change(asked.session, code, changed, off, on, asked.now, by=asked.actor.person_id)
    return Go(f"/settings?place={asked.said('place')}")


def change_clock(asked: Asked) -> Answer:
    code, today = rules.region_of(asked), county.today(asked.session, asked.now)
    unit = next((one for one in Unit if one.value == asked.said("unit")), None)
    wanted = Set(
        asked.said("clock"),
        _whole(asked, "length", _("多长请写一个整数，例如 15。")),
        unit,
        basis=asked.said("basis"),
    )
    since = _day(asked, "since") if asked.said("since") else today
    clock_rules.put(asked.session, code, wanted, since, today, asked.now, by=asked.actor.person_id)
    return Go(f"/clocks?place={asked.said('place')}")


def change_duty(asked: Asked) -> Answer:
    code, today = rules.region_of(asked), county.today(asked.session, asked.now)
    rule = DutyRule(
        region=code, role=asked.said("role"), since=_day(asked, "since") if asked.said("since") else today,
        visits=_whole(asked, "visits", _("每周走访几次请写一个整数，例如 2。")), daily=bool(asked.said("daily")),
        asked_by=asked.said("asked_by")[:LONGEST], basis=asked.said("basis")[:LONGEST] or None, at=asked.now,
    )  # fmt: skip
    duty_rules.put(asked.session, rule, today, by=asked.actor.person_id)
    return Go(f"/duties?place={asked.said('place')}")


def turn_on(asked: Asked) -> Answer:
    """Every member of the region is told, with reason, approver and last day."""
    code = rules.region_of(asked)
    if not (asked.said("why") and asked.said("approver")):
        raise Refusal(_("请写上批准人和原因，队员都看得到。"))
    what, until = asked.said("policy"), _day(asked, "until")
    told = asked.said("approver"), asked.said("why")
    _tell(asked, policy.turn_on(asked.session, asked.actor, code, what, until, *told, asked.now))
    return Go(f"/policy?place={asked.said('place')}")


def turn_off(asked: Asked) -> Answer:
    one = policy.turn_off(asked.session, asked.actor, asked.number("switch"), asked.now)
    _tell(asked, one)
    return Go(f"/policy?place={one.region or '-'}")


def _tell(asked: Asked, one: PolicySwitch) -> None:
    policy_letters.tell(asked.session, one, partial(switches.told, asked.session, one), asked.now)


def _whole(asked: Asked, name: str, refused: str) -> int:
    text = asked.said(name)
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Refusal(refused)
    return int(text)


def _time(asked: Asked, name: str) -> str:
    try:
        return f"{time.fromisoformat(asked.said(name)):%H:%M}"
    except ValueError:
        raise Refusal(_("时间请写成 18:00 的样子。")) from None


def _day(asked: Asked, name: str) -> date:
    try:
        return date.fromisoformat(asked.said(name))
    except ValueError:
        raise Refusal(_("日期请写成 2027-02-08 的样子。")) from None
