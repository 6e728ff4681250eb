"""Opening the database of the settings, brought up to date, for every session of a process."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from database.location import StateError, database_url, prepare, state_folder
from database.upgrading import upgrade

BUSY_S = 30
"""How long a writer waits for another one on SQLite, which has one at a time."""


def open_engine(url: str) -> Engine:
    """Open the database of a URL.

    Raises:
        StateError: the URL cannot be read, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_S})
    except (ArgumentError, ImportError, SQLAlchemyError) as error:
        # The URL itself is left unsaid: it may hold a password.
        raise StateError(
            f"DATABASE_URL cannot be used ({type(error).__name__}); "
            "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME is meant"
        ) from error
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


@cache
def _sessions(url: str) -> sessionmaker[Session]:
    engine = open_engine(url)
    upgrade(engine)
    return sessionmaker(engine, expire_on_commit=False)


def sessions(environment: Mapping[str, str] = os.environ) -> sessionmaker[Session]:
    """Return the maker of sessions on the database of the settings; opened once a process.

    Raises:
        StateError: nothing can be kept where the settings say.
    """
    url = database_url(environment)
    if not environment.get("DATABASE_URL"):
        prepare(state_folder(environment))
    try:
        return _sessions(url)
    except SQLAlchemyError as error:
        raise StateError(f"the database cannot be opened ({type(error).__name__})") from error


def _set_up_sqlite(connection: Any, _: Any) -> None:
    """Keep readers and a writer out of each other's way, rows with their job, and no deleted text.

    `secure_delete` overwrites what is deleted; without it a deleted blurb stays in the file.
    """
    cursor = connection.cursor()
    for name, value in (
        ("journal_mode", "WAL"),
        ("synchronous", "NORMAL"),
        ("foreign_keys", "ON"),
        ("secure_delete", "ON"),
    ):
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()
