"""Category paths, `Fiction » Romance » Paranormal`, from any of their forms in a page."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bs4 import Tag

from scraper.smashwords.labels import Piece, Rows, pieces_in
from scraper.smashwords.markup import Markup
from scraper.text import one_line

Paths = list[list[str]]

_CLASS = re.compile(r"(?:book-?)?categor(?:y|ies)(?:-?(?:path|list))?", re.IGNORECASE)
_LABEL = r"(?:book )?categor(?:y|ies)|genres?|subjects?"
_ARROW = re.compile(r"\s*(?:[»›→▸>]|::)\s*")
_BETWEEN = re.compile(r"\s*[,;|•·\n]\s*")
_LABEL_TEXT = re.compile(r"^\s*(?:categor(?:y|ies)|genres?)\s*:?\s*$", re.IGNORECASE)


def find_categories(markup: Markup, rows: Rows) -> tuple[Paths, str] | None:
    """Return every path as it stands in the page, repeats included, and the place.

    The page's own paths go before structured data, which flattens them to single names.
    """
    for place, paths in _candidates(markup, rows):
        found = [path for path in paths if path]
        if found:
            return found, place
    return None


def without_repeats(paths: Paths) -> Paths:
    """Return the paths in order, each once."""
    seen: dict[tuple[str, ...], list[str]] = {}
    for path in paths:
        seen.setdefault(tuple(step.casefold() for step in path), path)
    return list(seen.values())


def ranked_steps(paths: Paths) -> list[str]:
    """Return the steps of all paths, the most frequent first, equal ones in order."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for path in paths:
        for step in path:
            names.setdefault(step.casefold(), step)
            counts[step.casefold()] += 1
    return [names[step] for step, _ in counts.most_common()]


def _candidates(markup: Markup, rows: Rows) -> Iterator[tuple[str, Paths]]:
    classed = list(markup.with_class(_CLASS))
    outer = {id(parent) for tag in classed for parent in tag.parents}
    inner = [tag for tag in classed if id(tag) not in outer]
    yield "class", [path for tag in inner for path in paths_in(pieces_in(tag))]
    yield "labelled row", [path for value in rows.pieces(_LABEL) for path in paths_in(value)]
    marked = markup.by_property.get("genre", []) + markup.by_property.get("about", [])
    yield "itemprop", [path for tag in marked for path in _of_property(tag)]
    for thing in markup.linked_data:
        genres = thing.get("genre")
        listed = genres if isinstance(genres, list) else [genres]
        yield "json-ld", [_split(text) for text in listed if isinstance(text, str)]
    for name in ("book:genre", "og:book:genre", "article:section"):
        if name in markup.metas:
            yield f"meta {name}", [_split(markup.metas[name])]


def paths_in(pieces: Iterable[Piece]) -> Paths:
    """Return the paths in a run of links and texts.

    Links that an arrow parts belong to one path; a line break, a comma, a new block or nothing at
    all between two links starts the next one.
    """
    paths: Paths = []
    open_path = False  # whether the next name goes on with the last path
    for is_link, text in pieces:
        if is_link:
            step = one_line(text)
            if not step:
                continue
            if open_path and paths:
                paths[-1].append(step)
            else:
                paths.append([step])
            open_path = False
            continue
        for index, part in enumerate(_BETWEEN.split(text)):
            if index:
                open_path = False
            open_path = _read_plain(part, paths, open_path)
    return paths


def _read_plain(text: str, paths: Paths, open_path: bool) -> bool:
    """Take steps that are no links out of a text; return whether it ends in an arrow."""
    if not text.strip() or _LABEL_TEXT.match(text):
        return open_path
    arrows = _ARROW.split(text)
    for index, step in enumerate(map(one_line, arrows)):
        open_path = open_path or index > 0
        if not step or _LABEL_TEXT.match(step):
            continue
        step = re.sub(r"^categor(?:y|ies)\s*:\s*", "", step, flags=re.IGNORECASE)
        if open_path and paths:
            paths[-1].append(step)
        else:
            paths.append([step])
        open_path = False
    return open_path or (len(arrows) > 1 and not arrows[-1].strip())


def _of_property(tag: Tag) -> Paths:
    content = tag.get("content")
    return [_split(str(content))] if content else paths_in(pieces_in(tag))


def _split(text: str) -> list[str]:
    return [step for step in map(one_line, _ARROW.split(text)) if step]
