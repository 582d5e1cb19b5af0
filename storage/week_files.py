"""A week that errands make: told when it has closed; as a file when it is asked for in a chat, sent there once."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage import errands, file_letters, journal, summaries
from storage.chats import Chat
from storage.identity import Actor
from storage.letters import Letter, LetterState
from storage.summaries import Scope
from storage.tallies import Window
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
    kept = summaries.stored(session, Scope(region), week)
    if kept is not None:
        window, key = Window(kept.window_start, kept.window_end), f"weekly:{week}:{region}:{now.isoformat()}"
        make(session, Scope(region), week, window, key, now)


def make(session: Session, scope: Scope, week: str, window: Window, key: str, now: datetime) -> bool:
    """Let a closed week be made and told; False when that was asked for before."""
    start, end = window.start.isoformat(), window.end.isoformat()
    body = {"scope": str(scope), "week": week, "start": start, "end": end}
    return errands.send_on(session, errands.ANY, "weekly", body, due_at=now, key=key) is not None


def waiting(session: Session, chat: Chat) -> str:
    """The newest week whose text is kept back for a chat; "" for none."""
    kept = select(Letter.key).where(
        Letter.chat_id == chat.id, Letter.state == LetterState.HELD, col(Letter.key).like("weekly:%:text")
    )
    newest = session.exec(kept.order_by(col(Letter.id).desc()).limit(1)).first()
    return newest.split(":")[1] if newest else ""
