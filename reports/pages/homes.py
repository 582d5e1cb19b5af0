"""The households whose contact was due in a week: the list behind that figure."""

from collections.abc import Sequence
from datetime import date

import htpy as h
from htpy import Node, Renderable

from reports import contacted
from reports.pages.asked import Answer, Asked
from reports.pages.frame import numbered, page, table, turned
from reports.week import Week
from storage import contact_homes, county, household_list, names, picking, showing
from storage.contact_homes import Home
from storage.showing import Channel, Of
from storage.summaries import Scope
from storage.tallies import Window
from storage.texts import _

ROWS = 30


def show(asked: Asked, scope: Scope, week: Week, window: Window, where: str) -> Answer:
    """`where` is the scope's name."""
    found = contact_homes.of_week(asked.session, scope, window)
    shown = contact_homes.shown_to(asked.actor, scope, found)
    number = numbered(asked)
    address = asked.path("weeks", scope, contacted.DUE) + f"?week={week}"
    return page(
        asked,
        f"{week} {_(contacted.LABELS[contacted.DUE])}",
        h.div(".bar")[
            h.p(".count", role="status")[contacted.count(shown)],
            h.p(".note")[where],
        ],
        h.p(".note")[_("没有联系的在前，先到期的在前。")],
        _rows(asked, shown[number * ROWS : (number + 1) * ROWS], county.today(asked.session, asked.now)),
        turned(address, number, len(shown), ROWS),
        here="/",
    )


def _rows(asked: Asked, homes: Sequence[Home], today: date) -> Renderable:
    heads = [_("村"), _("户"), _("类别"), _("联系人"), _("从哪天算起"), _("最晚哪天"), _("状态")]
    return table(heads, [_row(asked, one, today) for one in homes], empty=_("这一周没有应联系的户。"))


def _row(asked: Asked, one: Home, today: date) -> list[Node]:
    head, colleague = (showing.degree(of, Channel.PAGE) for of in (Of.HEAD, Of.COLLEAGUE))
    return [
        picking.village_name(asked.session, one.village),
        household_list.called(asked.session, one.household, head),
        _(contacted.CADENCES[one.cadence]),
        showing.name(names.full(asked.session, one.person), colleague),
        f"{one.since:%Y-%m-%d}",
        f"{one.due:%Y-%m-%d}",
        h.span(class_={"state": True, "done": one.seen, "late": not one.seen and one.due < today})[
            contacted.state(one, today)
        ],
    ]
