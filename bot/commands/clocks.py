"""`zhucun clocks`: how long each step may take, as a county's data."""

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import system_now
from bot.commands.asked import date_of, refusing
from bot.commands.shown import Format, lines
from bot.errors import fail
from bot.settings import open_store
from storage import clock_rules, county, teams
from storage.clock_rules import DEFAULTS, EXAMPLES, NAMES, ClockRule, Rules, Set
from storage.clocks import Rule, Unit
from storage.texts import _

app = typer.Typer(no_args_is_help=True, help=_("时限"))


@app.command("list", help=_("列出一个区域的时限：多长、从哪天起、逾期几天后告诉谁。"))
def list_(
    region: str = typer.Option("", help=_("区域代码；不写是整个系统。")),
    day: str = typer.Option("", help=_("看哪一天的规定，如 2027-01-01；不写是今天。")),
    format_: Format = typer.Option(Format.TABLE, "--format", help=_("输出格式；json 每行一个对象。")),
) -> None:
    """What holds for a region on a day."""
    with refusing(), open_store().reading() as session:
        code = teams.region(session, region).code if region else ""
        rules = Rules(session)
        on = date_of(day) if day else county.today(session, system_now())
        found = [(name, rules.of(name, code, on), rules.row(name, code, on)) for name in DEFAULTS]
    if format_ is Format.JSON:
        lines(_record(name, rule, row) for name, rule, row in found)
        return
    table = Table(
        _("代号"),
        _("时限"),
        _("多长"),
        _("告诉队长"),
        _("告诉督导"),
        _("告诉办公室"),
        _("从哪天起"),
        _("依据"),
    )
    for name, rule, row in found:
        since, basis = (str(row.since), row.basis or "") if row else (_("默认"), "")
        table.add_row(name, _(NAMES[name]), rule.words, *map(str, rule.delays), since, basis)
    Console().print(table)


def _record(name: str, rule: Rule, row: ClockRule | None) -> dict[str, object]:
    leader, supervisor, office = rule.delays
    return {
        "clock": name, "length": rule.length, "unit": rule.unit.value, "to_leader": leader,
        "to_supervisor": supervisor, "to_office": office, "region": row.region if row else None,
        "since": row.since.isoformat() if row else None, "basis": row.basis if row else None,
    }  # fmt: skip


@app.command("set", help=_("定一个时限，从某天起生效；在办的事项按开始时的规定办。写到的才改。"))
def set_(
    clock: str = typer.Argument(help=_("哪个时限，见 zhucun clocks list 的代号。")),
    region: str = typer.Option("", help=_("区域代码；不写是整个系统。")),
    length: int | None = typer.Option(None, help=_("多长，如 20。")),
    unit: str = typer.Option("", help=_("单位：workday 工作日，day 自然日，hour 小时。")),
    leader: int | None = typer.Option(None, help=_("逾期几个工作日后告诉队长。")),
    supervisor: int | None = typer.Option(None, help=_("逾期几个工作日后告诉督导。")),
    office: int | None = typer.Option(None, help=_("逾期几个工作日后告诉办公室（管理员）。")),
    since: str = typer.Option("", help=_("从哪天起，如 2027-01-01；不写是今天。")),
    basis: str = typer.Option("", help=_("依据的文件。")),
) -> None:
    """Let a length hold from a day on; what is not given stays."""
    wanted = Set(clock, length, _unit(unit), (leader, supervisor, office), basis)
    _put(region, [wanted], since)


@app.command("examples", help=_("看各地公布的时限。用 zhucun clocks use 采用。"))
def examples() -> None:
    """What ten places have published."""
    table = Table(_("编号"), _("地方"), _("事项"), _("时限"), _("多长"))
    for number, one in enumerate(EXAMPLES, start=1):
        table.add_row(str(number), _(one.place), _(one.matter), _(NAMES[one.clock]), one.rule.words)
    Console().print(table)


@app.command("use", help=_("采用各地公布的时限，写编号，可以写几个。"))
def use(
    numbers: list[int] = typer.Argument(help=_("编号，见 zhucun clocks examples。")),
    region: str = typer.Option("", help=_("区域代码；不写是整个系统。")),
    since: str = typer.Option("", help=_("从哪天起，如 2027-01-01；不写是今天。")),
) -> None:
    """Take published lengths over."""
    if not all(1 <= number <= len(EXAMPLES) for number in numbers):
        fail(_("编号要在 1 到 {last} 之间，见 zhucun clocks examples。").format(last=len(EXAMPLES)))
    chosen = [EXAMPLES[number - 1] for number in numbers]
    _put(
        region,
        [
            Set(one.clock, one.rule.length, one.rule.unit, basis=f"{_(one.place)}{_(one.matter)}")
            for one in chosen
        ],
        since,
    )


def _put(region: str, wanted: list[Set], since: str) -> None:
    now, store = system_now(), open_store()
    with refusing(), store.writing() as session:
        code = teams.region(session, region).code if region else ""
        today = county.today(session, now)
        for one in wanted:
            clock_rules.put(session, code, one, date_of(since) if since else today, today, now)
    list_(region, since, Format.TABLE)


def _unit(text: str) -> Unit | None:
    found = next((one for one in Unit if one.value == text), None)
    if text and found is None:
        fail(_("单位请写 workday（工作日）、day（自然日）或 hour（小时）。"))
    return found
