"""`zhucun erase`: take somebody's data out of everything, on request or by a rule of retention."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import typer
from sqlmodel import Session

from bot.clock import system_now
from bot.commands import asked_reports
from bot.commands.asked import refusing
from bot.commands.batches import BATCH
from bot.errors import fail
from bot.settings import load, open_files, open_store
from storage import county, erasing, forgetting, retention
from storage.db import Store
from storage.erasing import Erased
from storage.files import Files
from storage.retention import NAMES, Due
from storage.texts import _

Part = Callable[[Session, str, datetime], Erased]


def erase(
    household: int = typer.Option(0, help=_("哪一户：编号，见 zhucun households list。")),
    person: int = typer.Option(0, help=_("哪个人（已结束任职）：编号，见 zhucun person list。")),
    before: str = typer.Option("", help=_("这一天以前发送、已经办结的报告，例如 2023-01-01。")),
    by_rule: bool = typer.Option(
        False, help=_("按保存期限（见 zhucun retention list）现在就删；平时每天自动删。")
    ),
    reason: str = typer.Option(
        "", help=_("依据或理由，会记入日志；不要写姓名和号码。按保存期限删除时是规定的依据。")
    ),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会删除什么，不写入。")),
) -> None:
    """Erase what is known of a household, of somebody who worked here, or of old reports; the journal says so."""
    if sum(map(bool, (household, person, before, by_rule))) != 1:
        fail(_("请说明删除什么：--household、--person、--before 或 --by-rule，四者选一。"))
    if not reason and not by_rule:
        fail(_("请写明依据或理由：--reason。"))
    settings, now, done = load(), system_now(), Erased()
    store = open_store(settings)
    for part in _by_rule(store, now) if by_rule else _parts(store, household, person, before):
        with refusing(), suppress(_NotMeant), store.writing() as session:
            done.add(part(session, reason, now))
            if dry_run:
                raise _NotMeant
    if dry_run:
        typer.echo(_("试运行，没有写入：") + _counts(done))
        return
    _forget(store, open_files(settings))
    typer.echo(_("已删除：") + _counts(done))
    typer.echo(_("以前的备份里还有这些内容：请按规定销毁或重做备份。聊天里的旧消息由各人自己删除。"))


def _by_rule(store: Store, now: datetime) -> Iterator[Part]:
    """What the rules have made due, a line each, some reports at a time."""
    with store.reading() as session:
        due = [(one, retention.ids_of(session, one)) for one in retention.due(session, now)]
    for one, ids in due:
        typer.echo(told(one))
        for start in range(0, len(ids), BATCH):
            yield partial(_ruled, one, ids[start : start + BATCH])


def _ruled(one: Due, ids: list[int], session: Session, _reason: str, now: datetime) -> Erased:
    return retention.erase(session, one, ids, now)


def told(one: Due) -> str:
    """A line of what a rule has made due."""
    return _("{region}，{what}：{day} 以前的 {count} 项，依据“{basis}”").format(
        region=one.rule.region or _("整个系统"), count=one.count, day=one.before,
        what=_(NAMES[one.rule.what]), basis=one.rule.basis,
    )  # fmt: skip


def _forget(store: Store, files: Files) -> None:
    """What lies about after the commit: words between the pages, and files that nothing refers to."""
    forgetting.sweep(store)
    with store.reading() as session:
        left = forgetting.files_left(session)
    for sha in sorted(left & files.listing().keys()):
        files.delete(sha)


class _NotMeant(Exception):
    """Ends a dry run's transaction without a trace."""


def _parts(store: Store, household: int, person: int, before: str) -> Iterator[Part]:
    """What is erased, a transaction each: old reports some at a time, so that the running bot never waits long."""
    if household:
        yield lambda session, reason, now: erasing.household(session, household, reason, now)
    elif person:
        yield lambda session, reason, now: erasing.person(session, person, reason, now)
    else:
        with store.reading() as session:
            ids = erasing.due(session, _day(session, before))
        for start in range(0, len(ids), BATCH):
            yield partial(_reports, ids[start : start + BATCH])


def _reports(ids: list[int], session: Session, reason: str, now: datetime) -> Erased:
    return erasing.reports(session, ids, reason, now)


def _day(session: Session, before: str) -> datetime:
    return asked_reports.day_of(before, county.zone(session)).astimezone(UTC)


def _counts(done: Erased) -> str:
    return _(
        "报告 {reports} 份，文字 {texts} 处，号码 {numbers} 个，照片 {photos} 张（文件 {files} 个），草稿 {drafts} 份，"
        "离任人员 {people} 名"
    ).format(
        reports=done.reports, texts=done.texts, numbers=done.numbers, photos=done.photos, files=len(done.files),
        drafts=done.drafts, people=done.people,
    )  # fmt: skip
