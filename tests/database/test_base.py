"""Points in time, deletion, and where things are kept."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from database.base import now
from database.location import database_url, state_folder
from database.tables import CatalogueGenre, CatalogueJob, CatalogueRow
from database.upgrading import upgrade


@pytest.fixture
def session(engine):
    upgrade(engine)
    with Session(engine) as session:
        yield session


def job(**changes):
    values = {"id": "a", "client": "c", "name": "books.csv", "size": 1, "state": "ready"}
    return CatalogueJob(**values | {"expires": now(), **changes})


def test_a_moment_keeps_its_zone(session):
    moment = datetime(2026, 11, 25, 6, 30, tzinfo=timezone(timedelta(hours=2)))
    session.add(job(expires=moment))
    session.commit()
    session.expunge_all()
    found = session.get_one(CatalogueJob, "a").expires
    assert found == moment
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(session):
    session.add(job(expires=datetime(2026, 11, 25)))
    with pytest.raises(StatementError, match="zone"):
        session.commit()


def test_rows_and_genres_go_with_their_job(session):
    session.add(job())
    session.flush()
    session.add(
        CatalogueRow(
            job_id="a", number=1, place="line 2", title="", excerpt="", answer={}, candidates=[],
            flag=0, sureness=0.5,
        )
    )  # fmt: skip
    session.flush()
    session.add(CatalogueGenre(job_id="a", number=1, name="Horror"))
    session.commit()
    session.delete(session.get_one(CatalogueJob, "a"))
    session.commit()
    assert session.query(CatalogueGenre).count() == session.query(CatalogueRow).count() == 0


def test_hosts_names_for_postgresql_mean_psycopg():
    assert database_url({"DATABASE_URL": "postgres://u@h/x"}) == "postgresql+psycopg://u@h/x"
    assert database_url({"DATABASE_URL": "sqlite:///x"}) == "sqlite:///x"


def test_what_is_kept_stands_in_one_folder():
    assert state_folder({"STATE_FOLDER": "/srv/kept"}) == Path("/srv/kept")
    assert database_url({"STATE_FOLDER": "/srv/kept"}) == "sqlite:////srv/kept/genre-hues.sqlite3"
    assert state_folder({}).name == "instance"
