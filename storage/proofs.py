"""Photo by photo: which picture after mending belongs to which picture of the problem.

They are matched by the order in which they were sent; a later completion takes the place of an earlier one for as
many as it brought. What was not photographed again stays without.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from storage import photos
from storage.photo import Photo, PhotoState
from storage.report import Report
from storage.texts import _, listed

BEFORE, AFTER = "before", "after"
"""The questions that the photos answer."""


@dataclass(frozen=True)
class Match:
    """A picture of the problem, and the one that shows it mended; None: not yet."""

    number: int
    before: Photo
    after: Photo | None


def matches(session: Session, report: Report) -> list[Match]:
    """One for each picture of the problem, those still on their way too."""
    shown = [one for one in photos.of_report(session, report) if one.state in _COUNTED]
    befores = [one for one in shown if one.question == BEFORE]
    found: dict[int, Photo] = {}
    for _step, proofs in groupby(_afters(shown), key=lambda one: one.step_id):
        found |= dict(enumerate(proofs))
    return [Match(place + 1, one, found.get(place)) for place, one in enumerate(befores)]


_COUNTED = (PhotoState.WAITING, PhotoState.KEPT)


def _afters(shown: Iterable[Photo]) -> list[Photo]:
    """Of the steps in their order, within a step as they were sent."""
    return sorted(
        (one for one in shown if one.question == AFTER), key=lambda one: (one.step_id or 0, one.id or 0)
    )


def lines(session: Session, report: Report) -> list[str]:
    """How many of the pictures are matched, and which are not; nothing before there is any proof."""
    found = matches(session, report)
    missing = [one.number for one in found if one.after is None]
    if not found or len(missing) == len(found):
        return []
    said = _("照片对照：{count} 对").format(count=len(found) - len(missing))
    if not missing:
        return [said]
    numbers = listed(_("第 {number} 张").format(number=one) for one in missing)
    return [_("{said}，{numbers}还没有整改后照片").format(said=said, numbers=numbers)]


def wanted(session: Session, report: Report) -> list[str]:
    """For whoever is to send the proof: how many pictures, in which order."""
    count = len(matches(session, report))
    if not count:
        return []
    if count == 1:
        return [_("整改前照片 1 张：请在同一个地方拍 1 张。")]
    return [
        _("整改前照片 {count} 张：请照同样的顺序、在同样的地方各拍一张，会逐张对照。").format(count=count)
    ]
