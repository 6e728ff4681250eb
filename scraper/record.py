"""What is taken from a book's page, whatever the site."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Record:
    """The fields of one book.

    Attributes:
        categories: paths from the broad to the narrow, in the page's order, without repeats.
        genres: the steps of all paths as they stand in the page, repeats counted, the most
            frequent first and equal ones in the page's order (the original's rule).
        words: number of words of the book.
        published: ISO 8601, as precise as the page: `2014-06-03`, `2014-06` or `2014`.
        places: for each field that was found, the place it was taken from.
    """

    title: str = ""
    author: str | None = None
    description: str = ""
    categories: list[list[str]] = field(default_factory=list)
    genres: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    language: str | None = None
    words: int | None = None
    published: str | None = None
    cover: str | None = None
    adult: bool = False
    places: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the record as what JSON can hold."""
        return asdict(self)
