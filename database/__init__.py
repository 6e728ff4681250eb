"""What the project keeps: tables through SQLAlchemy, migrations through Alembic.

Nothing here is imported by the site or the command line until a feature that keeps something is
used, as SQLAlchemy alone takes longer to load than the site. To add a table:

1. Write its model as a subclass of `database.base.Base` in a module of its own, with `Moment` for
   points in time, and name that module in `database.tables`.
2. Write `migrations/versions/000N_what.py` by hand or with `alembic revision --autogenerate`, its
   `down_revision` the newest before it. `tests/database/test_migrations.py` compares the two, on
   SQLite and on PostgreSQL.
3. Use it: `with database.opening.sessions() as session, session.begin(): ...`.

`python -m database upgrade` brings a database up to date; `opening.sessions` does so by itself,
once a process, so that a new version of the site needs no extra step.
"""
