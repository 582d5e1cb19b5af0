"""What the console's forms do: each is a job of the pen, in the name of whoever sent it."""

from dataclasses import replace

from bot.errands import export as exporting
from reports import list_card
from reports.list_card import Drawn
from reports.pages import case, home, ledger, narrow, places
from reports.pages.asked import Answer, Asked, Download, Go
from storage import (
    exports,
    fetching,
    identity,
    lists,
    looking,
    narrowing,
    own_reports,
    queries,
    understanding,
    uploads,
)  # fmt: skip
from storage.reading import LIVE, Filter
from storage.refusals import Refusal
from storage.texts import _

_ADDED = ("kind", "places", "team_id", "authors", "since", "until", "due_before", "households", "period")
"""What words may be understood as, besides words."""


def ask(asked: Asked) -> Answer:
    """Narrow a list: the query is kept, its answer is a page of its own."""
    wanted = _worded(asked, wanted_by(asked))
    for field, _label in narrow.FIELDS:
        if value := asked.said(field):
            wanted = narrowing.put(asked.session, wanted, field, value, asked.now)
    for field in ("who", "home"):
        if asked.said(f"drop_{field}"):
            wanted = narrowing.put(asked.session, wanted, field, narrowing.ANY, asked.now)
    if asked.said("place"):
        # A village that is chosen tells whose name a word may be.
        wanted = understanding.of_households(asked.session, asked.actor, wanted, asked.now)
    query = queries.keep(asked.session, asked.actor, wanted, asked.now)
    return Go(f"/found/{query.id}")


def wanted_by(asked: Asked) -> Filter:
    """The filter of what a form stands on: a record, one of one's own queries, or a ledger."""
    if record := asked.said("report"):
        report = own_reports.find(
            asked.session, asked.actor, replace(asked, ids={"report": record}).number("report")
        )
        return Filter(number=report.number)
    if asked.said("figure"):
        return home.wanted_by(asked, {name: asked.said(name) for name in ("scope", "figure", "week")})[0]
    number = asked.said("query")
    if not number:
        within = places.chosen(replace(asked, given={"place": asked.said("within")}))
        return ledger.ledger(asked.said("ledger") or ledger.ALL, within, asked.now)
    query = queries.find(asked.session, asked.actor, replace(asked, ids={"query": number}).number("query"))
    return queries.filter_of(asked.session, query)


def _worded(asked: Asked, wanted: Filter) -> Filter:
    """With other words than before: what they mean takes the place of what the list had there."""
    words = asked.said("words")
    if words == narrow.words_of(wanted):
        return wanted
    bare = replace(wanted, words="", number="")
    if not words:
        return bare
    found = understanding.understand(asked.session, asked.actor, words, asked.now)
    meant = {name: value for name in _ADDED if (value := getattr(found, name))}
    states = found.states if set(found.states) != set(LIVE) else wanted.states
    return replace(bare, words=found.words, number=found.number, states=states, **meant)


def export(asked: Asked) -> Answer:
    """Have the list made into a file, which is fetched on the page of exports."""
    chat = identity.private_chat(asked.session, asked.bot, asked.actor.person_id)
    if chat is None:
        raise Refusal(_("还没有您和机器人的私聊：请先在 Telegram 里给机器人发一条消息，再导出。"))
    made = exports.ask(asked.session, asked.actor, chat, wanted_by(asked), asked.now, on_console=True)
    if reason := asked.said("reason"):
        made = exports.give_reason(asked.session, asked.actor, reason, asked.now)
    exports.start(asked.session, asked.actor, made, asked.said("form"), asked.bot, asked.now)
    return Go("/exports?watch=1")


def cancel_export(asked: Asked) -> Answer:
    """One that was asked for in chat says so there."""
    export = exports.find(asked.session, asked.actor, asked.number("export"))
    exports.cancel(export)
    exporting.show(asked.session, export, asked.now)
    return Go("/exports")


def fetch(asked: Asked) -> Answer:
    """A file of an export. A link that is forged or somebody else's is refused, one of yesterday too."""
    _export, file = fetching.fetch(
        asked.session,
        asked.actor,
        asked.number("export"),
        asked.number("place"),
        asked.ids["seal"],
        asked.now,
    )
    return Download(file.name, file.sha, file.size)


def open_case(asked: Asked) -> Answer:
    """Show what is sealed, for a reason; both readings are journaled."""
    report = own_reports.find(asked.session, asked.actor, asked.number("report"))
    reason = asked.said("reason")
    numbers = looking.opened(asked.session, asked.actor, report, reason, asked.now)
    lines = own_reports.opened(asked.session, asked.actor, report, asked.now, reason)
    return case.opened(asked, report, lines, numbers)


def look_at_list(asked: Asked) -> Answer:
    """A list was brought: it is looked at, nothing is written."""
    if asked.file is None:
        raise Refusal(_("请选一个 xlsx 或 csv 文件。"))
    made = uploads.ask(
        asked.session, asked.actor, asked.bot, asked.file, asked.said("kind"), asked.said("source"), asked.now
    )
    return Go(f"/lists/{made.id}?watch=1")


def press_list(asked: Asked) -> Answer:
    """A button of its page, as in chat: take it in, look at it as another kind, leave it. What was pressed before does
    nothing again."""
    one = uploads.find(asked.session, asked.actor, asked.number("upload"))
    told, pressed = uploads.shown(asked.session, one), asked.said("press")
    if told is not None and pressed in {data for row in told[0][1] for _label, data in row}:
        _prefix, verb, look, kind = f"{pressed}:".split(":")[:4]
        drawn = _pressed(asked, verb, int(look), kind)
        uploads.show(asked.session, one.id or 0, drawn, busy=verb != "leave")
    return Go(f"/lists/{one.id}?watch=1")


def _pressed(asked: Asked, verb: str, look: int, kind: str) -> Drawn:
    who = asked.session, asked.actor, look
    if verb == "import":
        return list_card.writing(lists.take_in(*who, kind, asked.now), kind)
    if verb == "as":
        return list_card.reading(lists.as_kind(*who, kind, asked.now).name)
    return list_card.left(lists.leave(*who))
