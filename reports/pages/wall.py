"""Photos of a territory side by side: the newest, and before and after."""

import htpy as h
from htpy import Node, Renderable

from reports import listing
from reports.pages import case, places
from reports.pages.asked import Answer, Asked
from reports.pages.frame import page
from storage import briefs, photo_wall, picking, proofs
from storage.photo import Photo
from storage.report import Report
from storage.texts import _

PHOTOS, PAIRS = 24, 8


def show(asked: Asked) -> Answer:
    """The newest photos."""
    code, before = places.chosen(asked), asked.place_after()
    found = photo_wall.page(asked.session, asked.actor, code, before, PHOTOS)
    shown = found[:PHOTOS]
    last = shown[-1][0].id if len(found) > PHOTOS else None
    made = h.div(".album.wall")[(_one(asked, photo, report) for photo, report in shown)]
    return _page(asked, code, made if shown else None, "wall", last)


def pairs(asked: Asked) -> Answer:
    """Problems as they were, and mended."""
    code, before = places.chosen(asked), asked.place_after()
    found = photo_wall.mended(asked.session, asked.actor, code, before, PAIRS)
    shown = found[:PAIRS]
    last = shown[-1].id if len(found) > PAIRS else None
    made = [_mended(asked, report) for report in shown]
    return _page(asked, code, made if shown else None, "wall/pairs", last)


def _page(asked: Asked, code: str, made: Node, here: str, last: int | None) -> Answer:
    tabs = {"wall": _("最新照片"), "wall/pairs": _("整改前后")}
    more = f"{asked.path(here)}?place={code}&before={last}"
    return page(
        asked,
        _("照片墙"),
        h.nav(".tabs", aria_label=_("照片墙"))[
            (
                h.a(href=f"{asked.path(path)}?place={code}", aria_current="true" if path == here else None)[
                    title
                ]
                for path, title in tabs.items()
            )
        ],
        places.chooser(asked, code, here),
        made or h.p(".empty")[_("这里还没有照片。")],
        h.nav(".pages", aria_label=_("翻页"))[h.a(".button.quiet", href=more, rel="next")[_("较早 ›")]]
        if last
        else None,
        here="/wall",
    )


def _one(asked: Asked, photo: Photo, report: Report) -> Renderable:
    return case.figure(
        asked, photo, picking.village_name(asked.session, report.village), _link(asked, report)
    )


def _link(asked: Asked, report: Report) -> Node:
    return [
        " ",
        h.a(href=asked.path("cases", report.id))[f"{listing.kind_title(report.kind)} {report.number}"],
    ]


def _mended(asked: Asked, report: Report) -> Renderable:
    village, words = (
        picking.village_name(asked.session, report.village),
        briefs.first_words(asked.session, report),
    )
    return h.section(".block")[
        h.h2[village, _link(asked, report)],
        h.p[listing.clip(words, 120)],
        [case.pair(asked, one) for one in proofs.matches(asked.session, report)],
    ]
