"""`zhucun demo`: everything in a browser, without a token and without the internet."""

import sys
from pathlib import Path

import typer

from bot.errors import fail
from storage.refusals import Refusal
from storage.texts import _


def demo(
    port: int = typer.Option(8390, min=0, max=65535, help=_("网页的端口。")),
    browse: bool = typer.Option(True, "--open/--no-open", help=_("是否打开浏览器。")),
    data: Path = typer.Option(Path("zhucun-demo"), help=_("演示的数据目录；下次接着用。")),
    fresh: bool = typer.Option(False, "--fresh", help=_("丢掉上次的演示，从头来。")),
) -> None:
    """Try it: a filled county, phones in the browser, a clock to move. Ends with Ctrl-C; the next time it goes on
    where it was."""
    from bot.demo.show import show  # slow to import, and only needed here

    try:
        show(data, port, fresh, browse, say)
    except Refusal as refusal:
        fail(refusal.sentence)


def say(sentence: str) -> None:
    """Whoever waits for the line `ready …` hears it at once."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()
