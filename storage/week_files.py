"""A week as a file: asked for in a chat, written by an errand, sent there once."""

from datetime import datetime

from sqlmodel import Session

from storage import errands, file_letters, journal, summaries
from storage.chats import Chat
from storage.identity import Actor
from storage.summaries import Scope
from storage.texts import language


def ask(
    session: Session, actor: Actor, chat: Chat, what: str, scope: Scope, week: str, now: datetime
) -> None:
    """Somebody who may read the week wants it as a file. Journaled; pressing again within the minute makes nothing
    twice."""
    body = {"what": what, "scope": str(scope), "week": week, "chat": chat.id, "language": language()}
    key = f"week_file:{what}:{chat.id}:{scope}:{week}:{now:%Y%m%d%H%M}"
    if errands.send_on(session, chat.bot, "week_file", body, due_at=now, key=key) is not None:
        journal.write(session, actor.person_id, "summary.export", f"summary:{scope}:{week}", now, what=what)


def send(session: Session, chat_id: int, sha: str, name: str, errand_id: int, now: datetime) -> None:
    """The file, once for an errand."""
    file_letters.send(session, chat_id, sha, name, now=now, key=f"week_file:{errand_id}")


def announce(session: Session, region: str, week: str, now: datetime) -> None:
    """A summary that was held is told after all, as it was counted at its close; before the close there is nothing to
    do yet. Telling it twice tells nobody twice."""
    scope = Scope(region)
    kept = summaries.stored(session, scope, week)
    if kept is None:
        return
    body = {
        "scope": region,
        "week": week,
        "start": kept.window_start.isoformat(),
        "end": kept.window_end.isoformat(),
    }
    errands.send_on(session, 0, "weekly", body, due_at=now, key=f"weekly:{week}:{scope}:{now.isoformat()}")
