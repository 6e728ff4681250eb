"""Cut covers into folds so that no author, and no book in several collections, crosses them."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.hue_fitting.covers import Cover, author_key, title_key

_TELLING = 12
"""A title of at least this many letters names one book; a shorter one is shared by many."""


def groups(covers: Sequence[Cover]) -> list[str]:
    """Return the group of each cover: linked by last name of the author, or by a telling title."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    keys = [_keys(cover) for cover in covers]
    for first, *others in keys:
        for other in others:
            one, two = sorted((find(first), find(other)))
            root[two] = one
    return [find(first) for first, *_ in keys]


def _keys(cover: Cover) -> list[str]:
    author, title = author_key(cover.author), title_key(cover.title)
    keys = [f"author {author}"] if author else []
    if len(title) >= _TELLING or not author:
        keys.append(f"title {title}")
    return keys


def folds(covers: Sequence[Cover], count: int = 5) -> NDArray[np.int64]:
    """Return the fold, 0 to `count` - 1, of each cover; the same for the same covers.

    Groups are dealt out whole, the largest first, each to the fold that is smallest so far.
    """
    names = groups(covers)
    size: dict[str, int] = {}
    for name in names:
        size[name] = size.get(name, 0) + 1
    filled = [0] * count
    fold: dict[str, int] = {}
    for name in sorted(size, key=lambda name: (-size[name], _digest(name))):
        fold[name] = int(np.argmin(filled))
        filled[fold[name]] += size[name]
    return np.array([fold[name] for name in names])


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
