"""Which column of a file is what: header names folded, one table of aliases, and what is said."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from catalogue.errors import CatalogueError

# fmt: off
ALIASES: dict[str, tuple[str, ...]] = {
    "description": (
        "description", "book description", "blurb", "synopsis", "summary", "overview", "desc",
        "descriptions", "summaries", "book summary", "plot summary", "plot", "book desc",
        "product description", "product desc", "long description", "full description",
        "description text", "description html", "body html", "text description",
        "publisher description", "publishers description", "marketing description",
        "marketing copy", "sales copy", "back cover copy", "back cover text", "back cover",
        "cover copy", "flap copy", "jacket copy", "jacket text", "book blurb", "about",
        "about the book", "about this book", "comments", "abstract", "annotation", "editorial",
        "dc description", "main description", "short description", "short summary",
        "520", "520a", "text", "content", "beschreibung", "klappentext", "resume", "sinopsis",
        "descripcion", "descrizione", "sinossi", "descricao", "omschrijving", "beskrivning",
    ),
    "title": (
        "title", "book title", "book name", "name", "titles", "main title", "product title",
        "product name", "title proper", "full title", "original title", "work title",
        "distinctive title", "title text", "dc title", "245", "245a", "titel", "titre", "titulo",
        "titolo", "book",
    ),
    "subtitle": ("subtitle", "sub title", "book subtitle", "title remainder", "245b"),
    "genres": (
        "top genres", "genres", "genre", "book genres", "genre list", "categories", "category",
        "subjects", "subject", "subject headings", "tags", "bisac", "bisac subjects",
        "book genre", "dc subject", "650", "650a", "655", "655a",
    ),
    "author": (
        "author", "authors", "author name", "book author", "author names", "primary author",
        "creator", "creators", "by", "dc creator", "writer", "contributors", "100", "100a",
        "autor", "auteur", "author s",
    ),
    "id": (
        "id", "book id", "books id", "bookid", "record id", "identifier", "key", "work id",
        "work key", "goodreads id", "goodreads book id", "isbn13", "isbn 13", "ean", "ean13",
        "gtin", "isbn", "isbns", "isbn uid", "isbn10", "isbn 10", "asin", "parent asin", "uuid",
        "record number", "control number", "bib id", "biblionumber", "sku", "item id",
        "product id", "record reference", "no", "nr",
    ),
    "url": ("url", "book url", "link", "href", "book link", "web page", "address"),
    "language": ("language", "languages", "lang"),
}
# fmt: on
"""Role -> the header names known for it, the likeliest first. The one table of all doors."""


def fold(name: str) -> str:
    """Fold a header: case, accents, blanks, `_`, `-` and other marks do not tell names apart."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(char for char in plain if char.isalnum()).casefold()


_ROLES = {role: tuple(dict.fromkeys(map(fold, names))) for role, names in ALIASES.items()}
_KNOWN = {name: role for role, names in _ROLES.items() for name in names}


def known_role(name: str) -> str | None:
    """Return the role that a header name stands for, if any."""
    return _KNOWN.get(fold(name))


@dataclass
class Columns:
    """What was taken for what. A role has its columns in order: the next serves an empty cell."""

    names: tuple[str, ...]
    """All columns of the input, in order."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    """Roles whose column the person named."""

    @cached_property
    def known_names(self) -> frozenset[str]:
        """All columns of the input, as a set."""
        return frozenset(self.names)

    def of(self, role: str) -> tuple[str, ...]:
        """Return the columns of a role."""
        return self.roles.get(role, ())

    def said(self) -> str:
        """Say in one line what was taken for what."""
        parts = [
            f"{role}: {' or else '.join(f'`{name}`' for name in self.of(role))}"
            for role in ALIASES
            if self.of(role)
        ]
        missing = [role for role in ("title", "description") if not self.of(role)]
        parts += [f"{role}: none" for role in missing]
        return "; ".join(parts)


def take_columns(names: Iterable[str], chosen: Mapping[str, str] | None = None) -> Columns:
    """Find each role's columns by their names.

    Args:
        names: the header, as it stands.
        chosen: role -> the column that the person named for it; "" for none.

    Raises:
        CatalogueError: a named column is not there, or a role is unknown.
    """
    names = tuple(names)
    by_fold: dict[str, str] = {}
    for name in names:
        by_fold.setdefault(fold(name), name)
    roles = {
        role: tuple(by_fold[alias] for alias in aliases if alias in by_fold)
        for role, aliases in _ROLES.items()
    }
    for role, name in (chosen or {}).items():
        if role not in ALIASES:
            raise CatalogueError(f"no such role: {role!r}; there are {', '.join(ALIASES)}")
        found = name if name in names else by_fold.get(fold(name))
        if name and found is None:
            there = ", ".join(f"`{column}`" for column in names[:30])
            raise CatalogueError(f"no column {name!r} for the {role}; there are {there}")
        roles = {other: tuple(n for n in has if n != found) for other, has in roles.items()}
        roles[role] = (found,) if found and name else ()
    given = frozenset(chosen or ())
    return Columns(names, {role: has for role, has in roles.items() if has}, given)
