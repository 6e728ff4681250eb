"""An empty database of each kind."""

import pytest

from database.opening import open_engine
from tests.servers import postgresql


@pytest.fixture(scope="session")
def postgresql_url():
    with postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql_url")
    url = server.replace("postgresql://", "postgresql+psycopg://")
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    yield url


@pytest.fixture
def engine(empty):
    opened = open_engine(empty)
    yield opened
    opened.dispose()
