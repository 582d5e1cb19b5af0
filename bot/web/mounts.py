"""What is answered beside updates, each under the path of its address: the console, and the API."""

from collections.abc import Callable
from datetime import datetime

from starlette.routing import Mount

from bot.pen import Pen
from bot.settings import Settings
from storage.files import Files


def mounts(
    settings: Settings,
    pen: Pen,
    files: Files,
    now: Callable[[], datetime],
    bot: int,
    wake: Callable[[], None],
) -> list[Mount]:
    """The longer path first, so that neither stands before the other."""
    made = []
    if settings.console_url is not None:
        from bot.web.console import Console

        made.append(Console(pen, files, settings.console_url, bot, now, wake).mount)
    if settings.api is not None:
        from bot.api.app import Api  # a second to load, which installations without it need not wait

        made.append(Api(pen, files, settings.api, now, settings.api_rate).mount)
    return sorted(made, key=lambda one: -len(one.path))
