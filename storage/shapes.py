"""Rows of tables as objects: what an entity looks like, how a new one is made, and the statements that read and
write one. Used by the pen's session (storage/keeping.py)."""

from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Executable, Table, bindparam, insert, select, update
from sqlalchemy.orm import Mapper, class_mapper
from sqlalchemy.orm.attributes import InstrumentedAttribute, instance_dict
from sqlmodel import SQLModel

T = TypeVar("T")
KEY = "the_key"


def fresh(entity: type[T], **values: Any) -> T:
    """A new row as an object, like `entity(**values)` in a tenth of the time: what is not given is the
    column's default, or null."""
    shape = shape_of(cast(Any, entity))
    made: T = shape.manager.new_instance()
    instance_dict(made).update(shape.defaults | values)
    return made


class Shape(NamedTuple):
    """An entity's attributes in the order of its columns, the place and name of its key, its defaults."""

    manager: Any
    names: tuple[str, ...]
    place: int
    key: str
    defaults: dict[str, Any]


@cache
def shape_of(entity: Any) -> Shape:
    mapper: Mapper[Any] = class_mapper(entity)
    names, key = tuple(mapper.columns.keys()), str(mapper.primary_key[0].key)
    columns: Any = mapper.columns
    defaults = {
        name: column.default.arg if column.default is not None and column.default.is_scalar else None
        for name, column in columns.items()
    }
    return Shape(mapper.class_manager, names, names.index(key), key, defaults)


class Row(SQLModel):
    """A table whose rows are changed with each update. What is set is told to SQLAlchemy alone: a table checks
    nothing that is set anyway, and pydantic's part takes most of the time."""

    def __setattr__(self, name: str, value: Any) -> None:
        column = _columns(type(self)).get(name)
        if column is not None:
            column.__set__(self, value)
        else:
            super().__setattr__(name, value)


@cache
def _columns(entity: Any) -> dict[str, InstrumentedAttribute[Any]]:
    """SQLAlchemy's attributes of a table's class; asking the class for each takes as long as setting it."""
    found = {name: getattr(entity, name, None) for name in dir(entity)}
    return {name: one for name, one in found.items() if isinstance(one, InstrumentedAttribute)}


@cache
def plain(entity: Any) -> bool:
    """Whether its rows are single: one table, one key, nothing hung on, nothing the database fills in."""
    mapper: Mapper[Any] = class_mapper(entity)
    table = mapper.local_table
    return (
        isinstance(table, Table)
        and not mapper.relationships
        and mapper.version_id_col is None
        and mapper.inherits is None
        and len(table.primary_key.columns) == 1
        and not (mapper.dispatch.before_insert or mapper.dispatch.before_update)
        and not any(column.onupdate or column.server_default for column in table.columns)
    )


@cache
def by_key(entity: Any) -> Executable:
    key = class_mapper(entity).primary_key[0]
    return select(entity).where(key == bindparam("key"))


@cache
def insert_of(entity: Any) -> Executable:
    mapper: Mapper[Any] = class_mapper(entity)
    return insert(cast(Table, mapper.local_table)).returning(mapper.primary_key[0])


@cache
def update_of(entity: Any, names: tuple[str, ...]) -> Executable:
    mapper: Mapper[Any] = class_mapper(entity)
    table = cast(Table, mapper.local_table)
    changed = update(table).where(mapper.primary_key[0] == bindparam(KEY))
    return changed.values({name: bindparam(name, type_=table.columns[name].type) for name in names})
