"""Bringing a database to the newest migration, also where two processes start at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_203_114_015
"""A number of our own among PostgreSQL's advisory locks."""


def upgrade(engine: Engine) -> None:
    """Apply what is missing; one process does it, others wait and find it done."""
    with engine.connect() as connection:
        if current(connection) == newest():
            return
    with _alone(engine) as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def current(connection: Connection) -> str | None:
    """Return the migration that a database has; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest migration there is."""
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def _configuration() -> Config:
    configuration = Config()
    # Alembic reads its options with interpolation, where a lone % would begin a name.
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return configuration


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Hold the database's own lock of writers for the whole of a migration."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
    else:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
