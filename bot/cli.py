"""`zhucun …`: the command line. Each noun has a module in bot/commands; `main` is the entry point."""

import importlib
import sys

import typer
from sqlalchemy.exc import DBAPIError

from bot.errors import fail
from storage.texts import _

NOUNS = {
    "regions": "regions",
    "households": "households",
    "unit": "units",
    "team": "teams",
    "person": "people",
    "invite": "invites",
    "group": "groups",
    "settings": "settings_region",
    "reports": "reports",
    "arrivals": "arrivals",
    "letters": "letters",
}
"""`zhucun <noun> <verb>`: noun → module of bot/commands."""
VERBS = ("init", "run", "status", "backup", "upgrade", "weekly")
"""`zhucun <verb>`: each a function of its name in bot/commands/<verb>.py."""

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="驻村通"
)  # not for people: a name

for noun, module in NOUNS.items():
    app.add_typer(importlib.import_module(f"bot.commands.{module}").app, name=noun)
for verb in VERBS:
    app.command(verb)(getattr(importlib.import_module(f"bot.commands.{verb}"), verb))


def main() -> None:
    try:
        app()
    except DBAPIError as error:
        fail_at_once(
            _("数据库现在用不了({why})。请检查数据目录的空间和权限，再试一次。").format(
                why=type(error.orig).__name__
            )
        )


def fail_at_once(sentence: str) -> None:
    try:
        fail(sentence)
    except typer.Exit as end:
        sys.exit(end.exit_code)
