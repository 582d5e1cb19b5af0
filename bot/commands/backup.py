"""`zhucun backup`: a safe copy while the bot runs."""

from pathlib import Path

import typer
from sqlalchemy.exc import OperationalError

from bot.clock import system_now
from bot.commands.progress import progress
from bot.commands.room import make_sure_of_room
from bot.errors import fail
from bot.settings import Settings, load, open_files
from bot.version import VERSION
from storage import journal, revisions, snapshot
from storage.backup import Backup
from storage.db import Store
from storage.manifest import Manifest
from storage.sealing import Keyring
from storage.texts import _

LOOK = 1
"""Exit code: the backup is made, but somebody should look at what was missing before."""


def backup(folder: Path = typer.Argument(help=_("新的空目录。"))) -> None:
    """Copy database and files into a new FOLDER, consistently, beside a running bot, with a manifest of hashes.
    The key file is never copied: keep it (and the recovery sheet) somewhere else."""
    settings = load()
    keys = Keyring.load(settings.keys) if settings.keys.exists() else None
    _refuse(settings, folder)
    made = Backup(settings.database, open_files(settings), folder, system_now(), VERSION, keys)
    try:
        make_sure_of_room(folder, made.room())
        _journal(settings, keys)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with progress(_("数据库")) as told:
            made.copy_database(told)
        with progress(_("照片和文件")) as told:
            made.copy_files(told)
        _say(made.finish(), folder, settings)
    except snapshot.Damaged:
        fail(_("备份没有通过完整性检查，请检查磁盘后重试。"))
    except OSError as error:
        fail(_("写不进 {folder}（{why}）。这份备份没有做完，请删掉它，换一个目录重试。").format(
            folder=folder, why=error.strerror or type(error).__name__))  # fmt: skip


def _refuse(settings: Settings, folder: Path) -> None:
    try:
        snapshot.size(settings.database)
    except snapshot.NoCopy:
        fail(
            _("数据库连不上，或不是这个版本的。请检查 ZHUCUN_DATABASE_URL；升级前的备份请用旧版本的程序做。")
        )
    except FileNotFoundError:
        fail(_("{folder} 里还没有数据。").format(folder=settings.data))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail(_("{folder} 不是空目录：请换一个新的目录。").format(folder=folder))
    if folder.resolve().is_relative_to(settings.data.resolve()):
        fail(_("备份不要放在数据目录里：请换一个目录，最好在另一块硬盘上。"))


def _journal(settings: Settings, keys: Keyring | None) -> None:
    """Who copies the data is written down, in the copy too; a database that cannot be written or is of an older
    version wants its backup all the more."""
    if keys is None:
        return
    store = Store(settings.database, keys)
    try:
        if revisions.state(store.write) == "current":
            with store.writing() as session:
                journal.write(session, None, "backup", "installation", system_now())
    except OperationalError:
        typer.echo(_("数据库现在写不进去，这次备份没有记入日志。"), err=True)
    finally:
        store.close()


def _say(manifest: Manifest, folder: Path, settings: Settings) -> None:
    typer.echo(
        _("已备份到 {folder}：数据库和 {files} 个文件，{megabytes} MB。").format(
            folder=folder, files=manifest.files, megabytes=-(-manifest.bytes // 2**20)
        )
    )
    typer.echo(_("密钥 {keys} 不在里面，没有它这份备份打不开：请另外妥善保存。").format(keys=settings.keys))
    if manifest.missing or manifest.damaged:
        typer.echo(
            _("有 {missing} 个文件原来就缺少，{damaged} 个原来就已损坏，编号记在 manifest.json 里。").format(
                missing=len(manifest.missing), damaged=len(manifest.damaged)
            ),
            err=True,
        )
        raise typer.Exit(LOOK)
