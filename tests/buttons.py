"""The buttons that handlers answer to, read from the handlers."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import handlers
from handlers.filters import Pressed


def buttons() -> dict[str, set[str]]:
    """The verbs of each prefix, read from the handlers."""
    found: dict[str, set[str]] = {}
    for name in handlers.ORDER:
        module = importlib.import_module(f"handlers.{name}")
        for one in module.router.callback_query.handlers:
            for passed in one.filters or []:
                if isinstance(passed.callback, Pressed):
                    prefix = passed.callback.prefix.rstrip(":")
                    found.setdefault(prefix, set()).update(verbs(module))
    return found


def verbs(module: Any) -> Iterator[str]:
    """The keys of its tables of verbs, and what it compares `verb` with."""
    for name, value in vars(module).items():
        if name.endswith("VERBS"):
            yield from (one for one in value if isinstance(one, str))
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "verb":
            for meant in node.comparators:
                known = eval(compile(ast.Expression(meant), "<verb>", "eval"), vars(module))
                yield from (
                    [known] if isinstance(known, str) else (one for one in known if isinstance(one, str))
                )


BUTTONS = buttons()
