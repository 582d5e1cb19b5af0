"""`zhucun status`: one look at the installation."""

import shutil

import typer

from bot.settings import load, open_store
from bot.version import VERSION
from storage import arrivals, bots, errands, journal, letters, listing
from storage.arrivals import ArrivalState
from storage.errands import ErrandState
from storage.letters import LetterState
from storage.texts import _


def status() -> None:
    """What is here, what waits, what is parked. Exit code 1 when something needs a person."""
    settings = load()
    with open_store(settings).reading() as session:
        parked = (
            arrivals.count(session, ArrivalState.PARKED),
            letters.count(session, LetterState.PARKED),
            errands.count(session, ErrandState.PARKED),
        )
        undecided = letters.count(session, LetterState.RESTORED)
        names = ", ".join(f"@{one.username}" for one in bots.known(session)) or _("还没有运行过")
        lines = [
            (_("版本"), VERSION),
            (_("机器人"), names),
            (_("数据目录"), _("{folder}，剩余 {free} GB").format(
                folder=settings.data.resolve(), free=round(shutil.disk_usage(settings.data).free / 1e9, 1))),
            (_("人员 / 村 / 报告"), " / ".join(str(n) for n in listing.sizes(session))),
            (_("等待处理的消息"), str(arrivals.count(session, ArrivalState.WAITING))),
            (_("等待发送"), str(letters.count(session, LetterState.WAITING))),
            (_("暂不能送达"), str(letters.count(session, LetterState.HELD))),
            (_("恢复后待定"), str(undecided)),
            (_("后台任务"), str(errands.count(session, ErrandState.WAITING))),
            (_("需要人看：消息 / 信件 / 任务"), " / ".join(map(str, parked))),
            (_("日志链首"), journal.head(session) or "—"),
        ]  # fmt: skip
    for name, value in lines:
        typer.echo(f"{name}: {value}")
    if any(parked):
        typer.echo(_("请运行 zhucun arrivals list 和 zhucun letters list 查看。"))
    if undecided:
        typer.echo(_("恢复后有消息待定：请运行 zhucun letters restored 查看。"))
    if any(parked) or undecided:
        raise typer.Exit(1)
