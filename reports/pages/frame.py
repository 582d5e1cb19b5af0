"""What every page of the console has around it: head, contents, foot; and the pieces that pages are made of."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import htpy as h
from htpy import Node, Renderable

from reports.pages.asked import Asked
from storage import county
from storage.identity import Actor
from storage.people import Role
from storage.refusals import NoPage
from storage.texts import N_, _, language

STYLE, ICON = Path(__file__).parent / "console.css", Path(__file__).parent / "icon.svg"
LEDGERS = frozenset({Role.LEADER, Role.SUPERVISOR, Role.ADMIN})
MANAGERS = frozenset({Role.SUPERVISOR, Role.ADMIN})
OFFICE = frozenset({Role.ADMIN})
CONTENTS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("/", N_("总览"), LEDGERS),
    ("/ledgers/all", N_("台账"), LEDGERS),
    ("/wall", N_("照片"), LEDGERS),
    ("/villages", N_("村图"), LEDGERS),
    ("/exports", N_("导出"), LEDGERS),
    ("/lists", N_("导入"), MANAGERS),
    ("/people", N_("人员"), OFFICE),
    ("/settings", N_("设置"), OFFICE),
)
"""Path, title and who has it, in the order of the head."""


def page(asked: Asked, title: str, *parts: Node, here: str = "") -> Renderable:
    """A whole page. `here` is the path of the contents that it belongs to."""
    return _html(
        title,
        h.body[
            h.a(".skip", href="#content")[_("跳到正文")],
            h.header[
                h.p(".house")[_("驻村通")],
                h.nav(aria_label=_("目录"))[_contents(asked, here)],
                _leaving(asked),
            ],
            h.main("#content", tabindex="-1")[h.h1[title], *parts],
            h.footer[_foot(asked)],
        ],
        asked.base,
    )


def plain(base: str, title: str, *parts: Node) -> Renderable:
    """A page for somebody who is not signed in."""
    body = h.body(".plain")[h.header[h.p(".house")[_("驻村通")]], h.main("#content")[h.h1[title], *parts]]
    return _html(title, body, base)


def _html(title: str, body: Renderable, base: str) -> Renderable:
    return h.html(lang="zh-CN" if language() == "zh" else language())[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="robots", content="noindex"),
            h.title[_("{title} · 驻村通").format(title=title)],
            h.link(rel="stylesheet", href=f"{base}/console.css"),
            h.link(rel="icon", href=f"{base}/icon.svg", type="image/svg+xml"),
        ],
        body,
    ]


def _contents(asked: Asked, here: str) -> list[Node]:
    mine = {post.role for post in asked.actor.posts}
    return [
        h.a(href=asked.base + path, aria_current="page" if path == here else None)[_(title)]
        for path, title, roles in CONTENTS
        if roles & mine
    ]


def _leaving(asked: Asked) -> Renderable:
    return h.form(".leaving", method="post", action=f"{asked.base}/leave")[
        h.span[asked.actor.name], marked(asked), h.button(".quiet")[_("退出")]
    ]


def _foot(asked: Asked) -> str:
    at = f"{asked.now.astimezone(county.zone(asked.session)):%Y-%m-%d %H:%M}"
    return _("{at} 的数据。名字和号码打码；打开要写理由，会记入日志。").format(at=at)


def marked(asked: Asked) -> Renderable:
    """What each form carries."""
    return h.input(type="hidden", name="mark", value=asked.mark())


def table(heads: Sequence[str], rows: Iterable[Sequence[Node]], *, empty: str, named: str = "") -> Renderable:
    """A table; on a narrow screen each row is a block whose cells carry their heads."""
    made = list(rows)
    if not made:
        return h.p(".empty")[empty]
    return h.table[
        h.caption[named] if named else None,
        h.thead[h.tr[(h.th(scope="col")[one] if one else h.td for one in heads)]],
        h.tbody[
            (
                h.tr[(h.td(data_head=head)[cell] for head, cell in zip(heads, row, strict=True))]
                for row in made
            )
        ],
    ]


def numbered(asked: Asked) -> int:
    """Which page of a list without cursors is asked for (`page`), from 0. Raises NoPage."""
    said = asked.said("page") or "0"
    if not said.isascii() or not said.isdecimal() or len(said) > 4:
        raise NoPage
    return int(said)


def turned(address: str, number: int, count: int, size: int) -> Node:
    """Links to the pages around one of these."""
    sign = "&" if "?" in address else "?"
    links = [
        h.a(".button.quiet", href=f"{address}{sign}page={number - 1}", rel="prev")[_("‹ 上一页")]
        if number
        else None,
        h.a(".button.quiet", href=f"{address}{sign}page={number + 1}", rel="next")[_("下一页 ›")]
        if (number + 1) * size < count
        else None,
    ]
    return h.nav(".pages", aria_label=_("翻页"))[links] if any(links) else None


def has(actor: Actor, roles: frozenset[Role]) -> bool:
    return actor.has(*roles)
