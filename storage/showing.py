"""How much of a person a reader sees: the one place that decides it, and renders it.

By whom it is of, by the channel it goes through, whether the person is in the reader's own charge, and whether a
reason was given that the caller journals. What is not declared is not shown.
"""

from enum import IntEnum, StrEnum

from storage import names
from storage.redact import Secret
from storage.texts import _


class Degree(IntEnum):
    """From nothing to everything."""

    NOTHING = 0
    INITIALS = 1
    """李某"""
    MASKED = 2
    """李*民, 1201**********1234"""
    FULL = 3


class Of(StrEnum):
    """Whom it is of."""

    HEAD = "head"
    """Somebody of a household."""
    COLLEAGUE = "colleague"
    """Somebody at work: posted in a team or office."""
    NUMBER = "number"
    """An ID, phone or card number of anybody."""


class Channel(StrEnum):
    """Where it is shown."""

    CARD = "card"
    """One record, opened in a private chat by whoever may see it."""
    LIST = "list"
    """Many at once in a private chat."""
    LETTER = "letter"
    """Told unasked in a private chat; may be forwarded."""
    REFERRAL = "referral"
    """Before an officer of a department, who has no charge of the household: enough to speak of it."""
    GROUP = "group"
    """Who owes, where policy mode lets a group hear it; otherwise groups are told nobody's name."""
    SUMMARY = "summary"
    """Digests and weekly summaries, wherever they go."""
    NOTICE = "notice"
    """Put up in the village."""
    DOOR = "door"
    """Printed on the contact card at a household's own door: the cadre is to be known there."""
    PICTURE = "picture"
    """Drawn into a photo or a page of photos."""
    LINK = "link"
    """Before somebody who followed a link, and may be anybody."""
    FILE = "file"
    """Exports and packs of evidence, and the lists of people and households."""
    PAGE = "page"
    """The console's pages."""
    API = "api"
    """What other programs are given; no reason opens it."""
    COMMAND = "command"
    """Reports on the command line of the server: who reported is part of the record."""


_NOTHING, _INITIALS, _MASKED, _FULL = Degree
_TABLE: dict[tuple[Of, Channel], Degree] = {
    (Of.HEAD, Channel.CARD): _FULL,
    (Of.HEAD, Channel.LIST): _MASKED,
    (Of.HEAD, Channel.LETTER): _MASKED,
    (Of.HEAD, Channel.REFERRAL): _INITIALS,
    (Of.HEAD, Channel.NOTICE): _MASKED,
    (Of.HEAD, Channel.DOOR): _MASKED,
    (Of.HEAD, Channel.FILE): _MASKED,
    (Of.COLLEAGUE, Channel.CARD): _FULL,
    (Of.COLLEAGUE, Channel.LIST): _FULL,
    (Of.COLLEAGUE, Channel.LETTER): _FULL,
    (Of.COLLEAGUE, Channel.GROUP): _INITIALS,
    (Of.COLLEAGUE, Channel.DOOR): _FULL,
    (Of.COLLEAGUE, Channel.PICTURE): _MASKED,
    (Of.COLLEAGUE, Channel.LINK): _MASKED,
    (Of.COLLEAGUE, Channel.FILE): _MASKED,
    (Of.HEAD, Channel.PAGE): _MASKED,
    (Of.COLLEAGUE, Channel.PAGE): _FULL,
    (Of.NUMBER, Channel.PAGE): _MASKED,
    (Of.HEAD, Channel.API): _MASKED,
    (Of.COLLEAGUE, Channel.API): _MASKED,
    (Of.NUMBER, Channel.API): _MASKED,
    (Of.HEAD, Channel.COMMAND): _MASKED,
    (Of.COLLEAGUE, Channel.COMMAND): _FULL,
    (Of.NUMBER, Channel.COMMAND): _MASKED,
    (Of.NUMBER, Channel.CARD): _MASKED,
    (Of.NUMBER, Channel.LETTER): _MASKED,
    (Of.NUMBER, Channel.FILE): _MASKED,
}
_OWN = {(Of.HEAD, Channel.LIST)}
"""Shown in full to those in whose charge the person is: the team of the village."""
_WITH_REASON = {
    (Of.HEAD, Channel.REFERRAL),
    (Of.HEAD, Channel.FILE),
    (Of.HEAD, Channel.PAGE),
    (Of.NUMBER, Channel.PAGE),
    (Of.HEAD, Channel.COMMAND),
    (Of.NUMBER, Channel.COMMAND),
    (Of.COLLEAGUE, Channel.FILE),
    (Of.NUMBER, Channel.CARD),
    (Of.NUMBER, Channel.FILE),
}
"""Shown in full when a reason was given. Groups, summaries, notices and pictures have no reason that opens them."""


def degree(of: Of, channel: Channel, *, own: bool = False, reason: bool = False) -> Degree:
    """How much is shown. `own`: the reader's postings have the person in their charge; `reason`: one was given, and
    the caller journals the reading."""
    place = (of, channel)
    if (own and place in _OWN) or (reason and place in _WITH_REASON):
        return Degree.FULL
    return _TABLE.get(place, Degree.NOTHING)


def name(whole: str, shown: Degree) -> str:
    """A person's name; empty for NOTHING."""
    if shown is Degree.NOTHING or not whole:
        return ""
    if shown is Degree.INITIALS:
        return _("{surname}某").format(surname=names.surname(whole))
    return whole if shown is Degree.FULL else names.masked(whole)


def number(kind: Secret, whole: str, shown: Degree) -> str:
    """A personal number. Initials of a number are nothing."""
    if shown < Degree.MASKED:
        return ""
    return whole if shown is Degree.FULL else names.mask_number(kind, whole)
