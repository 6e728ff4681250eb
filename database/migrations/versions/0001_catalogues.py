"""Catalogues: jobs, their rows, the rows' genres."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "catalogue_jobs",
        sa.Column("id", sa.String(43), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("started", MOMENT),
        sa.Column("finished", MOMENT),
        sa.Column("start_at_once", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("preview", sa.JSON()),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("lease_owner", sa.String(120)),
        sa.Column("lease_until", MOMENT),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_jobs"),
    )
    for column in ("client", "expires", "state"):
        op.create_index(f"ix_catalogue_jobs_{column}", "catalogue_jobs", [column])
    _rows()
    _genres()


def _rows() -> None:
    op.create_table(
        "catalogue_rows",
        sa.Column("job_id", sa.String(43), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("flag", sa.Integer(), nullable=False),
        sa.Column("sureness", sa.Double(), nullable=False),
        sa.Column("corrected", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(
            ["job_id"], ["catalogue_jobs.id"], name="fk_catalogue_rows_job_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_catalogue_rows"),
    )
    op.create_index(
        "ix_catalogue_rows_job_id_flag_sureness_number",
        "catalogue_rows",
        ["job_id", "flag", "sureness", "number"],
    )


def _genres() -> None:
    op.create_table(
        "catalogue_genres",
        sa.Column("job_id", sa.String(43), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id", "number"],
            ["catalogue_rows.job_id", "catalogue_rows.number"],
            name="fk_catalogue_genres_job_id_number",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "name", "number", name="pk_catalogue_genres"),
    )
    op.create_index("ix_catalogue_genres_job_id_number", "catalogue_genres", ["job_id", "number"])


def downgrade() -> None:
    """Drop them, and what they hold."""
    for table in ("catalogue_genres", "catalogue_rows", "catalogue_jobs"):
        op.drop_table(table)
