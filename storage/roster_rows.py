"""One row of a roster, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from storage import teams
from storage.people import Role
from storage.personal import clean_name, clean_phone
from storage.postings import TEAM_ROLES
from storage.refusals import Refusal
from storage.sheets import BadCell, Line
from storage.texts import _
from storage.village_names import Villages, unclear, unknown

COLUMNS: Mapping[str, tuple[str, ...]] = {  # not for people: headings matched in their lists
    "name": ("姓名", "名字", "队员姓名"),
    "phone": ("电话", "联系电话", "手机号", "手机", "手机号码"),
    "role": ("角色", "职务", "身份"),
    "team": ("队伍", "工作队", "队名", "所在工作队"),
    "unit": ("单位", "帮扶单位", "派出单位"),
    "village": ("村", "行政村", "驻村", "所驻村", "村代码"),
    "region": ("区域", "负责区域", "区域代码"),
    "department": ("部门",),
    "telegram": ("Telegram", "Telegram编号", "Telegram ID"),
}
WORDS: Mapping[str, Role] = {  # not for people: words matched in their lists
    "": Role.MEMBER,
    "队员": Role.MEMBER,
    "工作队员": Role.MEMBER,
    "队长": Role.LEADER,
    "第一书记": Role.LEADER,
    "第一书记兼队长": Role.LEADER,
    "管理组": Role.SUPERVISOR,
    "部门": Role.OFFICER,
    "部门人员": Role.OFFICER,
    "管理员": Role.ADMIN,
    **{role.value: role for role in Role},
}


@dataclass(frozen=True)
class Row:
    """A person as the roster tells them. `villages` and `unit` are those of the row, in a plan those of the whole team:
    it is made of them when it is not here yet."""

    line: Line
    name: str
    phone: str | None
    telegram_id: int | None
    role: Role
    team: str
    unit: str
    villages: tuple[str, ...]
    region: str | None
    department: str | None


def read(session: Session, line: Line, villages: Villages) -> Row | list[BadCell]:
    """The row, or all that is wrong with it."""
    name, phone = clean_name(line.text("name")), clean_phone(line.text("phone"))
    role, telegram = WORDS.get(line.text("role")), line.text("telegram")
    faults = []
    if name is None:
        faults.append(line.fault("name", _("姓名是空的或不像姓名，请改正。")))
    if line.text("phone") and phone is None:
        faults.append(line.fault("phone", _("电话号码不对。请写 11 位手机号，或带区号的座机号。")))
    if telegram and not re.fullmatch(r"[1-9]\d{0,15}", telegram, re.ASCII):
        faults.append(line.fault("telegram", _("Telegram 编号要是数字；不知道就留空，会生成邀请链接。")))
    if role is None:
        faults.append(line.fault("role", _("角色要写：队员、队长、管理组、部门人员或管理员。")))
    served = _villages(line, villages)
    place = _place(session, line, role) if role is not None else None
    faults.extend(one for one in (served, place) if isinstance(one, BadCell))
    if faults or name is None or role is None or isinstance(served, BadCell) or isinstance(place, BadCell):
        return faults
    return Row(
        line, name, phone, int(telegram) if telegram else None, role, line.text("team"), line.text("unit"),
        served, place, line.text("department") or None,
    )  # fmt: skip


def _villages(line: Line, villages: Villages) -> tuple[str, ...] | BadCell:
    """One cell may name several villages."""
    codes = []
    for text in filter(None, re.split(r"[、,,;;\s]+", line.text("village"))):
        found = villages.find(text)
        if len(found) != 1:
            return line.fault("village", unclear(text) if found else unknown(text))
        codes.append(found[0])
    return tuple(sorted(set(codes)))


def _place(session: Session, line: Line, role: Role) -> str | BadCell | None:
    """The region of a role that needs one; None for those who have a team."""
    if role in TEAM_ROLES:
        return None if line.text("team") else line.fault("team", _("队员和队长要写所在的工作队。"))
    if not line.text("region"):
        return line.fault("region", _("这个角色要写负责区域的代码，例如 120114。"))
    try:
        return teams.region(session, line.text("region")).code
    except Refusal as refusal:
        return line.fault("region", refusal.sentence)
