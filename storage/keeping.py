"""The pen's session: an ORM session whose single rows come and go by prepared statements.

It means the same as the session it is. What it knows how to do quickly (a row by its key, one new row, changed
columns of rows) it does without the unit of work, which costs ten times as much; everything else it leaves to
SQLAlchemy.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import NoResultFound, OperationalError
from sqlalchemy.orm import InstanceState, ORMExecuteState, SessionTransaction
from sqlalchemy.orm.attributes import instance_dict, instance_state
from sqlmodel import Session

from storage.prepared import cursor_of, run
from storage.shapes import KEY, by_key, insert_of, plain, shape_of, update_of

T = TypeVar("T")
Late = Callable[[Connection, Sequence[T]], None]


class Keeping(Session):
    """Holds on to what it loaded until `expunge_all`, so that a row is read once in a job."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: list[object] = []
        self.written: list[tuple[InstanceState[Any], bool]] = []
        """What was flushed in this transaction, in order, and whether it was new then."""
        self.late: list[tuple[Late[Any], Any]] = []
        """What is to be written before the commit, in order; of these so many are written."""
        self.settled = 0
        self._entering = False
        self._line: Connection | None = None
        self._cursor: DBAPICursor | None = None

    def cursor(self) -> DBAPICursor:
        """That of the prepared statements, looked up once."""
        if self._cursor is None:
            self._cursor = cursor_of(self.connection())
        return self._cursor

    def later(self, write: Late[T], what: T) -> None:
        """Have it written at the end of the transaction, with all others that `write` is for, or before the next
        statement that is not prepared: a prepared one that asks for them calls `settle` itself."""
        self.late.append((write, what))

    def settle(self) -> None:
        """Write what was put off."""
        waiting, self.settled = self.late[self.settled :], len(self.late)
        kinds: dict[Late[Any], list[Any]] = {}
        for write, what in waiting:
            kinds.setdefault(write, []).append(what)
        for write, some in kinds.items():
            write(self.connection(), some)

    def connection(self, *given: Any, **more: Any) -> Connection:
        """The transaction's connection, looked up once."""
        if given or more:
            return super().connection(*given, **more)
        if self._line is None:
            self._line = super().connection()
        return self._line

    def expunge_all(self) -> None:
        super().expunge_all()
        self.held.clear()
        self.written.clear()

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        if options or not isinstance(ident, int | str) or not plain(entity):
            return super().get(entity, ident, **options)
        held = self.identity_map.get((entity, (ident,), None))
        if held is None:
            return one(self, entity, by_key(entity), key=ident)
        return held if held not in self.deleted else None

    def get_one(self, entity: Any, ident: Any, **options: Any) -> Any:
        found = self.get(entity, ident, **options)
        if found is None:
            raise NoResultFound("no row of this key")
        return found

    @property
    def clean(self) -> bool:
        """Whether there is nothing to write."""
        return self._is_clean()

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        if objects is None and (self.clean or self._written()):
            return
        if self._entering:
            return
        new, changed = set(map(instance_state, self.new)), set(map(instance_state, self.dirty))
        # A flush that fails gives up all of the transaction it is in: here no more than a nested one.
        with self._nested():
            super().flush(objects)
        self.written += [(state, state in new) for state in new | changed]

    def _nested(self) -> SessionTransaction:
        """A nested transaction that is entered without a flush."""
        self._entering = True
        try:
            return self.begin_nested()
        finally:
            self._entering = False

    def _written(self) -> bool:
        """Write one new row and what changed in others, if that is all there is to write."""
        new = tuple(self.new)
        changed = [state for state in map(instance_state, self.dirty) if state.committed_state]
        if self.deleted or len(new) > 1:
            return False
        if not all(plain(_kind(row)) for row in (*new, *(state.object for state in changed))):
            return False
        for row in new:
            self._add(row)
        for state in changed:
            self._change(state)
        return True

    def _add(self, row: Any) -> None:
        shape, values = shape_of(_kind(row)), instance_dict(row)
        given = {name: values[name] for name in shape.names if name in values}
        if given.get(shape.key) is None:
            given.pop(shape.key, None)
        values[shape.key] = run(self, insert_of(_kind(row)), **given).scalar_one()
        state = instance_state(row)
        state.mapper.dispatch.after_insert(state.mapper, self.connection(), state)
        self._written_down(state, new=True)

    def _change(self, state: InstanceState[Any]) -> None:
        values = state.dict
        names = tuple(name for name, old in state.committed_state.items() if old != values[name])
        if names:
            told = {name: values[name] for name in names} | {KEY: values[shape_of(_kind(state.object)).key]}
            run(self, update_of(_kind(state.object), names), **told)
            state.mapper.dispatch.after_update(state.mapper, self.connection(), state)
        self._written_down(state, new=False)

    def _written_down(self, state: InstanceState[Any], *, new: bool) -> None:
        """As the unit of work ends: clean, known by its key, and forgotten by a rollback."""
        if new:
            self._register_persistent({state})
        else:
            state._commit_all(state.dict, self.identity_map)  # noqa: SLF001 - as the line above does, without its questions about keys
            self._register_altered((state,))
        self.written.append((state, new))

    def mark(self) -> tuple[int, int, int]:
        """How much was flushed, put off and settled until now, for `undo`."""
        return len(self.written), len(self.late), self.settled

    def undo(self, mark: tuple[int, int, int]) -> None:
        """Forget what was added and put off after this mark, and read anew what was changed. What was put off before it
        and settled after it is still to be written."""
        since, put_off, settled = mark
        del self.late[put_off:]
        self.settled = min(settled, self.settled)
        states, self.written[since:] = self.written[since:], []
        lost = {state for state, new in states if new} | set(map(instance_state, self.new))
        changed = {state for state, _new in states} | set(map(instance_state, self.dirty))
        for state in changed - lost:
            if state.session is self:
                self.expire(state.object)
        for state in lost:
            if state.session is self:
                self.expunge(state.object)
        for row in tuple(self.deleted):
            self.add(row)


@event.listens_for(Keeping, "after_transaction_create")
@event.listens_for(Keeping, "after_transaction_end")
def _let_go(session: Keeping, _transaction: SessionTransaction) -> None:
    # A nested transaction begins at the database when it first asks for the connection.
    session._line = session._cursor = None  # noqa: SLF001 - its own


@event.listens_for(Keeping, "after_transaction_end")
def _forget(session: Keeping, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.late.clear()
        session.settled = 0


@event.listens_for(Keeping, "before_commit")
def _settle_at_last(session: Keeping) -> None:
    if not session.in_nested_transaction():
        session.flush()
        session.settle()


@event.listens_for(Keeping, "do_orm_execute")
def _settle_before(asked: ORMExecuteState) -> None:
    if isinstance(asked.session, Keeping) and asked.session.settled < len(asked.session.late):
        asked.session.settle()


@event.listens_for(Keeping, "loaded_as_persistent")
@event.listens_for(Keeping, "pending_to_persistent")
@event.listens_for(Keeping, "detached_to_persistent")
def _hold(session: Keeping, row: object) -> None:
    session.held.append(row)


class _Step:
    """A savepoint of the pen's session. No generator: it is made for every arrival."""

    __slots__ = ("line", "mark", "session")

    def __init__(self, session: Keeping) -> None:
        self.session = session

    def __enter__(self) -> None:
        session = self.session
        session.flush()
        self.line, self.mark = session.cursor(), session.mark()
        self.line.execute("SAVEPOINT step")

    def __exit__(self, kind: Any, error: BaseException | None, _trace: Any) -> None:
        if error is None:
            try:
                self.session.flush()
            except BaseException as failed:
                self._back(failed)
                raise
            self.line.execute("RELEASE SAVEPOINT step")
        else:
            self._back(error)

    def _back(self, error: BaseException) -> None:
        if isinstance(error, OperationalError):
            return  # a full disk, a lost connection: the whole transaction is gone, and its savepoints with it
        self.session.undo(self.mark)
        self.line.execute("ROLLBACK TO SAVEPOINT step")
        self.line.execute("RELEASE SAVEPOINT step")


def savepoint(session: Session) -> AbstractContextManager[Any]:
    """What fails within leaves no trace, as with `begin_nested`; on the pen's session it costs a tenth."""
    return _Step(session) if isinstance(session, Keeping) else session.begin_nested()


def one(session: Session, entity: type[T], statement: Executable, **values: Any) -> T | None:
    """The first row of a prepared `select(entity)`, as an object of the session."""
    return next(iter(many(session, entity, statement, **values)), None)


def many(session: Session, entity: type[T], statement: Executable, **values: Any) -> list[T]:
    """The rows of a prepared `select(entity)`, as objects of the session; those it holds stay as they are.
    What was changed in objects of this kind is written first."""
    flush_kind(session, entity)
    return [_object(session, entity, row) for row in run(session, statement, **values)]


def flush_kind(session: Session, entity: type[Any]) -> None:
    """Write down what was changed in objects of a kind, before its table is read."""
    if isinstance(session, Keeping) and session.clean:
        return
    if any(isinstance(row, entity) for row in (*session.new, *session.dirty)):
        session.flush()


def _object(session: Session, entity: type[T], row: Any) -> T:
    shape = shape_of(cast(Any, entity))
    held = session.identity_map.get((entity, (row[shape.place],), None))
    if held is not None:
        return held
    made: T = shape.manager.new_instance()
    instance_dict(made).update(zip(shape.names, row, strict=True))
    _attach(session, made, (entity, (row[shape.place],), None))
    return made


def _attach(session: Session, made: object, key: Any) -> None:
    """Make an object the session's as if it had loaded it."""
    state = instance_state(made)
    state.key, state.session_id = key, session.hash_key
    session.identity_map.add(state)
    if isinstance(session, Keeping):
        session.held.append(made)


def _kind(row: object) -> Any:
    return type(row)
