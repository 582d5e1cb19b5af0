"""How long a county keeps what: which rule holds where, what it makes due, and that only that goes."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from storage import arrivals, county, journal, names, retention
from storage.arrivals import Arrival
from storage.kinds import KINDS
from storage.people import Posting, Team
from storage.photo import Photo, PhotoState
from storage.refusals import Refusal
from storage.report import Report, ReportState, StepTaken
from storage.reporting import send
from storage.retention import Retained, RetentionRule
from tests.storage.asking import NOW, PLACES, County, add_photo, new_store, settle

TODAY = date(2026, 11, 20)
YEAR = timedelta(days=366)
BASIS = "津农〔2026〕9号"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    store = new_store(str(tmp_path / "z.db"))
    with store.writing() as session:
        yield session
    store.close()


@pytest.fixture
def here(session: Session) -> County:
    return settle(session)


def rule(
    session: Session, what: Retained = Retained.REPORTS, length: int = 12, region: str = ""
) -> RetentionRule:
    """In force since yesterday."""
    made = RetentionRule(
        region=region, what=what, length=length, since=TODAY - timedelta(days=1), basis=BASIS, at=NOW
    )
    session.add(made)
    session.flush()
    return made


def report(
    session: Session, here: County, age: timedelta, village: str = PLACES[0], kind: str = "visit"
) -> Report:
    """With words, and a photo whose bytes are kept."""
    answers = {"village": village, "household": None, "purposes": ["look"], "findings": "屋檐塌了"}
    made = send(session, KINDS[kind], answers, here.actor(session, "王爱民"), NOW)
    made.sent_at = NOW - age
    photo = add_photo(session, made)
    photo.sha256, photo.state, photo.received_at = f"{made.id:064}", PhotoState.KEPT, NOW - age
    session.flush()
    return made


def due(session: Session) -> list[tuple[str, str, int]]:
    return [(one.rule.what, one.rule.region, one.count) for one in retention.due(session, NOW)]


def words(session: Session, one: Report) -> str:
    row = session.get(KINDS[one.kind].table, one.id)
    return str(getattr(row, "findings", ""))


def test_without_a_rule_nothing_is_ever_due(session: Session, here: County) -> None:
    report(session, here, 50 * YEAR)
    assert due(session) == []


def test_what_is_older_is_due_and_goes(session: Session, here: County) -> None:
    old, new = report(session, here, YEAR), report(session, here, YEAR - timedelta(days=2))
    rule(session)
    assert due(session) == [("reports", "", 1)]
    (one,) = retention.standing(session, NOW)
    assert retention.ids_of(session, one) == [old.id]
    done = retention.erase(session, one, [old.id or 0], NOW)
    assert (done.reports, done.photos, done.files) == (1, 1, {f"{old.id:064}"})
    assert (words(session, old), words(session, new)) == ("—", "屋檐塌了")
    assert due(session) == []
    [tombstone] = [
        line for line in journal.history(session, f"report:{old.number}") if line["action"] == "erase"
    ]
    assert (tombstone["reason"], tombstone["files"]) == (BASIS, [f"{old.id:064}"])
    journal.seal(session)
    assert list(journal.verify(session)) == []


def test_photos_may_go_before_the_words(session: Session, here: County) -> None:
    old = report(session, here, timedelta(days=200))
    rule(session, Retained.PHOTOS, 6)
    (one,) = retention.due(session, NOW)
    retention.erase(session, one, [old.id or 0], NOW)
    assert (words(session, old), old.erased_at) == ("屋檐塌了", None)
    assert session.exec(select(Photo)).one().state is PhotoState.GONE
    assert due(session) == []
    rule(session, Retained.REPORTS, 12)
    assert due(session) == [], "half a year old"


def test_who_left_long_ago_is_forgotten(session: Session, here: County) -> None:
    """郑强's posting ended yesterday; all others have one."""
    rule(session, Retained.PEOPLE, 6)
    assert due(session) == []
    left = session.exec(select(Posting).where(col(Posting.ends_at).is_not(None))).one()
    left.ends_at = NOW - timedelta(days=200)
    session.flush()
    (one,) = retention.due(session, NOW)
    assert retention.ids_of(session, one) == [here.people["郑强"]]
    done = retention.erase(session, one, [here.people["郑强"]], NOW)
    assert (done.people, names.full(session, here.people["郑强"])) == (1, "—")
    assert due(session) == []


def test_who_left_is_forgotten_by_the_region_they_worked_in(session: Session, here: County) -> None:
    left = session.exec(select(Posting).where(col(Posting.ends_at).is_not(None))).one()
    left.ends_at = NOW - timedelta(days=200)
    team = session.get_one(Team, left.team_id)
    rule(session, Retained.PEOPLE, 6, region="120115")
    assert due(session) == []
    rule(session, Retained.PEOPLE, 6, region="120114")
    assert due(session) == [("people", "120114", 1)]
    rule(session, Retained.PEOPLE, 0, region=team.region or "")
    assert due(session) == []
    assert here.people


def test_the_day_itself_is_kept(session: Session, here: County) -> None:
    report(session, here, timedelta(days=365))
    rule(session)
    assert due(session) == []
    (one,) = retention.standing(session, NOW)
    assert one.before == date(2025, 11, 20)


def test_what_is_under_way_or_was_touched_since_stays(session: Session, here: County) -> None:
    rule(session)
    open_case = report(session, here, 2 * YEAR)
    open_case.kind, open_case.state = "hardship", ReportState.OPEN
    touched = report(session, here, 2 * YEAR)
    session.add(
        StepTaken(report_id=touched.id or 0, step="correct", before="sent", after="sent",
                  by_id=touched.author_id, at=NOW)
    )  # fmt: skip
    session.flush()
    assert due(session) == []
    open_case.state = ReportState.RESOLVED
    session.flush()
    assert due(session) == [("reports", "", 1)]


def test_a_smaller_region_goes_before_and_a_newer_rule_too(session: Session, here: County) -> None:
    near, far = report(session, here, 2 * YEAR), report(session, here, 2 * YEAR)
    far.village = PLACES[2]
    session.flush()
    rule(session)
    rule(session, length=0, region=PLACES[2][:9])
    assert due(session) == [("reports", "", 1)]
    rule(session, length=36)
    assert due(session) == []
    rule(session, length=12, region=PLACES[2][:9])
    (one,) = retention.due(session, NOW)
    assert (one.rule.region, retention.ids_of(session, one)) == (PLACES[2][:9], [far.id])
    assert near.erased_at is None


def test_a_rule_begins_on_its_day(session: Session, here: County) -> None:
    report(session, here, 2 * YEAR)
    retention.put(session, "", "reports", 12, BASIS, TODAY + timedelta(days=7), NOW)
    assert due(session) == []
    assert [one.count for one in retention.due(session, NOW, TODAY + timedelta(days=7))] == [1]
    assert retention.due(session, NOW + timedelta(days=7)) != []
    assert [line["action"] for line in journal.history(session, "region:")] == ["retention.put"]


REFUSED = [
    ("names", 12, "", 7, BASIS, "可选"),
    ("reports", 11, "", 7, BASIS, "12 到"),
    ("photos", 5, "", 7, BASIS, "6 到"),
    ("messages", 8, "", 7, BASIS, "1 到 7"),
    ("messages", 3, "120114", 7, BASIS, "整个系统"),
    ("reports", 12, "", 0, BASIS, "明天"),
    ("reports", 12, "", 7, " ", "依据"),
]


def test_what_cannot_be_is_refused(session: Session) -> None:
    today = county.today(session, NOW)
    for what, length, region, days, basis, said in REFUSED:
        with pytest.raises(Refusal) as refused:
            retention.put(session, region, what, length, basis, today + timedelta(days=days), NOW)
        assert said in refused.value.sentence
    assert retention.all_rules(session) == []


def test_messages_may_be_emptied_sooner_and_are_still_known(session: Session, here: County) -> None:
    arrivals.keep(session, 42, [(1, b"{}")], NOW - timedelta(days=3))
    arrivals.done(session, session.exec(select(Arrival)).one().id or 0)
    assert retention.messages_kept(session, NOW) == timedelta(days=7)
    assert arrivals.prune(session, NOW, retention.messages_kept(session, NOW)) == 0
    rule(session, Retained.MESSAGES, 2)
    assert arrivals.prune(session, NOW, retention.messages_kept(session, NOW)) == 1
    session.expire_all()
    assert session.exec(select(Arrival)).one().body is None
    assert arrivals.keep(session, 42, [(1, b"{}")], NOW) == 0, "the same update is not taken twice"
    assert here.people
