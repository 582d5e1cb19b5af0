"""`zhucun keys`: the keys of what is sealed."""

from pathlib import Path

import typer

from bot.clock import system_now
from bot.commands.init import recovery_sheet
from bot.commands.progress import progress
from bot.errors import fail
from bot.settings import load, open_store
from storage import rekeying
from storage.sealing import CannotOpen, Keyring
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("密钥"))


@app.callback()
def every() -> None:
    pass


@app.command("rotate", help=_("换密钥：全部重新封存，机器人不用停；中断了再运行一次，接着做。"))
def rotate(
    old: Path = typer.Option(None, help=_("把换下来的旧密钥存到这个文件，以后恢复旧备份要用。")),
) -> None:
    """Change the keys beside the running bot; run again, it goes on where it was broken off."""
    settings = load()
    store = open_store(settings)
    ring = Keyring.load(settings.keys)
    if ring.changing:
        typer.echo(_("上次换密钥没有做完，接着做。"))
    try:
        _keep(ring, old)
        with progress(_("重新封存")) as told:
            count = rekeying.rotate(store, settings.keys, system_now(), told)
    except CannotOpen as error:
        fail(
            _("有一处打不开（{place}）：新旧密钥都还在密钥文件里，什么都没有丢。请检查后再运行一次。").format(
                place=error
            )
        )
    except rekeying.StillThere:
        fail(_("还有用旧密钥封存的内容：新旧密钥都还在密钥文件里，什么都没有丢。请再运行一次。"))
    typer.echo(_("密钥已换，重新封存了 {count} 处。以前的备份仍要用旧密钥和旧恢复单。").format(count=count))
    typer.echo(recovery_sheet(settings.keys))


def _keep(ring: Keyring, old: Path | None) -> None:
    """Save the keys as they are now, for backups made until now; never over a file."""
    if old is None:
        return
    try:
        ring.save(old)
    except FileExistsError:
        fail(_("{file} 已经存在：请换一个文件名。").format(file=old))
    except OSError as error:
        fail(_("写不进 {file}（{why}）。").format(file=old, why=error.strerror or type(error).__name__))
