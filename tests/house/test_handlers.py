"""Handlers never wait: only async Filter classes sort events, and no error handler swallows one.

aiogram runs plain functions, lambdas and `F` expressions in threads, which costs more than the whole handler;
errors are the desk's, which rolls the arrival's savepoint back.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, Rule, Source, called, last_name, report, sources, write

EVENTS = {
    "message", "edited_message", "callback_query", "my_chat_member", "chat_member", "inline_query",
    "chosen_inline_result", "chat_join_request", "message_reaction", "channel_post", "poll_answer", "event",
}  # fmt: skip
WAITS = {"sleep", "gather", "wait", "wait_for", "to_thread", "run_in_executor", "create_task", "urlopen"}


def thread_filters(root: Path) -> list[str]:
    """A filter that is not an instance of a class: a lambda, a function, an expression of `F`."""
    return [
        f"{source.at(given)} is no instance of a Filter class: {ast.unparse(given)}"
        for source in _sources(root)
        for given in _filters(source)
        if not _is_instance(given)
    ]


def _sources(root: Path) -> list[Source]:
    return [source for source in sources(root, "handlers", "bot") if "/sandbox/" not in source.name]


def _filters(source: Source) -> Iterator[ast.expr]:
    """What is given to `@router.message(…)`, `router.message.filter(…)`, `.register(handler, …)`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and called(decorator) in EVENTS:
                    yield from decorator.args
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = node.func.attr if last_name(node.func.value) in EVENTS else ""
            yield from {"filter": node.args, "register": node.args[1:]}.get(asked, [])


def _is_instance(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return _is_instance(node.operand)
    if isinstance(node, ast.BinOp):
        return _is_instance(node.left) and _is_instance(node.right)
    return isinstance(node, ast.Call) and called(node)[:1].isupper() and not _from_f(node)


def _from_f(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "F" for part in ast.walk(node))


def plain_filter_classes(root: Path) -> list[str]:
    """A Filter class whose `__call__` is not a coroutine: aiogram would run it in a thread."""
    return [
        f"{source.at(method)} {node.name}.__call__ is not async"
        for source in _sources(root)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and any("Filter" in last_name(base) for base in node.bases)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "__call__"
    ]


def magic_filters(root: Path) -> list[str]:
    return [
        f"{source.at(node)} imports {name}"
        for source in _sources(root)
        for name, node in source.imports()
        if name in {"aiogram.F", "aiogram.utils.magic_filter.MagicFilter"} or name.startswith("magic_filter")
    ]


def error_handlers(root: Path) -> list[str]:
    return [
        f"{source.at(node)} handles errors inside the dispatcher"
        for source in _sources(root)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"error", "errors"}
        if last_name(node.value) in {"router", "dispatcher", "dp"}
    ]


def waiting_handlers(root: Path) -> list[str]:
    """What waits for anything but the recording bot; the desk would raise, this tells it earlier."""
    return [
        f"{source.at(node)} waits: {called(node)}"
        for source in sources(root, "handlers")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and called(node) in WAITS
    ]


RULES = (thread_filters, plain_filter_classes, magic_filters, error_handlers, waiting_handlers)


@pytest.mark.parametrize("rule", RULES)
def test_handlers_never_wait(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, report(broken)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (thread_filters, "@router.message(lambda m: m.text)\nasync def f(m): ..."),
        (thread_filters, "@router.message(Says('x'), F.text)\nasync def f(m): ..."),
        (thread_filters, "@router.message(F.text.startswith('x'))\nasync def f(m): ..."),
        (thread_filters, "@router.callback_query(~F.data)\nasync def f(m): ..."),
        (thread_filters, "@router.message(is_key)\nasync def f(m): ..."),
        (thread_filters, "router.message.filter(is_key)"),
        (thread_filters, "router.message.register(f, is_key)"),
        (plain_filter_classes, "class Says(Filter):\n    def __call__(self, m): return True"),
        (magic_filters, "from aiogram import F"),
        (magic_filters, "from magic_filter import F"),
        (error_handlers, "@router.error()\nasync def f(e): ..."),
        (error_handlers, "dispatcher.errors.register(f)"),
        (waiting_handlers, "import asyncio\nasync def f(m): await asyncio.sleep(1)"),
    ],
)
def test_a_waiting_handler_is_seen(rule: Rule, text: str, tmp_path: Path) -> None:
    assert len(rule(write(tmp_path, {"handlers/visit.py": text}))) == 1


@pytest.mark.parametrize("rule", RULES)
def test_a_quick_handler_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    text = (
        "from aiogram.filters import Command, Filter\n"
        "class Says(Filter):\n    async def __call__(self, m): return True\n"
        "router.message.filter(Member())\n"
        "router.message.register(f, Command('visit'))\n"
        "@router.message(Command('visit') | Says('x'), ~Owing(), flags={})\n"
        "async def f(m): await m.answer('x')\n"
    )
    assert rule(write(tmp_path, {"handlers/visit.py": text})) == []
