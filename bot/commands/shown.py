"""How a list is shown: as a table to people, as one JSON object a line to other programs."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import typer


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


def lines(found: Iterable[dict[str, Any]]) -> None:
    """Bytes, so that the terminal's own encoding cannot spoil a file."""
    for one in found:
        typer.echo(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode())
