"""`zhucun init`: token, data folder, key file, and the first administrator's one-time link."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import typer

from bot.clock import system_now
from bot.errors import fail
from bot.outcomes import BotDownError, WireError
from bot.settings import Settings, load, open_store
from storage import bots, invitations
from storage.db import Store
from storage.people import Role
from storage.texts import _

VALID = timedelta(days=7)


def init(
    token: str = typer.Option("", help=_("BotFather 给的令牌；不写会问。")),
    region: str = typer.Option("", help=_("管理员负责的县的代码；不写是全部。")),
) -> None:
    """Make an installation ready: settings file, key file, database, and a one-time link that makes whoever opens
    it the first administrator."""
    settings = load()
    token = (
        token
        or (settings.token.get_secret_value() if settings.token else "")
        or typer.prompt("Token", hide_input=True)
    )
    settings = _noted(settings, token)
    number, username = asyncio.run(_ask(settings))
    store = open_store(settings)
    link = _administrator(store, number, username, region)
    typer.echo(_("机器人 @{name} 可以用了。").format(name=username))
    typer.echo(
        _("第一位管理员：在 Telegram 里打开这个链接（七天内有效，只能用一次）：\n{link}").format(link=link)
    )
    typer.echo(recovery_sheet(settings.keys))
    typer.echo(_("接下来：zhucun run"))


def _noted(settings: Settings, token: str) -> Settings:
    """Keep the token in the data folder's settings file, readable by its owner only."""
    settings.data.mkdir(parents=True, exist_ok=True)
    file = settings.data / "zhucun.env"
    kept = (
        [line for line in file.read_text().splitlines() if not line.startswith("ZHUCUN_TOKEN=")]
        if file.exists()
        else []
    )
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text("\n".join([*kept, f"ZHUCUN_TOKEN={token}", ""]))
    return load()


async def _ask(settings: Settings) -> tuple[int, str]:
    from bot.wire import Wire

    wire = Wire(settings.secret, settings.api_url, settings.proxy, lambda _date: None)
    await wire.open()
    try:
        return await wire.me()
    except BotDownError:
        fail(_("Telegram 不认识这个令牌：请从 BotFather 重新复制。"))
    except WireError:
        fail(
            _("连不上 {address}：请检查网络，或设置 ZHUCUN_PROXY / ZHUCUN_API_URL。").format(
                address=settings.api_url
            )
        )
    finally:
        await wire.close()


def _administrator(store: Store, bot: int, username: str, region: str) -> str:
    with store.writing() as session:
        bots.remember(session, bot, username)
        token = invitations.make(
            session, role=Role.ADMIN, region=region or None, uses=1, valid=VALID, by=None, now=system_now()
        )
    return f"https://t.me/{username}?start={token}"


def recovery_sheet(keys: Path) -> str:
    """The recovery sheet: what to write down so that backups can be opened."""
    data = json.loads(keys.read_text())
    sheet = "\n".join(
        [f"  key {number}: {key}" for number, key in data["keys"].items()] + [f"  blind: {data['blind']}"]
    )
    return _("恢复单：请打印或抄下，放在保险柜。没有密钥，备份里的姓名和证件号永远打不开。\n{sheet}").format(
        sheet=sheet
    )
