"""How the command line says no: one sentence on standard error, exit code 2."""

from typing import NoReturn

import typer


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
