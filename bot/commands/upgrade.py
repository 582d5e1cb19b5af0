"""`zhucun upgrade`: bring the database to this version's schema."""

import typer

from bot import lock
from bot.errors import fail
from bot.settings import load
from storage import migrate, revisions
from storage.engines import write_engine
from storage.texts import _


def upgrade() -> None:
    """Bring the database to this version's schema. Make a backup first; stop the bot meanwhile."""
    settings = load()
    settings.data.mkdir(parents=True, exist_ok=True)
    with lock.take(settings.data):
        engine = write_engine(settings.database)
        if revisions.state(engine) == "ahead":
            fail(_("数据库比程序新：请安装新版本的程序。"))
        migrate.upgrade(engine)
        engine.dispose()
    typer.echo(_("数据库已是最新版本。"))
