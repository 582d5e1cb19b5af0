"""`zhucun restore`: a backup becomes a data folder again."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot import instance, lock
from bot.clock import system_now
from bot.commands.progress import progress
from bot.commands.room import make_sure_of_room
from bot.errors import fail
from bot.settings import Settings, load, open_files
from storage import backup, restoring
from storage.db import Store
from storage.manifest import DATABASE, Manifest, NoBackup
from storage.sealing import CannotOpen, Keyring
from storage.texts import _

SHOWN = 10
"""Damaged files named at most; the rest is counted."""


def restore(
    folder: Path = typer.Argument(metavar="BACKUP", help=_("zhucun backup 做的备份目录。")),
    data: Path = typer.Option(..., "--data", help=_("新的数据目录，里面还没有数据。")),
    key: Path = typer.Option(None, "--key", help=_("另外保管的密钥文件；会复制到数据目录。")),
    adopt: bool = typer.Option(False, "--adopt", help=_("原来的机器人已经停掉，今后由这里接着做。")),
    without_damaged: bool = typer.Option(
        False, "--without-damaged", help=_("备份里损坏的照片不要了，其余照样恢复。")
    ),
) -> None:
    """Put the BACKUP in place in a new data folder, after checking every hash. Messages that waited when it was
    made are kept for you to release or drop, receipt numbers skip those that may have been told since, and
    administrators hear of the gap once the bot runs."""
    settings = load(data)
    manifest = _manifest(folder)
    _refuse(settings, folder, manifest)
    keys = _keyring(settings, manifest, key)
    damaged = _checked(folder, without_damaged)
    now = system_now()
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock.take(data):
            with progress(_("照片和文件")) as told:
                restoring.place_files(folder, open_files(settings), damaged, told)
            kept = restoring.place_database(folder, data, manifest, now)
            if keys is not None and not settings.keys.exists():
                keys.save(settings.keys)
            if adopt:
                _adopt(settings, now)
    except OSError as error:
        fail(_("写不进 {folder}（{why}）。请检查空间和权限，再运行一次同样的命令。").format(
            folder=data, why=error.strerror or type(error).__name__))  # fmt: skip
    _say(settings, manifest, kept, adopt)


def _manifest(folder: Path) -> Manifest:
    try:
        return Manifest.read(folder)
    except NoBackup:
        fail(
            _("{folder} 不是完整的备份：没有清单 manifest.json，或清单被改过。请换一份备份。").format(
                folder=folder
            )
        )


def _refuse(settings: Settings, folder: Path, manifest: Manifest) -> None:
    data = settings.data
    if settings.database_url is not None:
        fail(_("恢复到数据目录里：请先去掉设置 ZHUCUN_DATABASE_URL。"))
    if data.resolve().is_relative_to(folder.resolve()):
        fail(_("请不要恢复到备份目录里面：备份要留着。请用 --data 换一个目录。"))
    if (data / DATABASE).exists() or (data / instance.FILE).exists():
        fail(_("{folder} 里已经有数据，恢复不会覆盖它。请用 --data 换一个新的目录。").format(folder=data))
    if not backup.upgradable(manifest):
        fail(_("这份备份比程序新：请安装版本 {version} 的程序。").format(version=manifest.version))
    make_sure_of_room(data, (folder / DATABASE).stat().st_size + manifest.bytes)


def _keyring(settings: Settings, manifest: Manifest, key: Path | None) -> Keyring | None:
    """The keys, if they are at hand already, and then only those that open this backup."""
    path = key or settings.keys
    if not path.exists():
        if key is not None:
            fail(_("没有密钥文件 {file}。").format(file=key))
        return None
    try:
        keys = Keyring.load(path)
        backup.opens(manifest, keys)
    except (CannotOpen, ValueError, KeyError, TypeError):
        fail(
            _("密钥文件 {file} 打不开这份备份。请用备份时的密钥（或按恢复单重写），再恢复。").format(
                file=path
            )
        )
    return keys


def _checked(folder: Path, without_damaged: bool) -> list[str]:
    """The files to leave out. A damaged database or, unless somebody says so, file is refused."""
    try:
        with progress(_("核对")) as told:
            damaged = list(backup.faults(folder, told))
    except NoBackup:
        fail(_("{folder} 的 SHA256SUMS 不对。请换一份备份。").format(folder=folder))
    if DATABASE in damaged:
        fail(_("备份里的数据库已损坏，不能恢复。请换一份备份。"))
    if damaged and not without_damaged:
        fail(
            _(
                "备份里有 {count} 个文件缺少或损坏：{names}。请换一份备份；或加 --without-damaged，不要这些。"
            ).format(count=len(damaged), names=", ".join(damaged[:SHOWN]))
        )
    return damaged


def _adopt(settings: Settings, now: datetime) -> None:
    store = Store(settings.database, Keyring.new())  # nothing is sealed or opened
    instance.adopt(store, settings.data, now)
    store.close()


def _say(settings: Settings, manifest: Manifest, kept: int, adopted: bool) -> None:
    since = f"{manifest.made_at.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M}"
    typer.echo(
        _("已恢复到 {folder}：数据到 {since} 为止，之后的不在里面。").format(
            folder=settings.data, since=since
        )
    )
    if kept:
        typer.echo(
            _(
                "备份时还没发出的消息 {count} 条先留着：用 zhucun letters restored 查看，再决定发不发。"
            ).format(count=kept)
        )
    typer.echo(_("今天的编号已经跳号，不会重复。"))
    if not settings.keys.exists():
        typer.echo(_("请把密钥文件放到 {file}，没有它打不开。").format(file=settings.keys))
    if settings.token is None:
        typer.echo(_("令牌不在备份里：请运行 zhucun init，或设置 ZHUCUN_TOKEN。"))
    if not adopted:
        typer.echo(_("确认原来的机器人已经停掉，然后运行 zhucun run --adopt。"))
