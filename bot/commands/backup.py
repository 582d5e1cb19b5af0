"""`zhucun backup`: a safe copy while the bot runs."""

import shutil
from pathlib import Path

import typer

from bot.errors import fail
from bot.settings import load
from storage.backup import copy_database
from storage.texts import _


def backup(folder: Path = typer.Argument(help=_("新的空目录。"))) -> None:
    """Copy database and files into a new FOLDER, consistently, beside a running bot. The key file is never
    copied: keep it (and the recovery sheet) somewhere else."""
    settings = load()
    if folder.exists() and any(folder.iterdir()):
        fail(_("{folder} 不是空目录：请换一个新的目录。").format(folder=folder))
    if settings.database_url is not None or settings.files_url is not None:
        fail(_("数据库或文件不在数据目录里：请用数据库和存储自己的备份工具。"))
    source = settings.data / "zhucun.db"
    if not source.exists():
        fail(_("{folder} 里还没有数据。").format(folder=settings.data))
    folder.mkdir(parents=True, exist_ok=True)
    if not copy_database(source, folder / "zhucun.db"):
        fail(_("备份没有通过完整性检查，请检查磁盘后重试。"))
    # Files after the database: whatever a row names is there, and files are only ever added.
    if (settings.data / "files").exists():
        shutil.copytree(settings.data / "files", folder / "files", dirs_exist_ok=True)
    typer.echo(
        _("已备份到 {folder}。密钥 {keys} 不在里面，请另外妥善保存。").format(
            folder=folder, keys=settings.keys
        )
    )
