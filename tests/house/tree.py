"""Reading the source: files of the rooms, their syntax trees, their functions and imports."""

import ast
import io
import subprocess
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("storage", "reports", "handlers", "bot")

type_of_function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[Path], list[str]]
"""What is wrong below a folder, one sentence each, naming file and line; empty when all is well."""


@dataclass(frozen=True)
class Source:
    """One Python file: `name` is its path below the root with forward slashes."""

    root: Path
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @property
    def room(self) -> str:
        return self.name.split("/")[0]

    @property
    def module(self) -> str:
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @cached_property
    def comments(self) -> dict[int, str]:
        """Line number → comment, real comments only, not what looks like one inside a string."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}

    def at(self, node: ast.AST | int) -> str:
        """Where a reader finds it: "storage/visit.py:12"."""
        return f"{self.name}:{node if isinstance(node, int) else getattr(node, 'lineno', 1)}"

    def functions(self) -> Iterator[type_of_function]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imports(self) -> Iterator[tuple[str, ast.AST]]:
        """Every dotted name that is imported, wherever in the file, with relative ones resolved.

        `from a import b` yields "a.b", so that both a module and a name in it can be asked for.
        """
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from ((f"{base}.{alias.name}", node) for alias in node.names)
            elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
                yield from ((str(word.value), node) for word in node.args if is_text(word))

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        inside = 1 if self.path.name == "__init__.py" else 0
        parts = self.module.split(".")
        kept = parts[: len(parts) + inside - node.level]
        return ".".join([*kept, node.module] if node.module else kept)


def sources(root: Path, *rooms: str) -> list[Source]:
    """Every Python file of these rooms, in a stable order; caches and generated folders left out."""
    found = (path for room in rooms for path in sorted((root / room).rglob("*.py")))
    return [_source(root, path) for path in found if "__pycache__" not in path.parts]


@cache
def _source(root: Path, path: Path) -> Source:
    """Each file is read and parsed once for all the rules."""
    return Source(root, path)


def called(call: ast.Call) -> str:
    """The last name of what is called: `a.b.c()` → "c"; "" when it has none."""
    return last_name(call.func)


def last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def docstrings(tree: ast.Module) -> set[int]:
    """`id()` of each constant that is a docstring, strings below a declaration included."""
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(node.value) for node in statements if is_text(node.value)}


def tracked(root: Path) -> list[Path]:
    """The files of the project as git would commit them; every file where there is no git."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode or not asked.stdout:
        return sorted(path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return sorted(path for name in set(asked.stdout.split("\0")) if name and (path := root / name).is_file())


def write(root: Path, files: dict[str, str]) -> Path:
    """Put a small sample tree under `root`; for showing that a rule can fail."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def report(broken: list[str]) -> str:
    """The message of a failed rule: how many, then each on its line."""
    return f"{len(broken)} broken:\n" + "\n".join(broken)
