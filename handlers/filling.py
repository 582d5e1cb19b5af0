"""What presses, words and places do to a draft. Each leaves the draft so that it can be drawn; what cannot be
taken becomes a note on the card, and nothing that was typed is lost."""

from typing import Any

from handlers.forms import View
from handlers.keys import whole
from handlers.turn import Turn
from storage import county, deadlines, drafts, picking, reporting
from storage.draft import Draft
from storage.drafts import Filling
from storage.forms import (
    Choice,
    Date,
    HouseholdPick,
    Number,
    PersonPick,
    Photos,
    TeamPick,
    Text,
    Village,
    flow,
)
from storage.redact import HIDDEN, redact, typed
from storage.refusals import Gone, NotYours, Refusal
from storage.texts import _

NAME = 12
"""Longer words are no head's name."""


def put(turn: Turn, draft: Draft, name: str, given: Any, message_id: int = 0) -> View | None:
    """Answer a question and ask the next one. Raises Refusal."""
    filled, asks = drafts.filling(turn.db, draft), drafts.asks_of(draft)
    deadlines.check_chosen(turn.db, draft, asks[name], given)
    filled.answers = flow.put(asks, filled.answers, name, given)
    if isinstance(asks[name], HouseholdPick):
        _follow(turn, filled, asks, name)
    if isinstance(asks[name], TeamPick):
        _only_village(turn, filled, asks, name)
    filled.loose, filled.dropped = None, []
    if message_id and isinstance(given, str):
        filled.said[str(message_id)] = [name, filled.answers[name], ""]
    drafts.keep(turn.db, draft, filled, turn.now)
    drafts.move_on(turn.db, draft, filled)
    return View(filled=filled)


def _follow(turn: Turn, filled: Filling, asks: flow.Asks, name: str) -> None:
    """A household found by its card may be in another village of one's own: that village is meant."""
    household, village = filled.answers[name], asks[name].follows
    if isinstance(household, int) and household and village:
        filled.answers[village] = picking.village_of(turn.db, turn.person(), household)


def _only_village(turn: Turn, filled: Filling, asks: flow.Asks, name: str) -> None:
    """A team that serves one village is not asked which."""
    found = picking.villages(turn.db, turn.person(), team=filled.answers[name])
    for other, ask in asks.items():
        if isinstance(ask, Village) and ask.follows == name and len(found) == 1:
            filled.answers[other] = found[0].value


def pick(turn: Turn, draft: Draft, name: str, value: str) -> View | None:
    """An answer given by a button. Raises NotYours for a place or team that was never offered."""
    ask = drafts.asks_of(draft)[name]
    if isinstance(ask, Village) and not picking.may_pick(turn.db, turn.person(), value):
        raise NotYours
    if isinstance(ask, TeamPick) and whole(value) not in [
        one.value for one in picking.teams(turn.db, turn.person())
    ]:
        raise NotYours
    if isinstance(ask, HouseholdPick | TeamPick | Number):
        return put(turn, draft, name, whole(value))
    return put(turn, draft, name, value)


def none(turn: Turn, draft: Draft, name: str) -> View | None:
    """None of the choices, where the question says so."""
    ask = drafts.asks_of(draft)[name]
    if not isinstance(ask, Choice) or ask.none is None:
        raise Gone
    return put(turn, draft, name, [])


def suggested(turn: Turn, draft: Draft, name: str, place: int) -> View | None:
    ask = drafts.asks_of(draft)[name]
    if not isinstance(ask, Text) or place >= len(ask.suggest):
        raise Gone
    return put(turn, draft, name, _(ask.suggest[place]))


def same_as_last(turn: Turn, draft: Draft, name: str) -> View | None:
    if not drafts.asks_of(draft)[name].same_as_last:
        raise Gone
    household = drafts.filling(turn.db, draft).answers.get("household")
    found = reporting.last_answer(turn.db, draft, name, household if isinstance(household, int) else None)
    if found is None:
        raise Gone
    return put(turn, draft, name, found[0])


def ticked(turn: Turn, draft: Draft, name: str) -> bool:
    """Whether several are chosen already, so that the question is shown with its ticks."""
    ask = drafts.asks_of(draft)[name]
    chosen = drafts.filling(turn.db, draft).answers.get(name)
    return isinstance(ask, Choice) and ask.many and bool(chosen)


def flip(turn: Turn, draft: Draft, name: str, value: str) -> None:
    """Tick one of several, or take the tick away."""
    ask, filled = drafts.asks_of(draft)[name], drafts.filling(turn.db, draft)
    several(draft, name)
    one: Any = whole(value) if isinstance(ask, PersonPick) else value
    if isinstance(ask, PersonPick) and one not in [who.value for who in _colleagues(turn)]:
        raise Gone
    chosen = list(filled.answers.get(name) or [])
    chosen = [other for other in chosen if other != one] if one in chosen else [*chosen, one]
    filled.answers = (
        flow.put(drafts.asks_of(draft), filled.answers, name, chosen)
        if chosen
        else flow.drop(filled.answers, name)
    )
    drafts.keep(turn.db, draft, filled, turn.now)
    draft.asking = name


def several(draft: Draft, name: str) -> None:
    """Raises Gone for a question that takes one answer only."""
    ask = drafts.asks_of(draft)[name]
    if not isinstance(ask, PersonPick) and not (isinstance(ask, Choice) and ask.many):
        raise Gone


def _colleagues(turn: Turn) -> list[picking.Option]:
    return picking.people(turn.db, turn.person(), turn.now)


def done(turn: Turn, draft: Draft, name: str) -> View | None:
    """Enough ticked or sent."""
    ask, filled = drafts.asks_of(draft)[name], drafts.filling(turn.db, draft)
    if name not in filled.answers and not ask.optional:
        draft.asking = name
        return View(note=_("请至少选一项。"), many=True)
    drafts.move_on(turn.db, draft)
    return None


def skip(turn: Turn, draft: Draft, name: str) -> View | None:
    """Leave an optional question without an answer."""
    ask, filled = drafts.asks_of(draft)[name], drafts.filling(turn.db, draft)
    if not ask.optional:
        raise Gone
    if not isinstance(ask, Photos):
        filled.answers = flow.drop(filled.answers, name)
    filled.loose = None
    drafts.keep(turn.db, draft, filled, turn.now)
    drafts.move_on(turn.db, draft, filled)
    return View(filled=filled)


def back(turn: Turn, draft: Draft, name: str) -> None:
    """Ask the question before this one again; its answer stays until there is another."""
    filled = drafts.filling(turn.db, draft)
    draft.asking = flow.before(drafts.asks_of(draft), filled.answers, name) or name
    forget_loose(turn, draft)


def forget_loose(turn: Turn, draft: Draft) -> None:
    filled = drafts.filling(turn.db, draft)
    if filled.loose is not None:
        filled.loose = None
        drafts.keep(turn.db, draft, filled, turn.now)


def place_loose(turn: Turn, draft: Draft, name: str) -> View | None:
    """Put the words that found no place where the person says."""
    words, asks = drafts.filling(turn.db, draft).loose, drafts.asks_of(draft)
    if not words or not isinstance(asks.get(name), Text | HouseholdPick):
        raise Gone
    given = redact(words, "").strip()
    return add_words(turn, draft, words) if isinstance(asks[name], Text) else put(turn, draft, name, given)


def first_words(turn: Turn, draft: Draft, words: str, whole: str, message_id: int) -> None:
    """Words typed behind the command (`whole` is all of it): a head's name perhaps, then the findings."""
    name, _space, more = words.partition(" ")
    found = _matches(turn, draft, name) if len(name) <= NAME else []
    if len(found) == 1 and draft.asking == "household":
        put(turn, draft, "household", found[0].value)
        words = more.strip()
    if words:
        add_words(turn, draft, words, message_id, before=whole[: whole.rindex(words)])


def words_typed(turn: Turn, draft: Draft, words: str, message_id: int) -> View:
    """A typed message: the answer to what is asked, else kept with the findings."""
    asks, name, words = drafts.asks_of(draft), draft.asking, typed(words)
    if name is None or name not in asks:
        return add_words(turn, draft, words, message_id) or View()
    try:
        return _answer(turn, draft, name, words, message_id) or View()
    except Refusal as refusal:
        return _keep_loose(turn, draft, words, refusal.sentence)


def _answer(turn: Turn, draft: Draft, name: str, words: str, message_id: int) -> View | None:
    ask = drafts.asks_of(draft)[name]
    if isinstance(ask, Text):
        return put(turn, draft, name, words, message_id)
    if isinstance(ask, Choice):
        chosen = ask.typed(words)
        if chosen is None:
            return _elsewhere(turn, draft, words, message_id)
        return put(turn, draft, name, chosen)
    if isinstance(ask, Village | HouseholdPick | TeamPick):
        return _search(turn, draft, name, words, message_id)
    if isinstance(ask, Date):
        return put(turn, draft, name, ask.on(words, county.today(turn.db, turn.now)))
    if isinstance(ask, Number):
        return put(turn, draft, name, words)
    return _elsewhere(turn, draft, words, message_id)


def _search(turn: Turn, draft: Draft, name: str, words: str, message_id: int) -> View | None:
    """A village or household by part of its name: taken when there is exactly one, shown when several."""
    found = _matches(turn, draft, words)
    same = [one for one in found if one.text.split(" ")[0] == words] or found
    if len(same) == 1:
        return put(turn, draft, name, same[0].value)
    if not found and len(words) > NAME:
        return _elsewhere(turn, draft, words, message_id)
    note = "" if found else _("没有找到“{words}”。").format(words=redact(words, HIDDEN))
    return _keep_loose(turn, draft, words, note)


def _matches(turn: Turn, draft: Draft, words: str) -> list[picking.Option]:
    asks, answers = drafts.asks_of(draft), drafts.filling(turn.db, draft).answers
    ask = asks.get(draft.asking or "")
    if isinstance(ask, Village):
        return picking.villages(turn.db, turn.person(), words, answers.get("team"))
    if isinstance(ask, TeamPick):
        return picking.teams(turn.db, turn.person(), words)
    if isinstance(ask, HouseholdPick):
        return picking.households(turn.db, answers.get("village", ""), turn.person(), turn.now, words)
    return []


def _keep_loose(turn: Turn, draft: Draft, words: str, note: str) -> View:
    filled = drafts.filling(turn.db, draft)
    filled.loose = words
    drafts.keep(turn.db, draft, filled, turn.now)
    return View(note=note)


def _elsewhere(turn: Turn, draft: Draft, words: str, message_id: int) -> View:
    """Words where a button was expected: kept with the findings, and the question stays."""
    asks, asking = drafts.asks_of(draft), draft.asking
    place = flow.text_question(asks)
    if place is None:
        raise Refusal(_("请点下面的按钮。"))
    add_words(turn, draft, words, message_id)
    draft.asking = asking
    return View(
        note=_("已记到“{label}”里。这一步请点下面的按钮。").format(label=_(asks[place].label)),
        many=bool(asking) and ticked(turn, draft, asking or ""),
    )


def add_words(turn: Turn, draft: Draft, words: str, message_id: int = 0, before: str = "") -> View | None:
    """Put words where words go, after what is there. `before` is what stood before them in the message."""
    filled, asks = drafts.filling(turn.db, draft), drafts.asks_of(draft)
    place = flow.text_question(asks)
    if place is None:
        raise Refusal(_("这一步不需要文字，请点下面的按钮。"))
    had, words = bool(filled.answers.get(place)), typed(words) if message_id else words
    try:
        filled.answers = flow.append(asks, filled.answers, place, words)
    except Refusal as refusal:
        return _keep_loose(turn, draft, words, refusal.sentence)
    filled.loose = None
    if message_id:
        filled.said[str(message_id)] = [place, words, before]
    drafts.keep(turn.db, draft, filled, turn.now)
    drafts.move_on(turn.db, draft, filled)
    note = _("已补充到“{label}”。").format(label=_(asks[place].label)) if had else ""
    return View(note, filled=filled)


def reworded(filled: Filling, message_id: int, words: str) -> str | None:
    """Change what an edited message said. The question it answered; None when nothing changed."""
    name, old, before = filled.said[str(message_id)]
    answer, words = filled.answers.get(name), typed(words).removeprefix(before).strip()
    if words == old or not isinstance(answer, str) or old not in answer:
        return None
    filled.answers[name] = answer.replace(old, words, 1)
    filled.said[str(message_id)] = [name, words, before]
    return name
