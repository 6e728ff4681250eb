"""Draw the table: barcodes of twenty genres, and the genre x hue matrix. Plain SVG.

Text takes the reader's colour scheme (a media query inside the file), so that the figures are
legible on light and dark pages.
"""

from html import escape
from pathlib import Path

import numpy as np

from ml.hue_fitting.colour_walk import colour_walk
from ml.hues.names import COLOURS, HUES
from ml.hues.naming import designer_names
from ml.hues.table import HueTable

GENRES = (
    "Romance",
    "Womens Fiction",
    "Erotica",
    "Paranormal",
    "Fantasy",
    "Science Fiction",
    "Horror",
    "Thriller",
    "Crime",
    "Mystery",
    "Historical Fiction",
    "War",
    "Young Adult",
    "Childrens",
    "Picture Books",
    "Biography",
    "History",
    "Self Help",
    "Business",
    "Travel",
)
_STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#1c1c1c}.quiet{fill:#5c5c5c}"
    "@media(prefers-color-scheme:dark){text{fill:#ececec}.quiet{fill:#a8a8a8}}</style>"
)
_LEFT = 150
_SHOWN = 1.1
_FULL = 2.5
"""Lift at which a circle of the matrix fills its cell."""


def write_figures(table: HueTable, folder: Path) -> tuple[Path, ...]:
    """Write both figures into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {"hues-barcodes.svg": barcodes(table), "hues-matrix.svg": matrix(table)}
    for name, svg in drawn.items():
        (folder / name).write_text(svg, encoding="utf-8")
    return tuple(folder / name for name in drawn)


def barcodes(table: HueTable, width: int = 900, row: int = 34) -> str:
    """Draw the palettes of twenty genres under each other."""
    parts = []
    for place, genre in enumerate(GENRES):
        palette = table.palette({genre: 1.0})
        y, x = place * row, float(_LEFT)
        strength = palette.evidence.strength
        parts.append(f'<text x="0" y="{y + 20}">{escape(genre)}</text>')
        parts.append(f'<text class="quiet" x="{width - 48}" y="{y + 20}">{strength}</text>')
        for hue in palette.hues:
            wide = hue.share * (width - _LEFT - 60)
            parts.append(
                f'<rect x="{x:.1f}" y="{y + 3}" width="{wide:.1f}" height="{row - 8}" '
                f'fill="{hue.worn}"><title>{genre}: {hue.says} {hue.share:.0%}</title></rect>'
            )
            x += wide
    title = "What covers of twenty genres lean to, ten hues each, with the strength of evidence"
    return _svg(width, len(GENRES) * row, title, parts)


def matrix(table: HueTable, cell: int = 16) -> str:
    """Draw a circle where a genre wears a hue at least 1.1 times as much as all covers do."""
    hues, said = colour_walk(tuple(HUES)), designer_names()
    width, top = _LEFT + len(hues) * cell + 10, 128
    parts = []
    for column, name in enumerate(hues):
        x = _LEFT + column * cell + cell / 2
        parts.append(
            f'<text class="quiet" transform="translate({x + 4:.0f} {top - 8}) rotate(-90)" '
            f'style="font-size:11px">{said[name]}</text>'
        )
    for row, genre in enumerate(GENRES):
        y = top + row * cell * 1.25 + cell / 2
        parts.append(f'<text x="0" y="{y + 4:.0f}">{escape(genre)}</text>')
        for column, name in enumerate(hues):
            lift = float(table.lifts[genre][COLOURS.index(name)])
            if lift >= _SHOWN:
                # Area, not radius, shows the strength.
                part = np.sqrt(min(1.0, (lift - 1) / (_FULL - 1)))
                parts.append(
                    f'<circle cx="{_LEFT + column * cell + cell / 2:.0f}" cy="{y:.0f}" '
                    f'r="{part * cell * 0.55:.1f}" fill="{HUES[name]}" stroke="#888" '
                    f'stroke-width=".5"><title>{genre}: {said[name]} {lift:.1f}×</title></circle>'
                )
    title = "Hues that covers of twenty genres wear more than all covers do; larger means more"
    return _svg(width, int(top + len(GENRES) * cell * 1.25), title, parts)


def _svg(width: int, height: int, title: str, parts: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><title>{title}</title>{_STYLE}\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
