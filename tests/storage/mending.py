"""What tests of rectifications share: one issued by 孙丽 to 一队 in the first village, and its steps."""

from typing import Any

from sqlmodel import select

from storage import drafts, photos, stepping, tasks
from storage.draft import Draft
from storage.kinds.rectification import ACCEPT, COMPLETE, RETURN, STRIKE_OFF
from storage.people import Person, Posting, Role
from storage.photo import PhotoState
from storage.report import Report, StepTaken
from tests.storage.asking import NOW, PLACES, _person
from tests.storage.reporting_world import Desk

DUE = "2026-11-25"


def problem(desk: Desk, name: str = "孙丽", **answers: Any) -> Draft:
    """A draft that may be sent."""
    usual: dict[str, Any] = {
        "team": desk.county.teams["一队"],
        "village": PLACES[0],
        "findings": "河边有垃圾",
        "due": DUE,
    }
    return desk.start("rectification", name, **(usual | answers))


def issued(desk: Desk, **answers: Any) -> Report:
    return desk.send(problem(desk, **answers), "孙丽")


def fill(desk: Desk, report: Report, step: str, name: str, **answers: Any) -> Draft:
    """The draft of a step with its answers."""
    draft = stepping.begin(desk.session, desk.chat(name), report, desk.actor(name), step, desk.at)
    filled = drafts.filling(desk.session, draft)
    filled.answers |= answers
    drafts.keep(desk.session, draft, filled, desk.at)
    return draft


def complete(desk: Desk, report: Report, name: str = "王爱民", done: str = "已清运") -> Report:
    return desk.send(fill(desk, report, COMPLETE, name, done=done), name)


def send_back(desk: Desk, report: Report, name: str = "孙丽", reason: str = "照片看不清") -> Report:
    return desk.send(fill(desk, report, RETURN, name, reason=reason), name)


def accept(desk: Desk, report: Report, name: str = "孙丽") -> StepTaken:
    return stepping.take(desk.session, report, ACCEPT, desk.actor(name), desk.at, version=report.version)


def strike_off(desk: Desk, report: Report, name: str = "周正", note: str = "已核实") -> StepTaken:
    return stepping.take(
        desk.session, report, STRIKE_OFF, desk.actor(name), desk.at, version=report.version, note=note
    )


def hire(desk: Desk, name: str, role: Role, **place: Any) -> None:
    """Somebody more, with an account."""
    desk.county.people[name] = _person(desk.session, name, role, **place)
    person = desk.session.get_one(Person, desk.county.people[name])
    person.telegram_id = 1000 + desk.county.people[name]
    desk.session.flush()
    desk.chat(name)


def dismiss(desk: Desk, name: str, role: Role | None = None) -> None:
    """The person's postings (of that role) end."""
    for posting in desk.session.exec(select(Posting).where(Posting.person_id == desk.county.people[name])):
        if role in (None, posting.role):
            posting.ends_at = NOW
    desk.session.flush()


def keep_photos(desk: Desk, owner: Draft | Report) -> list[str]:
    """The photos of a draft or report are fetched. Their hashes."""
    found = (
        photos.of_draft(desk.session, owner)
        if isinstance(owner, Draft)
        else photos.of_report(desk.session, owner)
    )
    for photo in found:
        photo.state, photo.sha256 = PhotoState.KEPT, f"{photo.id:064x}"
    desk.session.flush()
    return [photo.sha256 or "" for photo in found]


def assigned(desk: Desk, report: Report) -> None:
    """李明 sets a task with a unit that helps and two people who answer for it."""
    answers = {
        "what": "清运",
        "lead": "村委会",
        "support": "环卫站",
        "who": "张三、李四",
        "until": "2026-11-24",
    }
    tasks.add(desk.session, report, answers, desk.county.people["李明"], desk.at)
