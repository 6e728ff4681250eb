"""The ledger: one SQLite file that holds the whole state of a scrape."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from scraper.errors import InputError, StopRunError
from scraper.schema import SCHEMA_VERSION, Base


class Ledger:
    """An open ledger file; made by `read_ledger` and `hold_ledger`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)
        try:
            self._check_version()
        except DatabaseError as error:
            raise InputError(f"{path}: cannot be used as a ledger ({error.orig})") from error

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open one transaction: committed as a whole at the end, or not at all."""
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except DatabaseError as error:
            raise StopRunError(f"{self.path}: the ledger cannot be used ({error.orig})") from error

    def close(self) -> None:
        """Close the file, folding SQLite's write-ahead log back into it."""
        self._engine.dispose()

    def _check_version(self) -> None:
        with self._engine.begin() as connection:
            version = connection.execute(text("PRAGMA user_version")).scalar_one()
            tables = connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one()
            if version == 0 and tables == 0:
                Base.metadata.create_all(connection)
                connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))
            elif version != SCHEMA_VERSION:
                raise InputError(
                    f"{self.path}: is a SQLite file, but no ledger of version {SCHEMA_VERSION} "
                    f"(its user_version is {version})"
                )


@contextmanager
def read_ledger(path: Path) -> Iterator[Ledger]:
    """Open an existing ledger to read, also while another process works on it.

    Raises:
        InputError: there is no file, or it is no ledger of this version.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise InputError(f"{path}: no ledger there; `urls` or `import-goodreads` makes one")
    ledger = Ledger(path.resolve())
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def hold_ledger(path: Path) -> Iterator[Ledger]:
    """Open a ledger to work on, made where there is none; one process at a time.

    The system frees the lock when the process ends, however it ends.

    Raises:
        InputError: the file cannot be made, or is no ledger of this version.
        StopRunError: another process works on it.
    """
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(f"{path}.lock", timeout=0)
        with lock:
            ledger = Ledger(path)
            try:
                yield ledger
            finally:
                ledger.close()
    except filelock.Timeout as error:
        raise StopRunError(
            f"{path}: another process is working on this ledger; "
            "wait until it has finished, or give this run a --ledger of its own"
        ) from error


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transaction handling is off, so that every BEGIN is ours.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN")  # type: ignore[attr-defined]

    return engine
