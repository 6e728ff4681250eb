"""Catalogues that somebody brought: the job, its rows with their answers, and the rows' genres."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON as JSON_COLUMN
from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Moment, now


class CatalogueJob(Base):
    """One uploaded file and how far the work on it is."""

    __tablename__ = "catalogue_jobs"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    """Random and secret: who knows it may see, change and delete the catalogue."""
    client: Mapped[str] = mapped_column(String(64), index=True)
    """A keyed hash of whom it is counted for, never an address."""
    name: Mapped[str] = mapped_column(String(255))
    """The file's name, for people; nothing is opened by it."""
    size: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16), index=True)
    """See `jobs.states`."""
    created: Mapped[datetime] = mapped_column(Moment, default=now)
    expires: Mapped[datetime] = mapped_column(Moment, index=True)
    started: Mapped[datetime | None] = mapped_column(Moment)
    finished: Mapped[datetime | None] = mapped_column(Moment)
    start_at_once: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether nobody needs to look at the columns first."""
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON_COLUMN)
    """What the inspection found: format, columns, first rows, notes."""
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON_COLUMN, default=dict)
    """Role -> the column that the person named for it."""
    total: Mapped[int | None]
    """Rows in the file, once they are counted."""
    done: Mapped[int] = mapped_column(default=0)
    """Rows answered: the first `done` of the file, each once."""
    stop_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    problem: Mapped[str | None] = mapped_column(Text)
    """Why it failed, for the person who brought the file."""
    lease_owner: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    """Until when the owner's work counts as alive."""
    revision: Mapped[int] = mapped_column(default=0)
    """Raised by each correction and each chunk of work; what is built from rows names its own."""
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON_COLUMN)
    """Counts over all rows, with the `revision` that they were made of."""


class CatalogueRow(Base):
    """One row of the file with its answer."""

    __tablename__ = "catalogue_rows"

    job_id: Mapped[str] = mapped_column(
        ForeignKey("catalogue_jobs.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place among the rows, from 1."""
    place: Mapped[str] = mapped_column(String(120))
    """Where it stands in the file, in words."""
    title: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(Text)
    """The beginning of its description, to recognise it by."""
    answer: Mapped[dict[str, Any]] = mapped_column(JSON_COLUMN)
    """The answer of the command line, for writing it into files."""
    candidates: Mapped[list[Any]] = mapped_column(JSON_COLUMN)
    """The most probable labels as [name, probability], to correct from."""
    flag: Mapped[int]
    """0: nothing to say; 1: doubtful; 2: could not be read."""
    sureness: Mapped[float]
    """The probability of its surest genre; 0 where there is none."""
    corrected: Mapped[list[Any] | None] = mapped_column(JSON_COLUMN(none_as_null=True))
    """The genres that a person gave it instead."""

    __table_args__ = (Index(None, "job_id", "flag", "sureness", "number"),)


class CatalogueGenre(Base):
    """One genre of one row, decided or corrected: what filters and counts."""

    __tablename__ = "catalogue_genres"

    job_id: Mapped[str] = mapped_column(String(43), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = (
        ForeignKeyConstraint(
            ["job_id", "number"],
            ["catalogue_rows.job_id", "catalogue_rows.number"],
            ondelete="CASCADE",
        ),
        Index(None, "job_id", "number"),
    )
