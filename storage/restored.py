"""What a restore changes in the database it brings back: time has passed since the backup, and what happened then
is lost here but not in the world.

Letters that waited may have been sent, receipt numbers may have been told, and people may have heard nothing of
the loss. So the letters are kept for a person to decide on, numbers are skipped, and the gap is noted for
administrators to hear of.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage import county, journal, numbers
from storage.chats import Chat
from storage.claiming import DOUBT
from storage.installation import Gap
from storage.kinds import KINDS
from storage.letters import Letter, LetterState

SKIPPED = 10_000
"""Numbers of each kind and day that are never given out after a restore, and one more for each second of the gap:
a backup may be restored twice, and what was told after the first time must not be told again."""
_UNSENT = (LetterState.WAITING, LetterState.SENDING, LetterState.HELD)


def bring_back(session: Session, since: datetime, now: datetime) -> int:
    """Make the data of a backup of `since` fit to go on at `now`. How many letters are kept back."""
    until = max(since, now)
    session.exec(delete(Letter).where(col(Letter.state).in_(_UNSENT), col(Letter.expires_at).is_not(None)))
    unsent = update(Letter).where(col(Letter.state).in_(_UNSENT)).values(state=LetterState.RESTORED)
    kept = session.exec(unsent).rowcount
    of_the_day = int(min(until - since, timedelta(days=1)).total_seconds())
    today = county.today(session, until)
    numbers.skip(session, [kind.prefix for kind in KINDS.values()], today, SKIPPED + of_the_day)
    session.add(Gap(since=since, until=until))
    journal.write(
        session, None, "restore", "installation", now, backup_of=since.isoformat(), letters=str(kept)
    )
    return kept


def letters(session: Session) -> list[tuple[Letter, Chat]]:
    """Those that wait for a decision, with their chats, oldest first."""
    found = select(Letter, Chat).join(Chat, col(Chat.id) == Letter.chat_id)
    return list(session.exec(found.where(Letter.state == LetterState.RESTORED).order_by(col(Letter.id))))


def release(session: Session, ids: Iterable[int], now: datetime) -> int:
    """Let those be sent, as what may have arrived already; those of a chat that cannot be reached wait until it
    can. How many."""
    chosen = _chosen(session, ids)
    for letter, chat in chosen:
        letter.state = LetterState.HELD if chat.unreachable_since else LetterState.WAITING
        letter.error, letter.attempts, letter.not_before = DOUBT, 0, None
    return _decided(session, "letters.release", len(chosen), now)


def drop(session: Session, ids: Iterable[int], now: datetime) -> int:
    """Never send those. They stay as rows, so that a summary with a key is not said anew. How many."""
    chosen = _chosen(session, ids)
    for letter, _chat in chosen:
        letter.state, letter.expires_at = LetterState.EXPIRED, now
    return _decided(session, "letters.drop", len(chosen), now)


def _chosen(session: Session, ids: Iterable[int]) -> list[tuple[Letter, Chat]]:
    wanted = set(ids)
    return [(letter, chat) for letter, chat in letters(session) if letter.id in wanted]


def _decided(session: Session, action: str, count: int, now: datetime) -> int:
    if count:
        journal.write(session, None, action, "installation", now, letters=str(count))
    return count
