"""A column that chooses no index: SQLite's planner is told so, PostgreSQL's knows better by its statistics."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col


class _Unindexed(FunctionElement[Any]):
    inherit_cache = True


@compiles(_Unindexed)
def _itself(element: _Unindexed, compiler: SQLCompiler, **more: Any) -> str:
    (column,) = element.clauses
    return str(compiler.process(column, **more))


@compiles(_Unindexed, "sqlite")
def _with_a_plus(element: _Unindexed, compiler: SQLCompiler, **more: Any) -> str:
    (column,) = element.clauses
    return f"+{compiler.process(column, **more)}"


def unindexed(column: Any) -> ColumnElement[Any]:
    """SQL: the column, whose conditions no index serves. Types and comparisons are the column's own."""
    bare: Any = col(column)
    found = _Unindexed(bare)
    found.type = bare.type
    return found
