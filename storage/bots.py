"""The bots of this installation, noted when they start, so that links can be made without asking Telegram."""

from sqlalchemy import BigInteger
from sqlmodel import Field, Session, SQLModel, col, select


class Bot(SQLModel, table=True):
    """`id` is Telegram's id of the bot, `username` its name without the @; `console` the address at which its people
    find the console, None where there is none."""

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    username: str
    console: str | None = None


def remember(session: Session, bot: int, username: str) -> None:
    """Note a bot's present name (getMe at start)."""
    row = session.get(Bot, bot)
    if row is None:
        session.add(Bot(id=bot, username=username))
    elif row.username != username:
        row.username = username
    session.flush()


def open_console(session: Session, bot: int, address: str | None) -> None:
    """Note where the console is by now."""
    row = session.get(Bot, bot)
    if row is not None and row.console != address:
        row.console = address
        session.flush()


def console(session: Session, bot: int) -> str | None:
    row = session.get(Bot, bot)
    return row.console if row else None


def known(session: Session) -> list[Bot]:
    return list(session.exec(select(Bot).order_by(col(Bot.id))))


def username(session: Session, bot: int | None = None) -> str | None:
    """The name of that bot; without one, of the only bot (or the first). None when none has ever run."""
    if bot is not None:
        row = session.get(Bot, bot)
        return row.username if row else None
    rows = known(session)
    return rows[0].username if rows else None
