"""The place that a page is about: somewhere in the reader's territory, chosen above it."""

import htpy as h
from htpy import Renderable

from reports.pages import narrow
from reports.pages.asked import Asked
from storage import picking, scope
from storage.places import canonical
from storage.reading import Filter
from storage.refusals import NoPage, NotYours
from storage.texts import _


def chosen(asked: Asked) -> str:
    """The code that the link names, "" for the whole territory. Raises NoPage for no code, NotYours for one outside."""
    given = asked.said("place")
    if not given:
        return ""
    try:
        code = canonical(given)
    except ValueError:
        raise NoPage from None
    around = any(one.startswith(code) for one in (*asked.actor.villages, *asked.actor.regions()))
    if not (scope.reaches(asked.actor, code) or around):
        raise NotYours
    return code


def chooser(asked: Asked, code: str, here: str) -> Renderable:
    """Towns, villages and the way back up; a link and no form, so that it can be kept."""
    offered = narrow.places(asked, Filter(places=(code,) if code else ()))
    label = picking.village_name(asked.session, code) if code else _("全部")
    return h.form(".fields.no-print", method="get", action=asked.path(here))[
        h.label[
            _("地点"),
            h.select(name="place")[
                h.option(value=code, selected=True)[label],
                h.option(value="")[_("全部")] if code else None,
                (h.option(value=value)[said] for value, said in offered),
            ],
        ],
        h.button(".quiet")[_("看这里")],
    ]
