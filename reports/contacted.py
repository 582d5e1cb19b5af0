"""How many of the households whose contact was due in a week were seen: a sentence, and what the counts are called."""

from reports.on_time import percent
from storage.contact_share import Contacts
from storage.texts import N_, _

LABELS = {"due": N_("应联系户数"), "seen": N_("其中已联系")}
"""Each field of Contacts, in its order."""


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
