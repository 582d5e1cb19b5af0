"""How many of the households whose contact was due in a week were seen: a sentence, what the counts are called, and how
one household is told."""

from collections.abc import Sequence
from datetime import date

from reports.on_time import percent
from storage.contact_due import OTHER, OUT, WATCHED
from storage.contact_homes import Home
from storage.contact_share import Contacts
from storage.texts import N_, _

LABELS = {"due": N_("应联系户数"), "seen": N_("其中已联系")}
"""Each field of Contacts, in its order."""
DUE = "due"
"""The figure that leads to households and not to records."""
CADENCES = {WATCHED: N_("监测户"), OUT: N_("脱贫户"), OTHER: N_("其他户")}
"""Households by how often they are seen."""


def sentence(now: Contacts) -> str:
    """Seen ÷ due; nothing where nothing was due."""
    if now.share is None:
        return ""
    return _("联系户：应联系 {due} 户，已联系 {seen} 户（{rate}）").format(
        **vars(now), rate=percent(now.share)
    )


def official(when: str, now: Contacts) -> str:
    """The same for a brief; "" where nothing was due."""
    if now.share is None:
        return ""
    said = _("{when}应联系{due}户，已联系{seen}户，联系率{rate}。")
    return said.format(when=when, **vars(now), rate=percent(now.share))


def sources(now: Contacts) -> tuple[tuple[str, int], ...]:
    """The counts of it by their names."""
    return tuple((label, getattr(now, key)) for key, label in LABELS.items())


def count(homes: Sequence[Home]) -> str:
    """How many of a list there are, and how many of them were not seen."""
    open_ = sum(not one.seen for one in homes)
    return _("共 {count} 户，还没有联系 {open} 户").format(count=len(homes), open=open_)


def state(home: Home, today: date) -> str:
    """Seen, or not, or past its day."""
    if home.seen:
        return _("已联系")
    return _("已过期") if home.due < today else _("未联系")
