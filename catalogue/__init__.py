"""Catalogue files as people have them, in and out: the one reader and writer of all doors.

    from catalogue import open_catalogue

    with open_catalogue("books.xlsx", columns={"description": "Klappentext"}) as books:
        print(*books.said(), sep="; ")           # what it is, what was taken for what, notes
        for row in books:                       # streaming, in order, once through
            row.id, row.title, row.description, row.genres, row.warnings
            row.error                           # why the row cannot be used, with its place
            row.original                        # every column, as the file has it

It imports neither `ml` nor `webapp` nor `scraper`. Readers of formats that need a library (pyarrow,
python-calamine, lxml, pymarc) are imported when a file of that kind is opened.
"""

from catalogue.columns import ALIASES, Columns, take_columns
from catalogue.errors import CatalogueError
from catalogue.genres import genre_names, read_genres
from catalogue.limits import Limits
from catalogue.opening import Catalogue, open_catalogue
from catalogue.placeholders import is_placeholder
from catalogue.rows import Row

__all__ = [
    "ALIASES",
    "Catalogue",
    "CatalogueError",
    "Columns",
    "Limits",
    "Row",
    "genre_names",
    "is_placeholder",
    "open_catalogue",
    "read_genres",
    "take_columns",
]
