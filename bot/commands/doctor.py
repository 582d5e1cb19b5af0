"""`zhucun doctor`: looks at everything an installation needs, and says what to do about what is wrong."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import typer

from bot.clock import system_now
from bot.outcomes import BotDownError, WireError
from bot.settings import Settings, load, open_files
from storage import confining, keyhole, pulse, revisions
from storage.db import Store
from storage.sealing import Keyring
from storage.texts import _

LITTLE, LEAST = 5_000_000_000, 500_000_000
"""Bytes left on the disk: soon too few, and too few to write safely."""
OFF = timedelta(seconds=60)
"""By how much a clock may differ from Telegram's."""

_SIGN = "村"  # not for people: a sign that is measured


@dataclass(frozen=True)
class Finding:
    """`level`: 0 well, 1 worth a look, 2 wrong. `do` says what to do."""

    name: str
    said: str
    level: int = 0
    do: str = ""

    def __str__(self) -> str:
        line = f"{'✓!✗'[self.level]} {self.name}: {self.said}"
        return f"{line}\n  → {self.do}" if self.do else line


def doctor(
    network: bool = typer.Option(True, "--network/--no-network", help=_("是否连 Telegram 核对令牌和时钟。")),
) -> None:
    """Look at settings, token, clock, disk, database, keys, files and fonts. Exit code 1 when something is wrong."""
    settings, now = load(), system_now()
    worst = 0
    for look in _looks(settings, now, network=network):
        for finding in _safely(look):
            worst = max(worst, finding.level)
            typer.echo(str(finding))
    raise typer.Exit(1 if worst == 2 else 0)


Look = Callable[[], Iterator[Finding]]


def _looks(settings: Settings, now: datetime, *, network: bool) -> Iterator[Look]:
    yield lambda: _folder(settings)
    yield lambda: _disk(settings)
    yield lambda: _database(settings, now)
    yield lambda: _files(settings)
    yield _fonts
    yield lambda: _token(settings, network=network)


def _safely(look: Look) -> Iterator[Finding]:
    """What a look finds; one that breaks is a finding too."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 - a doctor names every trouble and goes on
        yield Finding(type(error).__name__, _("没法检查"), 2, _("请把这一行告诉维护的人。"))


def _folder(settings: Settings) -> Iterator[Finding]:
    name, folder = _("数据目录"), settings.data.resolve()
    if not folder.is_dir():
        yield Finding(
            name, _("没有 {folder}").format(folder=folder), 2, _("请先运行 zhucun init，或检查 ZHUCUN_DATA。")
        )
        return
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        said = _("{folder} 写不进：{why}").format(folder=folder, why=error.strerror)
        yield Finding(name, said, 2, _("请检查目录的权限和所有者。"))
        return
    yield Finding(name, str(folder))
    if settings.keys.exists() and os.name == "posix" and settings.keys.stat().st_mode & 0o077:
        yield Finding(_("密钥文件"), _("别的账号也读得到"), 1, f"chmod 600 {settings.keys}")


def _disk(settings: Settings) -> Iterator[Finding]:
    if not settings.data.is_dir():
        return
    free = shutil.disk_usage(settings.data).free
    said = _("剩余 {free} GB").format(free=round(free / 1e9, 1))
    level = 2 if free < LEAST else 1 if free < LITTLE else 0
    yield Finding(_("磁盘"), said, level, _("请清理磁盘，或换大一些的。") if level else "")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    name = _("数据库")
    if settings.database_url is None and not (settings.data / "zhucun.db").exists():
        yield Finding(name, _("还没有"), 2, _("请先运行 zhucun init。"))
        return
    try:
        ring = Keyring.load(settings.keys)
    except (OSError, ValueError, KeyError, TypeError):
        said = _("读不出 {file}").format(file=settings.keys)
        yield Finding(_("密钥文件"), said, 2, _("请把备份的密钥放回原处，或按恢复单重写。"))
        return
    store = Store(settings.database, ring)
    try:
        yield from _schema(store, name)
        yield from _refusing(store)
        yield from _waiting(store, now)
    finally:
        store.close()


def _schema(store: Store, name: str) -> Iterator[Finding]:
    state = revisions.state(store.read)
    todo = {
        "new": _("请先运行 zhucun init。"),
        "behind": _("请先备份（zhucun backup），再运行 zhucun upgrade。"),
        "ahead": _("请安装新版本的程序。"),
    }
    said = (
        _("版本 {revision}").format(revision=revisions.head())
        if state == "current"
        else _("版本不对：{state}")
    )
    yield Finding(name, said.format(state=state), 2 if state in todo else 0, todo.get(state, ""))
    if state == "current":
        well = keyhole.opens(store)
        said = _("打得开") if well else _("打不开这里的数据")
        yield Finding(
            _("密钥"), said, 0 if well else 2, "" if well else _("请把原来的密钥放回原处，或按恢复单重写。")
        )


def _refusing(store: Store) -> Iterator[Finding]:
    """Whether PostgreSQL itself keeps the console and other programs inside their territory."""
    if not store.shared or revisions.state(store.read) != "current":
        return
    with store.reading() as session:
        well = confining.possible(session)
    said = _("数据库也会拒绝") if well else _("只靠程序把关")
    todo = _("请让数据库管理员按“运行维护”里 PostgreSQL 一节建 {role} 角色。").format(role=confining.ROLE)
    yield Finding(_("看不该看的"), said, 0 if well else 1, "" if well else todo)


def _waiting(store: Store, now: datetime) -> Iterator[Finding]:
    if revisions.state(store.read) != "current":
        return
    with store.reading() as session:
        found = pulse.pulse(session, now)
    counts = {name: count for name, (count, _age) in found.waiting.items()}
    said = _("消息 {arrivals}，信件 {letters}，后台任务 {errands}").format(**counts)
    todo = _("机器人没在运行，或卡住了：请看它的日志，确认 zhucun run 在运行。")
    yield Finding(_("等待处理"), said, 2 if found.late else 0, todo if found.late else "")
    parked = sum(found.parked.values())
    todo = _("请运行 zhucun arrivals list、zhucun letters list、zhucun errands list 看看，再 retry。")
    yield Finding(_("放在一边"), str(parked), 1 if parked else 0, todo if parked else "")


def _files(settings: Settings) -> Iterator[Finding]:
    if not settings.data.is_dir():
        return
    name, probe = _("照片存放处"), b"zhucun doctor"
    try:
        files = open_files(settings)
        sha = files.keep(probe)
        well = files.read(sha) == probe
        files.delete(sha)
    except Exception as error:  # noqa: BLE001 - a bucket fails in ways of its own
        todo = _("请检查目录的权限，或 ZHUCUN_FILES_URL 和访问它的密钥。")
        yield Finding(name, _("用不了（{why}）").format(why=type(error).__name__), 2, todo)
        return
    yield Finding(name, _("能写能读") if well else _("读回来的不一样"), 0 if well else 2)


def _fonts() -> Iterator[Finding]:
    from PIL import ImageFont

    from reports.fonts import REGULAR

    try:
        well = (
            ImageFont.truetype(str(REGULAR), 20).getlength(_SIGN) > 0
        )  # not for people: a sign that is measured
    except OSError:
        well = False
    todo = "" if well else _("程序不完整，请重新安装。")
    yield Finding(_("字体"), _("中文能显示") if well else _("缺少中文字体"), 0 if well else 2, todo)


def _token(settings: Settings, *, network: bool) -> Iterator[Finding]:
    name = _("令牌")
    if settings.token is None:
        yield Finding(name, _("还没有"), 2, _("请运行 zhucun init，或设置 ZHUCUN_TOKEN。"))
    elif network:
        yield from asyncio.run(_asked(settings))
    else:
        yield Finding(name, _("有，没有连 Telegram 核对"))


async def _asked(settings: Settings) -> list[Finding]:
    """What Telegram says of the token, and its clock beside ours."""
    from bot.wire import Wire

    name, dates = _("令牌"), list[datetime]()
    wire = Wire(settings.secret, settings.api_url, settings.proxy, dates.append)
    await wire.open()
    try:
        _number, username = await wire.me()
    except BotDownError:
        return [Finding(name, _("Telegram 不认识"), 2, _("请从 BotFather 重新复制，再运行 zhucun init。"))]
    except WireError:
        said = _("连不上 {address}").format(address=settings.api_url)
        return [Finding(name, said, 2, _("请检查网络，或设置 ZHUCUN_PROXY / ZHUCUN_API_URL。"))]
    finally:
        await wire.close()
    return [Finding(name, f"@{username}"), *(_clock(one) for one in dates[-1:])]


def _clock(theirs: datetime) -> Finding:
    off = abs(system_now() - theirs)
    said = _("和 Telegram 相差 {seconds} 秒").format(seconds=int(off.total_seconds()))
    todo = _("请校准服务器时间（例如打开 NTP 自动对时）。")
    return Finding(_("时钟"), said, 2 if off > OFF else 0, todo if off > OFF else "")
