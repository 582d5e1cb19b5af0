"""Reports as other programs are given them: masked, with their life. Texts may hold tokens of personal numbers, which
whoever sends them masks (storage/private_numbers.py)."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from reports import record
from storage import answers as answering
from storage import clock_runs, history, photos, promises, served, tasks
from storage.clock_rules import NAMES
from storage.forms import HouseholdPick, PersonPick, Photos, TeamPick, Village
from storage.forms.ask import Ask
from storage.identity import Actor
from storage.kinds import KINDS
from storage.known import Known
from storage.photo import Photo
from storage.redact import HIDDEN, redact
from storage.report import Report
from storage.rows import Rows
from storage.showing import Channel
from storage.texts import _, listed

Given = dict[str, Any]
_ELSEWHERE = (Village, HouseholdPick, TeamPick, Photos)
"""Answers that stand beside the others."""


class Giving:
    """Makes them of one session: names that come again are opened once."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor = session, actor
        self._known, self._rows = Known(session, Channel.API), Rows(session, Channel.API, reason=False)

    def rows(self, reports: Sequence[Report]) -> list[Given]:
        """A line of each, in their order."""
        uids = served.household_uids(self.session, (one.household_id for one in reports))
        return [
            {
                "number": one.number, "kind": one.kind, "kind_name": row.kind, "state": one.state,
                "state_name": row.state, "returned": one.returned, "village": one.village,
                "village_name": row.village, "town_name": row.town, "team_id": one.team_id, "team": row.team,
                "author": row.author, "household_uid": uids.get(one.household_id), "head": row.head,
                "happened": row.happened, "sent_at": one.sent_at, "due_at": one.due_at,
                "revision": one.revision, "text": row.text, "photos": row.photos,
            }
            for one, row in zip(reports, self._rows.of(reports), strict=True)
        ]  # fmt: skip

    def cases(self, reports: Sequence[Report]) -> list[Given]:
        """The same with the life of each."""
        return [row | self._life(one) for one, row in zip(reports, self.rows(reports), strict=True)]

    def whole(self, report: Report) -> Given:
        """One of them with all answers and photos."""
        (case,) = self.cases([report])
        return case | {"answers": self._answers(report), "manifest": self.manifest(report)}

    def _life(self, report: Report) -> Given:
        return {
            "life": [
                {
                    "at": one.at, "what": one.what, "step": one.step, "after": one.after,
                    "by": self._known.person(one.by_id), "words": record.event_words(report, one),
                }
                for one in history.events(self.session, report)
            ],
            "clocks": [
                {
                    "clock": one.clock, "name": _(NAMES[one.clock]) if one.clock in NAMES else one.clock,
                    "since": one.since, "due_at": one.due_at, "paused_at": one.paused_at, "stopped_at": one.stopped_at,
                }
                for one in clock_runs.history(self.session, report)
            ],
            "promises": [
                {"number": one.number, "until": one.until, "kept": one.kept, "settled_at": one.settled_at}
                for one in promises.all_of(self.session, report)
            ],
            "tasks": [
                {
                    "number": one.number, "what": redact(one.what, HIDDEN), "lead": one.lead,
                    "support": one.support, "until": [until for _who, until in one.charges],
                }
                for one in tasks.all_of(self.session, report)
            ],
        }  # fmt: skip

    def _answers(self, report: Report) -> list[Given]:
        asks, given = KINDS[report.kind].asks, answering.answers_of(self.session, report)
        return [
            {"name": name, "label": label, "text": self._said(asks[name], given[name], text)}
            for name, label, text in answering.sees(self.session, report, mask=True, answers=given)
            if not isinstance(asks[name], _ELSEWHERE)
        ]

    def _said(self, ask: Ask, value: Any, text: str) -> str:
        return listed(map(self._known.person, value)) if isinstance(ask, PersonPick) else text

    def manifest(self, report: Report) -> list[Given]:
        """Its photos, those too that are not here (any more)."""
        return [
            {
                "uid": one.uid, "question": one.question, "state": one.state, "received_at": one.received_at,
                "sha256": one.sha256, "served_sha256": plain(self.session, one), "bytes": one.length,
                "mime": one.mime, "width": one.width, "height": one.height, "taken_at": one.taken_at,
            }
            for one in photos.of_report(self.session, report)
        ]  # fmt: skip


def plain(session: Session, photo: Photo) -> str | None:
    """The bytes that may be given away: originals that were sent as files may tell where a household lives, so their
    upright copies stand for them."""
    return photos.shown(session, photo)
