"""The counties of a run, each with a bot of its own: who works there, on what, and in which group they meet."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import household_list, postings, roster, teams
from storage.people import Role
from storage.places import Level, Region
from tests.world import CAST, COUNTY, FAR_VILLAGE, HEADS, World

TEAM, TOWN, VILLAGES = "蒲圻二队", "421281001", {"421281001202": "近水", "421281001203": "临山"}
OWING = (1100, "冯一")


@dataclass(frozen=True)
class County:
    """What people there press and say. `mark` begins all they say, so that it is known wherever it turns up."""

    code: str
    name: str
    team: str
    village: str
    heads: tuple[str, str]
    mark: str


HERE = County(COUNTY, "武清区", "黄庄一队", "老米店", ("李大山", "李卫国"), "甲")
THERE = County("421281", "赤壁市", TEAM, VILLAGES["421281001202"], (HEADS[2], HEADS[3]), "乙")
PEOPLE = {
    "member": (2001, "丁勇"),
    "leader": (2002, "石磊"),
    "supervisor": (2003, "柳青"),
    "admin": (2004, "秦岭"),
    "colleague": (2007, "江平"),
    "outsider": (2006, "何田"),
}
"""The cast of the other county; the last one serves in a team there that has no leader."""


def homes() -> dict[int, str]:
    """The county of each who works, by number."""
    found = {number: HERE.code for number, _name in [*CAST.values(), OWING]}
    return found | {number: THERE.code for number, _name in [*PEOPLE.values(), CAST["outsider"]]}


def furnish_owing(session: Session, now: datetime) -> None:
    """A team that never visits anybody, so that there is somebody to remind."""
    team = teams.add_team(session, "黄庄二队", ["120114004204"], unit="区教育局", by=None, now=now)
    _post(session, *OWING, Role.MEMBER, now, team=team.id)


def furnish_there(session: Session, now: datetime) -> None:
    """A team with two villages in the other county, and who answers for that."""
    for code, name in VILLAGES.items():
        session.add(Region(code=code, name=f"{name}村委会", level=Level.VILLAGE, parent=TOWN))
    session.flush()
    team = teams.add_team(session, TEAM, [*VILLAGES], unit="市水利局", by=None, now=now)
    alone = teams.add_team(session, "蒲圻三队", [FAR_VILLAGE], unit="市教育局", by=None, now=now)
    for name, (number, called) in PEOPLE.items():
        if name in ("supervisor", "admin"):
            _post(session, number, called, Role(name), now, region=THERE.code)
        else:
            role, serves = (
                Role("leader" if name == "leader" else "member"),
                alone if name == "outsider" else team,
            )
            _post(session, number, called, role, now, team=serves.id)
    for head in THERE.heads:
        household_list.add(session, next(iter(VILLAGES)), head, by=None, now=now)


def _post(
    session: Session, number: int, called: str, role: Role, now: datetime,
    team: int | None = None, region: str | None = None,
) -> None:  # fmt: skip
    person = roster.add_person(session, called, telegram_id=number, by=None, now=now)
    postings.post(session, person.id or 0, role, team_id=team, region=region, by=None, now=now)


def enter(world: World, county: County) -> None:
    """Give everybody who works there a phone with that bot, under the names of the cast."""
    cast = CAST if county == HERE else PEOPLE
    for name, (number, called) in cast.items():
        world.phones[name] = world.sandbox.phone(called, user_id=number)
