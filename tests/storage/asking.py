"""A small county to ask about: two towns, three villages (two of one name), three teams and a managing group.

王 (member of 一队, 大桃园), 李 (leader of 一队), 赵 (member of 二队, 刘庄 of the other town), 孙 (supervisor
of the first town), 周 (administrator of all), 吴 (officer) and 郑, whose posting has ended.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from storage import answers as answering
from storage import chats, identity, search
from storage.db import Store, new_uid
from storage.identity import Actor
from storage.kinds import KINDS
from storage.people import Person, Posting, Role, Team, TeamVillage
from storage.photo import Photo, PhotoState
from storage.places import Region, level_of
from storage.report import Report, ReportState
from storage.sealing import Keyring, keyring
from storage.tables import metadata
from tests import databases

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Friday 2026-11-20, noon in the county."""

REGIONS = {
    "12": "天津市",
    "1201": "市辖区",
    "120114": "武清区",
    "120114001": "杨村街道",
    "120114101": "梅厂镇",
    "120114001001": "大桃园村委会",
    "120114001002": "刘庄村委会",
    "120114101001": "刘庄村委会",
    "120114101002": "碧溪园社区居民委员会",
}
PLACES = ("120114001001", "120114001002", "120114101001", "120114101002")


def new_store(path: str = "") -> Store:
    """A store with every table, empty. In memory it would be another one for each connection."""
    store = Store(databases.url(path), Keyring.new())
    metadata.create_all(store.write)
    return store


@dataclass
class County:
    """Ids by the surname of the person and by the number of the team."""

    people: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)

    def actor(self, session: Session, name: str) -> Actor:
        found = identity.actor(session, self.people[name], NOW)
        assert found is not None
        return found


def settle(session: Session) -> County:
    county = County()
    for code, name in REGIONS.items():
        parent = {2: None, 4: code[:2], 6: code[:4], 9: code[:6], 12: code[:9]}[len(code)]
        session.add(Region(code=code, name=name, level=level_of(code), parent=parent))
        session.flush()
    for name, villages in {"一队": PLACES[:1], "二队": PLACES[2:3], "三队": PLACES[1:2]}.items():
        county.teams[name] = _team(session, name, villages)
    one, two = county.teams["一队"], county.teams["二队"]
    county.people["王爱民"] = _person(session, "王爱民", Role.MEMBER, team=one, home=PLACES[0])
    county.people["李明"] = _person(session, "李明", Role.LEADER, team=one)
    county.people["赵建国"] = _person(session, "赵建国", Role.MEMBER, team=two)
    county.people["孙丽"] = _person(session, "孙丽", Role.SUPERVISOR, region="120114001")
    county.people["周正"] = _person(session, "周正", Role.ADMIN)
    county.people["吴敏"] = _person(session, "吴敏", Role.OFFICER, region="120114")
    county.people["郑强"] = _person(session, "郑强", Role.MEMBER, team=one, ended=True)
    return county


def _team(session: Session, name: str, villages: tuple[str, ...]) -> int:
    team = Team(name=name, region=villages[0][:9])
    session.add(team)
    session.flush()
    assert team.id is not None
    session.add_all(TeamVillage(team_id=team.id, village=village) for village in villages)
    session.flush()
    return team.id


def _person(
    session: Session, name: str, role: Role, *, team: int | None = None, region: str | None = None,
    home: str | None = None, ended: bool = False,
) -> int:  # fmt: skip
    uid = new_uid()
    sealed = keyring(session).seal("person.name", uid, name)
    person = Person(uid=uid, name=sealed, default_village=home, created_at=NOW)
    session.add(person)
    session.flush()
    assert person.id is not None
    since = NOW - timedelta(days=365)
    until = NOW - timedelta(days=1) if ended else None
    session.add(
        Posting(person_id=person.id, role=role, team_id=team, region=region, starts_at=since, ends_at=until)
    )
    session.flush()
    return person.id


def add_report(
    session: Session, author: int, village: str = PLACES[0], *, text: str = "", team: int | None = None,
    kind: str = "visit", state: ReportState = ReportState.SENT, at: datetime = NOW, number: str = "",
    due_at: datetime | None = None, returned: bool = False,
) -> Report:  # fmt: skip
    """A header row and its line of the search index, without the kind's own rows."""
    uid = new_uid()
    report = Report(
        uid=uid, kind=kind, number=number or f"ZF-20261120-{uid}", author_id=author, team_id=team,
        village=village, state=state, sent_at=at, due_at=due_at, returned=returned,
    )  # fmt: skip
    session.add(report)
    search.index_report(session, report, [text])
    return report


def add_full(
    session: Session, kind: str, author: int, answers: dict[str, Any], *, team: int | None = None,
    at: datetime = NOW, number: str = "", state: ReportState = ReportState.SENT,
) -> Report:  # fmt: skip
    """A report with its answers, as handing in a draft leaves it (without letters and journal)."""
    uid = new_uid()
    report = Report(
        uid=uid, kind=kind, number=number or f"ZF-20261120-{uid[:4]}", author_id=author, team_id=team,
        village=answers["village"], household_id=answers.get("household"), state=state, sent_at=at,
    )  # fmt: skip
    session.add(report)
    session.flush()
    session.add(answering.detail(session, KINDS[kind], report, answers))
    session.flush()
    answering.index(session, report)
    return report


def add_photo(session: Session, report: Report, *, state: PhotoState = PhotoState.KEPT) -> Photo:
    """A photo of a report, its bytes elsewhere."""
    chat = chats.chat_of(session, 42, 1000)
    known = len(session.exec(select(Photo)).all())
    photo = Photo(
        bot=42, chat_id=chat.id or 0, message_id=known + 1, report_id=report.id, file_id=f"f{known}",
        unique_id=f"u{known}", received_at=NOW, state=state,
    )  # fmt: skip
    if state == PhotoState.KEPT:
        photo.sha256, photo.length, photo.mime = f"{known:064x}", 1234, "image/jpeg"
        photo.width, photo.height = 640, 480
    session.add(photo)
    session.flush()
    return photo
