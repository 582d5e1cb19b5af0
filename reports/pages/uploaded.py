"""Lists brought to the console: problems, comparisons, pairings, households, rosters, regions. Looked at first; what is
right goes in by one press. What is said of one is what its card in the chat would say.
"""

import csv
import io
import re
from collections.abc import Sequence
from html import unescape

import htpy as h
from htpy import Node, Renderable

from reports import export, list_card
from reports.pages.asked import Answer, Asked, Made, Watched
from reports.pages.frame import marked, page, table
from storage import county, list_kinds, uploads
from storage.refusals import NoPage
from storage.texts import N_, _

_HEADS = (N_("姓名"), N_("工作队或区域"), N_("链接"))
MOST, ANEW = 20, 3
"""Lists shown; seconds after which a page that is watched is loaded anew."""


def show(asked: Asked) -> Answer:
    """What may be brought, an empty list of each kind, and one's own of the last day."""
    heads = [_("时间"), _("文件")]
    return page(
        asked,
        _("导入"),
        h.p(".note")[
            _(
                "先试运行，列出每一处错误，不写入；看过以后再导入。同一份清单可以反复导入，已导入的不会重复。"
                "文件加密保存一天。"
            )
        ],
        _form(asked),
        h.section(".block")[h.h2[_("空白模板")], _templates(asked)],
        h.section(".block")[
            h.h2[_("我上传的")],
            table(
                heads,
                [
                    [
                        f"{one.created_at.astimezone(county.zone(asked.session)):%m-%d %H:%M}",
                        h.a(href=asked.path("lists", one.id))[one.name],
                    ]
                    for one in uploads.of_person(asked.session, asked.actor, MOST)
                ],
                empty=_("一天以内没有上传过。"),
            ),
        ],
        here="/lists",
    )


def _form(asked: Asked) -> Renderable:
    kinds = [("", _("按表头认")), *((kind.value, _(kind.label)) for kind in list_kinds.offered(asked.actor))]
    return h.form(
        ".fields.block.no-print",
        method="post",
        action=asked.path("lists", "look"),
        enctype="multipart/form-data",
    )[
        marked(asked),
        h.label[
            _("xlsx 或 csv 文件，5 MB 以内"),
            h.input(type="file", name="file", required=True, accept=".xlsx,.csv"),
        ],
        h.label[_("哪种清单"), h.select(name="kind")[(h.option(value=value)[said] for value, said in kinds)]],
        h.label[
            _("比对名单来自哪个部门（其他清单不用写）"),
            h.input(name="source", maxlength="20", autocomplete="off"),
        ],
        h.button[_("试运行")],
    ]


def _templates(asked: Asked) -> Renderable:
    address = asked.path("lists", "template")
    return h.ul[
        (
            h.li[h.a(href=f"{address}?kind={kind.value}")[_(kind.label)]]
            for kind in list_kinds.offered(asked.actor)
        )
    ]


def template(asked: Asked) -> Answer:
    """An empty list to be filled in. Raises Gone for a kind that is none."""
    from reports import list_templates  # workbooks are loaded by whoever writes one

    kind = list_kinds.wanted(asked.actor, asked.said("kind"))
    name = _("{kind}模板").format(kind=_(kind.label))
    return Made(f"{name}.xlsx", list_templates.workbook(kind))


def one(asked: Asked) -> Answer:
    """A list: what would become of it, or what became of it. `watch`: loaded anew as long as it is worked on."""
    found = uploads.find(asked.session, asked.actor, asked.number("upload"))
    (text, rows), busy = uploads.shown(asked.session, found) or (list_card.reading(found.name), True)
    here, watched = asked.path("lists", found.id), bool(busy and asked.said("watch"))
    made = page(
        asked,
        found.name,
        h.div(".told", role="status")[(h.p[_line(line)] for line in text.split("\n"))],
        h.p[h.a(href=f"{here}?watch=1")[_("看新的进度")]] if busy else None,
        _links(uploads.links(asked.session, found), f"{here}/links"),
        h.div(".fields")[
            (_pressing(asked, found.id or 0, label, data) for row in rows for label, data in row)
        ]
        if rows
        else None,
        h.p[h.a(href=asked.path("lists"))[_("导入另一份")]],
        here="/lists",
    )
    return Watched(made, ANEW) if watched else made


def links(asked: Asked) -> Answer:
    """The links of newcomers as a file, made for the answer and kept nowhere. Raises NoPage where there are none."""
    made = uploads.links(asked.session, uploads.find(asked.session, asked.actor, asked.number("upload")))
    if not made:
        raise NoPage
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows(map(export.cell, row) for row in ([_(head) for head in _HEADS], *made))
    return Made(f"{_('加入的链接')}.csv", (export.BOM + out.getvalue()).encode())


def _links(made: Sequence[tuple[str, str, str]], address: str) -> Renderable | None:
    """Of newcomers. They are addresses to pass on, not to be opened here."""
    if not made:
        return None
    rows: list[list[Node]] = [[name, place, h.code[address]] for name, place, address in made]
    said = _("一人一个，七天内有效，请只转发给本人。这一页保留一天。")
    return h.section(".block")[
        h.h2[_("加入的链接")],
        h.p[said],
        h.p[h.a(href=address)[_("下载成表格")]],
        table([_(head) for head in _HEADS], rows, empty=""),
    ]


def _pressing(asked: Asked, number: int, label: str, data: str) -> Node:
    return h.form(method="post", action=asked.path("lists", number, "press"))[
        marked(asked),
        h.input(type="hidden", name="press", value=data),
        h.button(class_={"quiet": not data.startswith(_DOING)})[label],
    ]


def _line(line: str) -> list[Node]:
    """A line of the card, which is HTML with bold words and nothing else."""
    pieces = _BOLD.split(line)
    return [h.b[unescape(one)] if place % 2 else unescape(one) for place, one in enumerate(pieces)]


_DOING = tuple(f"{list_card.PREFIX}:{verb}:" for verb in ("import", "as"))
"""What buttons that go on begin with; the others leave it."""
_BOLD = re.compile("<b>(.*?)</b>")
