"""Every table, so that Alembic sees them all in `Base.metadata`."""

from database.base import Base
from database.catalogues import CatalogueGenre, CatalogueJob, CatalogueRow

__all__ = ["Base", "CatalogueGenre", "CatalogueJob", "CatalogueRow"]
