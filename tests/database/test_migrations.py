"""Migrations make what the models say, once, and can be taken back."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from benchmarks.site import ROOT
from database.opening import open_engine
from database.tables import Base
from database.upgrading import _alone, _configuration, current, newest, upgrade


def test_the_tables_are_those_of_the_models(engine):
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert current(connection) == newest()


def test_an_upgraded_database_is_left_alone(engine):
    upgrade(engine)
    upgrade(engine)


def test_processes_that_start_together_upgrade_once(empty):
    engines = [open_engine(empty) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, engines))
    assert inspect(engines[0]).has_table("catalogue_jobs")
    for engine in engines:
        engine.dispose()


def test_a_migration_can_be_taken_back(engine):
    upgrade(engine)
    with _alone(engine) as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "database", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_upgrades_what_the_settings_name(tmp_path):
    before = run("status", STATE_FOLDER=str(tmp_path))
    assert (before.returncode, before.stdout) == (1, f"migration none of {newest()}\n")
    assert run("upgrade", STATE_FOLDER=str(tmp_path)).returncode == 0
    assert (
        run("status", STATE_FOLDER=str(tmp_path)).stdout == f"migration {newest()} of {newest()}\n"
    )


def test_a_database_that_cannot_be_used_is_one_line_without_its_password(tmp_path):
    for url in ("oracle://u:hunter2@h/x", "nonsense", "postgres://u:hunter2@127.0.0.1:1/x"):
        found = run("upgrade", DATABASE_URL=url)
        assert found.returncode == 2, found
        assert found.stderr.count("\n") == 1
        assert "hunter2" not in found.stderr
    file = tmp_path / "file"
    file.touch()
    assert "STATE_FOLDER" in run("upgrade", STATE_FOLDER=str(file / "below")).stderr
