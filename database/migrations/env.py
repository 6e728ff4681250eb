"""Alembic's entry: migrates the connection that `database.upgrading` hands over."""

from alembic import context

from database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    # `upgrading` holds the transaction, so that a failed migration leaves nothing behind.
    transactional_ddl=False,
)
context.run_migrations()
