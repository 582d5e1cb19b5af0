"""Who plays in the demo: invented people, their invented units, in teams of real villages of 武清区."""

# not for people: invented people and units of the demo
from dataclasses import dataclass, field
from typing import NamedTuple

from storage.people import Role

COUNTY = "120114"
BOT, TOKEN = 42, "42:DEMO"
"""The sandbox's own bot."""


class Player(NamedTuple):
    """A person: Telegram id, name, role and how the role is called on the phones; `region` of those without
    a team."""

    id: int
    name: str
    role: Role
    called: str
    region: str | None = None

    @property
    def title(self) -> str:
        """As the phones show it."""
        return f"{self.name} · {self.called}"


@dataclass(frozen=True)
class Crew:
    """A team: its villages, who sends it, how many visits a week are usual, and who is in it, the leader first."""

    name: str
    unit: str
    villages: tuple[str, ...]
    visits: int
    people: tuple[Player, ...] = field(default=())

    @property
    def town(self) -> str:
        return self.villages[0][:9]


def _crew(name: str, unit: str, villages: tuple[str, ...], visits: int, *people: tuple[int, str]) -> Crew:
    (leader, led_by), *members = people
    players = [Player(leader, led_by, Role.LEADER, LEADER)]
    return Crew(
        name, unit, villages, visits, (*players, *(Player(*one, Role.MEMBER, MEMBER) for one in members))
    )


MEMBER, LEADER, SUPERVISOR = "队员", "队长", "管理组"
CREWS = (
    _crew("黄庄一队", "青禾农业服务中心", ("120114004202", "120114004203"), 11,
          (1002, "赵敏"), (1001, "王磊"), (1006, "陈晓")),
    _crew("黄庄二队", "安居建设集团", ("120114004204", "120114004206"), 7, (1007, "李佳宁"), (1008, "郭帅")),
    _crew("河西务一队", "清源水务公司", ("120114109206", "120114109208"), 13,
          (1009, "刘洋"), (1010, "张悦"), (1011, "韩松")),
    _crew("河西务二队", "惠民医疗中心", ("120114109212", "120114109213"), 6, (1012, "杨帆"), (1013, "何静")),
    _crew("高村一队", "启明职业学校", ("120114123202", "120114123207"), 9,
          (1014, "徐航"), (1015, "宋怡"), (1016, "冯凯")),
    _crew("高村二队", "同心供销社", ("120114123212",), 4, (1017, "曹欣"), (1018, "丁浩")),
    _crew("南蔡村一队", "和顺运输公司", ("120114106202", "120114106203"), 8, (1021, "马骏"), (1022, "田雨")),
)  # fmt: skip
"""The towns of all of them are of one class, so that each has three peers."""
LAST = CREWS[-1]
"""Came to the demo after the others: its days leave theirs as they were."""
QUIET = CREWS[5].name
"""The team that sent nothing in the last week."""
OFFICE = (
    Player(1003, "孙涛", Role.SUPERVISOR, SUPERVISOR, COUNTY),
    Player(1004, "周洁", Role.ADMIN, "管理员", COUNTY),
    Player(1005, "吴刚", Role.OFFICER, "民政局", COUNTY),
    Player(1019, "高莉", Role.SUPERVISOR, SUPERVISOR, COUNTY),
    Player(1020, "彭亮", Role.SUPERVISOR, "镇管理组", "120114109"),
)
WATCHER, ADMIN, OFFICER, SECOND, TOWN_WATCHER = OFFICE
LEFT_TEAM = CREWS[4].name
FORMER = Player(1098, "田野", Role.MEMBER, MEMBER)
"""Served in that team and left before the demo begins; has no phone here."""
ACTORS = (*(one for crew in CREWS for one in crew.people), *OFFICE)
LEAD = CREWS[0].people[0]
HERO = CREWS[0].people[1]
"""The member whose phone is shown first."""


def in_order() -> tuple[Player, ...]:
    """Everybody, those first whose phones tell the story."""
    first = (HERO, LEAD, WATCHER, ADMIN)
    return (*first, *(one for one in ACTORS if one not in first))
