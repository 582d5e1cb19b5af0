"""The shapes of answers, from which the description of the API follows. Times are in UTC, days the county's."""

from datetime import date, datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from storage.people import Role
from storage.photo import PhotoState
from storage.places import Level
from storage.report import ReportState
from storage.texts import N_

T = TypeVar("T")


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Listed(Shape, Generic[T]):
    """A page of a list."""

    items: list[T]
    next: str | None = Field(description=N_("下一页的 cursor；没有下一页时是 null。"))


class Problem(Shape):
    """What is wrong, and what to do (RFC 9457)."""

    type: str = Field(description=N_("问题的名称，不随语言变。"))
    title: str
    status: int
    detail: str = Field(description=N_("怎么办，中文或英文，看 Accept-Language。"))


class Me(Shape):
    label: str
    role: Role
    team: str | None
    regions: list[str] = Field(description=N_("范围里的区域代码；空字符串是整个系统。"))
    villages: list[str]
    expires_at: datetime


class State(Shape):
    state: ReportState
    name: str


class Question(Shape):
    name: str
    label: str
    sealed: bool = Field(description=N_("内容加密保存，接口只说有没有。"))


class Kind(Shape):
    kind: str
    name: str
    prefix: str = Field(description=N_("编号的开头。"))
    questions: list[Question]
    states: list[State] = Field(description=N_("办理中会经过的状态；不用办理的类型只有一个。"))


class Kinds(Shape):
    items: list[Kind]


class Region(Shape):
    code: str
    name: str
    level: Level
    parent: str | None
    closed: bool
    latitude: float | None = Field(description=N_("WGS-84 度；没有导入坐标时是 null。"))
    longitude: float | None


class Member(Shape):
    name: str = Field(description=N_("打码的姓名。"))
    role: Role


class Team(Shape):
    id: int
    name: str
    unit: str = Field(description=N_("派出单位，可能为空。"))
    region: str
    villages: list[str]
    people: list[Member]


class Post(Shape):
    role: Role
    where: str
    department: str
    starts_at: datetime
    ends_at: datetime | None


class Person(Shape):
    id: int
    name: str = Field(description=N_("打码的姓名。"))
    phone: str = Field(description=N_("打码的电话，可能为空。"))
    joined: bool = Field(description=N_("有没有 Telegram 账号。"))
    posts: list[Post]


class Household(Shape):
    uid: str = Field(description=N_("户的固定编号，报告里的 household_uid 就是它。"))
    village: str
    head: str = Field(description=N_("打码的户主姓名。"))
    card: str
    phone: str
    id_number: str
    category: str
    members: int | None


class Report(Shape):
    number: str
    kind: str
    kind_name: str
    state: ReportState
    state_name: str
    returned: bool = Field(description=N_("被退回，等更正。"))
    village: str
    village_name: str
    town_name: str
    team_id: int | None
    team: str
    author: str = Field(description=N_("打码的姓名。"))
    household_uid: str | None
    head: str = Field(description=N_("打码的户主姓名；没有户时为空。"))
    happened: date = Field(description=N_("报告里写的日子，没有写就是发送的日子。"))
    sent_at: datetime
    due_at: datetime | None
    revision: int
    text: str = Field(description=N_("各项内容，一行一项，号码打码。"))
    photos: int = Field(description=N_("已保存的照片张数。"))


class AnswerLine(Shape):
    name: str
    label: str
    text: str


class Event(Shape):
    at: datetime
    what: str = Field(description=N_("sent（发送）、corrected（更正）或 step（办理一步）。"))
    step: str
    after: str = Field(description=N_("这一步以后的状态。"))
    by: str = Field(description=N_("打码的姓名。"))
    words: str


class Clock(Shape):
    clock: str
    name: str
    since: datetime
    due_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None


class Promise(Shape):
    number: int
    until: date
    kept: bool | None
    settled_at: datetime | None


class Task(Shape):
    number: int
    what: str
    lead: str
    support: str
    until: list[date]


class Photo(Shape):
    uid: str
    question: str
    state: PhotoState
    received_at: datetime
    sha256: str | None = Field(description=N_("收到的原文件的 SHA-256。"))
    served_sha256: str | None = Field(description=N_("接口给出的文件的 SHA-256；null 是没有文件可给。"))
    bytes: int | None
    mime: str | None
    width: int | None
    height: int | None
    taken_at: str | None = Field(description=N_("手机自己说的拍摄时间，没有核对。"))


class Photos(Shape):
    items: list[Photo]


class Case(Report):
    """A report whose life goes on: every step, every clock."""

    life: list[Event]
    clocks: list[Clock]
    promises: list[Promise]
    tasks: list[Task]


class Whole(Case):
    """A report with everything beside it."""

    answers: list[AnswerLine]
    manifest: list[Photo]


class ClosedWeek(Shape):
    week: str
    window_start: datetime
    window_end: datetime
