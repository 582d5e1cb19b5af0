"""`zhucun contacts`: who answers for which household, for the owner of the machine: pairing from a list."""

from functools import partial
from pathlib import Path

import typer

from bot.clock import system_now
from bot.commands import case_lists
from bot.commands.asked import refusing
from bot.commands.batches import in_batches, refuse_faults
from bot.settings import open_store
from storage import contact_import
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("联系服务卡"))


@app.callback()
def contacts() -> None:
    """Contact cards, for the owner of the machine."""


@app.command("import", help=_("导入结对名单，逐户请人联系，可以反复导入。本人接受以后才算。"))
def import_(
    file: Path = typer.Argument(help=_("xlsx 或 csv 文件，按表头认列：户主、村、联系人，可加身份证号。")),
    by: str = typer.Option(..., help=_("以谁的名义结对：督导或管理员的全名或编号。")),
    inside: str = typer.Option("", help=_("在哪个区域里按村名找村：区域代码。")),
    dry_run: bool = typer.Option(False, help=_("试运行：只说会怎样，不写入。")),
) -> None:
    """Ask a cadre for every household of a list; safe to repeat."""
    now, store = system_now(), open_store()
    with refusing(), store.reading() as session:
        actor = case_lists.managing(session, by, now)
        plan = contact_import.plan(session, file, actor, now, territory=inside)
    wrong = list(plan.wrong)
    if not dry_run:
        write = partial(contact_import.write, actor=actor, now=now)
        with refusing():
            wrong += [fault for part in in_batches(store, plan.new, write, _("结对")) for fault in part]
    done = _("试运行，没有写入：") if dry_run else _("已导入：")
    typer.echo(done + _("请人联系 {new} 户，不变 {same} 户").format(new=len(plan.new), same=plan.same))
    refuse_faults(file, wrong)
