"""The demo from its first word to Ctrl-C."""

import signal
import socket
import subprocess
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from bot.clock import system_now
from bot.demo import folder as place
from bot.demo import plan
from bot.demo.control import Control, SilentError
from bot.demo.filling import fill
from bot.demo.plan import Days
from bot.demo.processes import HOST, Bot, DiedError, sandbox
from storage.refusals import Refusal
from storage.texts import _

SHORT = 5.0
"""Seconds: a bot that ran no longer than this is not started again."""

Say = Callable[[str], None]


def show(folder: Path, port: int, fresh: bool, browse: bool, say: Say) -> None:
    """Run the demo until it is interrupted. Raises Refusal with what to do."""
    folder = folder.absolute()
    _free(port)
    try:
        with place.held(folder), _interruptible():
            if fresh or not (folder / place.MADE).exists():
                place.clear(folder)
            _run(folder, port, browse, say)
    except DiedError as error:
        raise Refusal(_("演示停了，原因见 {log}。请再试一次。").format(log=error.log)) from error
    except SilentError as error:
        log = folder / place.BOT_LOG
        raise Refusal(_("机器人没有按时回答，原因见 {log}。请再试一次。").format(log=log)) from error


def _run(folder: Path, port: int, browse: bool, say: Say) -> None:
    days = plan.days_of(system_now())
    with sandbox(folder, port, days.begins.isoformat()) as (server, url):
        bot = Bot(folder, url)
        try:
            _open(folder, days, Control(url), bot, say)
            say(f"ready {url}")
            if browse:
                webbrowser.open(url)
            _watch(server, bot, say)
        finally:
            bot.stop()
    raise DiedError(folder / place.SANDBOX_LOG)


def _free(port: int) -> None:
    """Raises Refusal when somebody else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            raise Refusal(
                _(
                    "端口 {port} 用不了，多半已被占用（可能演示已在运行）。请换一个，例如 --port {other}。"
                ).format(port=port, other=8391 if port == 8390 else 8390)
            ) from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """Both ways to be ended become one; while the processes are being ended, neither disturbs."""

    def interrupt(_number: int, _frame: Any) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {one: signal.signal(one, interrupt) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _open(folder: Path, days: Days, control: Control, bot: Bot, say: Say) -> None:
    """The first time the county is filled and its week closes; later everything is as it was left."""
    if (folder / place.MADE).exists():
        bot.start()
        return
    say(_("正在准备演示：武清区的镇村是真的，人、户和报告都是编的，照片是画的……"))
    fill(folder / place.BOT, days, control, bot, say)
    (folder / place.MADE).touch()


def _watch(server: subprocess.Popen[str], bot: Bot, say: Say) -> None:
    """Stay as long as the sandbox runs; a bot that ends is started again, which loses nothing. Raises DiedError
    when that does not help."""
    since = monotonic()
    while server.poll() is None:
        if not bot.ended(0.5):
            continue
        if monotonic() - since < SHORT:
            raise DiedError(bot.log)
        say(_("机器人停了，正在重新启动，收到的消息都在……"))
        since = monotonic()
        bot.start()
        say(_("机器人又在了。"))
