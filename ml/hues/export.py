"""A palette as text files: SVG, CSS, SCSS, Tailwind, design tokens, GIMP palette. Pure functions.

Each takes bars in the order to draw them, a palette's `hues` or a cover's `colours`, and what the
file says of itself. `ml.hues.swatches` writes the binary ones.
"""

import json
from collections.abc import Sequence
from html import escape
from typing import NamedTuple, Protocol

from ml.hues.colour import hex_to_rgb


class Bar(Protocol):
    """A named colour and its share of the barcode."""

    @property
    def says(self) -> str: ...  # noqa: D102
    @property
    def worn(self) -> str: ...  # noqa: D102
    @property
    def share(self) -> float: ...  # noqa: D102


class About(NamedTuple):
    """What a file says of itself."""

    genres: tuple[str, ...] = ()
    version: str = ""
    """The model's."""

    @property
    def title(self) -> str:
        """Name the palette: "Hues of Horror, Gothic"."""
        return f"Hues of {', '.join(self.genres)}" if self.genres else "Genre Hues"

    @property
    def source(self) -> str:
        """Say where it comes from, in one line."""
        version = f" {self.version}" if self.version else ""
        return f"Genre Hues{version}: mean colours measured on covers; shares are of the palette"

    @property
    def line(self) -> str:
        """Return both; safe inside any comment."""
        return " ".join(f"{self.title}. {self.source}.".replace("*/", "").split())


def barcode_svg(bars: Sequence[Bar], about: About, width: int = 1200, height: int = 240) -> str:
    """Draw the barcode; bar widths are the shares, and the title is what a screen reader says."""
    total = sum(bar.share for bar in bars)
    rects, x = [], 0.0
    for bar in bars:
        wide = bar.share / total * width
        rects.append(
            f'<rect x="{x:.2f}" width="{wide:.2f}" height="{height}" fill="{bar.worn}">'
            f"<title>{escape(bar.says)} {bar.worn} {bar.share:.0%}</title></rect>"
        )
        x += wide
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" shape-rendering="crispEdges">'
        f"<title>{escape(about.title)}</title><desc>{escape(about.source)}</desc>"
        f"{''.join(rects)}</svg>\n"
    )


def slug(bar: Bar) -> str:
    """Return a hue's name as code writes it: "dusty-pink"."""
    return "".join(letter if letter.isalnum() else "-" for letter in bar.says.lower())


def css_variables(bars: Sequence[Bar], about: About) -> str:
    """Write custom properties, one a hue: `--hue-dusty-pink: #b6918c; /* 30% */`."""
    lines = (f"  --hue-{slug(bar)}: {bar.worn}; /* {bar.share:.0%} */" for bar in bars)
    return f"/* {about.line} */\n:root {{\n" + "\n".join(lines) + "\n}\n"


def scss_variables(bars: Sequence[Bar], about: About) -> str:
    """Write Sass variables and the map of all of them."""
    lines = [f"$hue-{slug(bar)}: {bar.worn}; // {bar.share:.0%}" for bar in bars]
    pairs = [f'  "{slug(bar)}": $hue-{slug(bar)},' for bar in bars]
    return "\n".join([f"// {about.line}", *lines, "", "$hues: (", *pairs, ");", ""])


def tailwind_theme(bars: Sequence[Bar], about: About) -> str:
    """Write theme variables of Tailwind CSS 4, which give `bg-dusty-pink` and the like.

    Source: https://tailwindcss.com/docs/theme
    """
    lines = (f"  --color-{slug(bar)}: {bar.worn}; /* {bar.share:.0%} */" for bar in bars)
    return f"/* {about.line} */\n@theme {{\n" + "\n".join(lines) + "\n}\n"


def design_tokens(bars: Sequence[Bar], about: About) -> str:
    """Write design tokens (JSON).

    Source: Design Tokens Format Module 2025.10 and its colour module, https://www.designtokens.org
    """
    tokens = {
        slug(bar): {
            "$value": {
                "colorSpace": "srgb",
                "components": [round(part / 255, 4) for part in hex_to_rgb(bar.worn)],
                "hex": bar.worn,
            },
            "$description": f"{bar.says}, {bar.share:.0%} of the palette",
        }
        for bar in bars
    }
    own = {"genres": list(about.genres), "version": about.version, "source": about.source}
    head = {"$description": about.line, "$extensions": {"io.github.genre-hues": own}}
    return json.dumps({**head, "hue": {"$type": "color", **tokens}}, indent=2) + "\n"


def gimp_palette(bars: Sequence[Bar], about: About) -> str:
    """Write a GIMP palette (.gpl), which Inkscape, Krita, Scribus and GIMP open.

    Source: https://developer.gimp.org/core/standards/gpl/
    """
    name = " ".join(about.title.split())
    head = f"GIMP Palette\nName: {name}\nColumns: {len(bars)}\n# {about.line}\n"
    rows = []
    for bar in bars:
        red, green, blue = hex_to_rgb(bar.worn)
        rows.append(f"{red:3d} {green:3d} {blue:3d}\t{bar.says}\n")
    return head + "".join(rows)
