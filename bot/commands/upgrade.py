"""`zhucun upgrade`: bring the database to this version's schema."""

import typer

from bot.settings import load
from storage import migrate
from storage.engines import write_engine
from storage.texts import _


def upgrade() -> None:
    """Bring the database to this version's schema. Make a backup first; stop the bot meanwhile."""
    engine = write_engine(load().database)
    migrate.upgrade(engine)
    engine.dispose()
    typer.echo(_("数据库已是最新版本。"))
