"""Every resource of the API with its rule: whose tokens may ask for it. One without cannot be declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.api import places, records, shapes
from bot.api.call import Answer
from reports.figures import Figures
from storage.people import Role
from storage.texts import N_
from storage.tokens import RIGHT


@dataclass(frozen=True)
class Resource:
    """A path, the roles of tokens that may have it, what answers it (with what it may be asked), and the shape of the
    answer (None: a photo). `summary` is a message id."""

    path: str
    roles: frozenset[Role]
    answer: Callable[..., Answer]
    shape: Any
    summary: str


RESOURCES: tuple[Resource, ...] = (
    Resource("/v1/me", RIGHT, places.me, shapes.Me, N_("这个令牌能看什么，到什么时候")),
    Resource("/v1/kinds", RIGHT, places.kinds, shapes.Kinds, N_("报告有哪些类型、问题和状态")),
    Resource("/v1/reports", RIGHT, records.reports, shapes.Listed[shapes.Report], N_("各类报告，最新的在前")),
    Resource("/v1/reports/{number}", RIGHT, records.report, shapes.Whole, N_("一份报告的全部")),
    Resource("/v1/reports/{number}/photos", RIGHT, records.manifest, shapes.Photos, N_("一份报告的照片清单")),
    Resource("/v1/photos/{uid}", RIGHT, records.photo, None, N_("一张照片")),
    Resource(
        "/v1/cases", RIGHT, records.cases, shapes.Listed[shapes.Case], N_("困难、危房、整改，带办理经过")
    ),
    Resource("/v1/regions", RIGHT, places.regions, shapes.Listed[shapes.Region], N_("区划，按代码排")),
    Resource("/v1/teams", RIGHT, places.teams, shapes.Listed[shapes.Team], N_("工作队和队员")),
    Resource("/v1/teams/{team}", RIGHT, places.team, shapes.Team, N_("一个工作队")),
    Resource(
        "/v1/people",
        frozenset({Role.ADMIN}),
        places.people,
        shapes.Listed[shapes.Person],
        N_("在任的人和任职"),
    ),
    Resource("/v1/households", RIGHT, places.households, shapes.Listed[shapes.Household], N_("农户，打码")),
    Resource("/v1/households/{uid}", RIGHT, places.household, shapes.Household, N_("一户，打码")),
    Resource("/v1/weeks", RIGHT, places.weeks, shapes.Listed[shapes.ClosedWeek], N_("已经截止的各周")),
    Resource(
        "/v1/weeks/{week}",
        RIGHT,
        places.week,
        Figures,
        N_("一周的数字；工作队的还有每人的，只有编号，没有姓名"),
    ),
)
