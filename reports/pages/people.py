"""People and their postings, for administrators: found, added, posted, ended."""

from datetime import datetime

import htpy as h
from htpy import Node, Renderable

from reports.pages.asked import Answer, Asked
from reports.pages.frame import marked, page, table
from storage import administering, county, roster
from storage.administering import Known, Post
from storage.people import Role
from storage.texts import _, listed

ROWS = 50


def show(asked: Asked) -> Answer:
    """Whoever is posted in the territory."""
    return whole(asked, administering.page(asked.session, asked.actor, asked.now, asked.place_after(), ROWS))


def whole(asked: Asked, found: list[Known]) -> Renderable:
    """A list of people, and the form that adds one."""
    rows: list[list[Node]] = [
        [
            h.a(href=asked.path("people", one.person_id))[one.name],
            listed(
                f"{_(roster.ROLES[post.role])} {post.where} {post.department}".strip() for post in one.posts
            ),
            one.phone,
            _("已加入") if one.joined else _("还没有加入"),
        ]
        for one in found[:ROWS]
    ]
    more = f"{asked.path('people')}?before={found[ROWS - 1].person_id}" if len(found) > ROWS else ""
    return page(
        asked,
        _("人员"),
        _finding(asked),
        table([_("姓名"), _("任职"), _("电话"), "Telegram"], rows, empty=_("这里没有人。")),
        h.nav(".pages", aria_label=_("翻页"))[h.a(".button.quiet", href=more, rel="next")[_("后面的人 ›")]]
        if more
        else None,
        h.section(".block.no-print")[h.h2[_("添加人员")], _adding(asked)],
        here="/people",
    )


def _finding(asked: Asked) -> Renderable:
    return h.form(".fields.no-print", method="post", action=asked.path("people", "find"), role="search")[
        marked(asked),
        h.label[_("姓名"), h.input(name="name", required=True, maxlength="40", autocomplete="off")],
        h.button[_("查找")],
    ]


def _adding(asked: Asked) -> Renderable:
    return h.form(".fields", method="post", action=asked.path("people", "add"))[
        marked(asked),
        h.label[_("姓名"), h.input(name="name", required=True, maxlength="40", autocomplete="off")],
        h.label[
            _("电话（可不写，加密保存）"),
            h.input(name="phone", inputmode="tel", maxlength="20", autocomplete="off"),
        ],
        _posting_fields(),
        h.button[_("添加")],
    ]


def _posting_fields() -> list[Renderable]:
    return [
        h.label[
            _("角色"),
            h.select(name="role")[(h.option(value=role.value)[_(roster.ROLES[role])] for role in Role)],
        ],
        h.label[
            _("队员、队长写工作队名；其他写区域代码"),
            h.input(name="place", maxlength="60", autocomplete="off", placeholder="120114"),
        ],
        h.label[_("部门（部门人员要写）"), h.input(name="department", maxlength="60", autocomplete="off")],
    ]


def one(asked: Asked) -> Answer:
    """A person with their postings, and what may be changed."""
    return person(asked, asked.number("person"))


def person(asked: Asked, number: int, link: str = "") -> Renderable:
    """`link` is said once, after it was made."""
    found = administering.one(asked.session, asked.actor, number, asked.now)
    rows = [_row(asked, post) for post in found.posts]
    heads = [_("角色"), _("工作队或区域"), _("部门"), _("从"), _("到"), ""]
    return page(
        asked,
        found.name,
        h.p(".note")[_("编号 {number}，电话 {phone}").format(number=number, phone=found.phone or "—")],
        _given(link),
        h.section(".block")[h.h2[_("任职")], table(heads, rows, empty=_("现在没有任职。"))],
        h.section(".block.no-print")[
            h.h2[_("增加任职")], _changing(asked, number, "post", _("增加"), _posting_fields())
        ],
        h.section(".block.no-print")[
            h.h2[_("更正姓名")],
            _changing(
                asked,
                number,
                "rename",
                _("更正"),
                [h.label[_("姓名"), h.input(name="name", required=True, maxlength="40")]],
            ),
        ],
        h.section(".block.no-print")[
            h.h2[_("加入或换手机")],
            h.p(".note")[_("生成一个只能用一次的链接，请本人在手机上打开。以前没用过的链接作废。")],
            _changing(asked, number, "link", _("生成链接"), []),
        ],
        here="/people",
    )


def _given(link: str) -> Node:
    if not link:
        return None
    return h.p(".told", role="status")[
        _("请把这个链接发给本人，7 天内有效，这里只显示这一次："), h.code[link]
    ]


def _changing(asked: Asked, number: int, verb: str, label: str, fields: list[Renderable]) -> Renderable:
    action = asked.path("people", number, verb)
    return h.form(".fields", method="post", action=action)[marked(asked), fields, h.button(".quiet")[label]]


def _row(asked: Asked, post: Post) -> list[Node]:
    return [
        _(roster.ROLES[post.role]),
        post.where,
        post.department,
        _day(asked, post.starts_at),
        _day(asked, post.ends_at),
        None if post.ends_at and post.ends_at <= asked.now else _ending(asked, post),
    ]


def _day(asked: Asked, at: datetime | None) -> str:
    return f"{at.astimezone(county.zone(asked.session)):%Y-%m-%d}" if at else ""


def _ending(asked: Asked, post: Post) -> Renderable:
    action = asked.path("postings", post.id, "end")
    return h.form(method="post", action=action)[marked(asked), h.button(".stop")[_("结束任职")]]
