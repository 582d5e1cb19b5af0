"""`zhucun photos`: picture files read as if somebody sent them; what was drawn of photos deleted."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.settings import load, open_files, open_store
from storage import photo_copies
from storage.photo_faults import LARGEST, UNREACHABLE
from storage.texts import _

if TYPE_CHECKING:  # what reads pictures takes a while to import, and no other command needs it
    from bot.errands.reading import Taken
    from bot.workers import Processes

app = typer.Typer(no_args_is_help=True, help=_("照片文件和按需做的图"))


@app.callback()
def photos() -> None:
    """Picture files, and pictures drawn of photos."""


@app.command(help=_("读照片文件，每个文件一行 JSON；读不了的写明原因，退出码仍为 0。什么都不存。"))
def inspect(files: list[Path] = typer.Argument(help=_("照片文件，可以多个。"))) -> None:
    """One JSON object a line: what is read out of a photo when it is sent, or `refused` with the sentence."""
    asyncio.run(_inspect(files))


@app.command(help=_("删掉按需做的图（盖章照片、前后对比、照片墙），腾出空间；原照片不动，要看时会重新做。"))
def tidy() -> None:
    """Delete what was drawn on demand. Originals, thumbnails and previews stay."""
    settings = load()
    store, files = open_store(settings), open_files(settings)
    with store.writing() as session:
        copies = photo_copies.deletable(session)
        gone = photo_copies.drop(session, copies)
    for sha in gone:
        with suppress(FileNotFoundError):
            files.delete(sha)
    store.close()
    typer.echo(_("删掉了 {count} 张图。").format(count=len(copies)))


async def _inspect(files: list[Path]) -> None:
    from bot.workers import Processes

    process = Processes()
    try:
        for file in files:
            told = {"file": str(file)} | await _told(process, file)
            typer.echo(json.dumps(told, ensure_ascii=False).encode())
    finally:
        process.close()


async def _told(process: "Processes", file: Path) -> dict[str, Any]:
    """Read in a process of its own: a decoder that crashes takes its own file only."""
    from bot.errands import reading
    from bot.errands.alone import alone
    from storage.picture import Unreadable

    try:
        return _fields(await alone(process, reading.take, _bytes(file)))
    except OSError as error:
        why = error.strerror or type(error).__name__
        return {"refused": _(UNREACHABLE).format(why=why)}
    except Unreadable as error:
        return {"refused": _(error.sentence)}


def _bytes(file: Path) -> bytes:
    """No more than a byte over what may be sent, however large the file is."""
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _fields(taken: "Taken") -> dict[str, Any]:
    facts = taken.facts
    latitude, longitude = facts.place or (None, None)
    return {
        "sha256": facts.sha256, "bytes": facts.length, "mime": facts.mime, "width": facts.width,
        "height": facts.height, "taken_at": facts.taken_at, "latitude": latitude, "longitude": longitude,
        "camera": facts.camera, "hash": taken.look.hash,
    }  # fmt: skip
