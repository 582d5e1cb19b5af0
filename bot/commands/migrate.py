"""`zhucun migrate`: the installation moves to another database."""

import typer

from bot import lock
from bot.commands.progress import progress
from bot.errors import fail
from bot.settings import PREFIX, Settings, load, with_driver
from storage import moving, revisions
from storage.engines import on_postgresql, read_engine, write_engine
from storage.texts import _


def migrate(
    to: str = typer.Option(
        ..., "--to", help=_("新数据库的地址，例如 postgresql://用户:口令@主机/库名；要是空的。")
    ),
) -> None:
    """Move the installation from SQLite to an empty PostgreSQL database, every row compared on arrival. Stop the
    bot first; the old database stays as it is."""
    settings = load()
    try:
        address = with_driver(to)
    except ValueError as error:
        fail(_("设置 {name} 不对：{why}。").format(name="--to", why=error))
    with lock.take(settings.data):
        counts = _moved(settings, address)
    _note(settings, address)
    total = sum(counts.values())
    typer.echo(_("{tables} 张表、{rows} 行都搬到了，逐行核对无误。").format(tables=len(counts), rows=total))
    typer.echo(
        _("新地址已写进 {file}。旧数据库还在原处，不再使用；照片和密钥不动。").format(
            file=settings.data / "zhucun.env"
        )
    )


def _moved(settings: Settings, address: str) -> dict[str, int]:
    source, target = read_engine(settings.database), write_engine(address)
    if on_postgresql(source) or not on_postgresql(target):
        fail(_("只能从 SQLite 搬到 PostgreSQL（postgresql://…）。"))
    if revisions.state(source) != "current":
        fail(_("数据库是旧版本的：请先备份（zhucun backup），再运行 zhucun upgrade。"))
    try:
        with progress(_("搬数据库")) as told:
            return moving.move(source, target, told)
    except moving.NotEmpty:
        fail(_("新数据库不是空的：请给一个空的库。什么都没有写。"))
    except moving.Different as error:
        fail(_("{table} 搬过去后和原来不一样，已全部撤回。请把这句话报给开发者。").format(table=error))
    finally:
        source.dispose()
        target.dispose()


def _note(settings: Settings, address: str) -> None:
    """Keep the new address in the settings file, readable by its owner only: it may hold a password."""
    name, file = f"{PREFIX}DATABASE_URL=", settings.data / "zhucun.env"
    file.touch(mode=0o600)
    kept = [line for line in file.read_text().splitlines() if not line.startswith(name)]
    file.write_text("\n".join([*kept, f"{name}{address}", ""]))
