"""`zhucun evidence`: reports with their photos as a pack that anybody can check."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session

from bot.clock import system_now
from bot.commands.progress import progress
from bot.errors import fail
from bot.settings import load, open_files, open_store
from bot.version import VERSION
from reports.evidence import Pack, write
from storage import evidence as packing
from storage import journal
from storage.db import Store
from storage.report import Report
from storage.texts import _

LOOK = 1
"""Exit code: the pack is made, but photos are missing or were changed."""


def evidence(
    numbers: list[str] = typer.Argument(help=_("报告编号，如 ZF-20261121-0042，可以多个。")),
    out: Path = typer.Option(..., help=_("写到哪个文件，如 evidence.zip；不覆盖已有的文件。")),
    reveal: str = typer.Option("", help=_("不打码的理由，会记入日志。")),
) -> None:
    """Write a zip with original photos, manifest, lines of the journal and a page to read them."""
    if out.exists():
        fail(_("{file} 已经有了：请换一个文件名。").format(file=out))
    settings, now = load(), system_now()
    store, files = open_store(settings), open_files(settings)
    with store.reading() as session:
        reports = _reports(session, numbers)
    _journal(store, reports, reveal)
    zone = ZoneInfo(settings.timezone)
    about = [
        _("由驻村通 {version} 在 {time} 制作。").format(
            version=VERSION, time=f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
        )
    ]
    if reveal:
        about.append(_("没有打码，理由：{reason}").format(reason=reveal))
    part = out.with_name(out.name + ".part")
    try:
        with zipfile.ZipFile(part, "w") as archive, store.reading() as session, progress(_("照片")) as told:
            pack = Pack(archive, now.astimezone(zone))
            sums = write(session, reports, files, pack, about, reveal=bool(reveal), told=told)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        fail(_("写不进 {folder}：{why}。").format(folder=out, why=error.strerror or type(error).__name__))
    _say(store, reports, out, sums, pack.missing)


def _reports(session: Session, numbers: Sequence[str]) -> list[Report]:
    found = {number: packing.by_number(session, number) for number in dict.fromkeys(numbers)}
    unknown = [number for number, report in found.items() if report is None]
    if unknown:
        fail(_("没有这些编号的报告：{numbers}。").format(numbers=", ".join(unknown)))
    return [report for report in found.values() if report is not None]


def _journal(store: Store, reports: Sequence[Report], reveal: str) -> None:
    """Who took what out is written down first, and chained with all before it, so that the pack holds it too."""
    now = system_now()
    with store.writing() as session:
        for report in reports:
            record = f"report:{report.number}"
            journal.write(session, None, "evidence.export", record, now)
            if reveal:
                journal.read(session, None, "household.head,photo.place", record, reveal, now)
        while journal.seal(session):
            session.flush()


def _say(store: Store, reports: Sequence[Report], out: Path, sums: str, missing: int) -> None:
    with store.writing() as session:
        for report in reports:
            journal.write(session, None, "evidence.made", f"report:{report.number}", system_now(), sums=sums)
    store.close()
    typer.echo(_("已写到 {file}。SHA256SUMS 的 SHA-256：{sums}（已记入日志）").format(file=out, sums=sums))
    if missing:
        typer.echo(_("有 {count} 张照片的文件不见了或者变了，包里没有。").format(count=missing), err=True)
        raise typer.Exit(LOOK)
