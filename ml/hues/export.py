"""A palette as files: barcode (SVG, PNG), CSS variables, GIMP palette. Pure functions.

Each takes bars in the order to draw them: a palette's `barcode`, or a cover's `bars`.
"""

import io
from collections.abc import Sequence
from html import escape
from typing import Protocol

from ml.hues.colour import hex_to_rgb


class Bar(Protocol):
    """A named colour and its share of the barcode."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def hex(self) -> str: ...  # noqa: D102
    @property
    def share(self) -> float: ...  # noqa: D102


def barcode_svg(bars: Sequence[Bar], title: str, width: int = 1200, height: int = 240) -> str:
    """Draw the barcode; bar widths are the shares. `title` is what a screen reader says."""
    total = sum(bar.share for bar in bars)
    rects, x = [], 0.0
    for bar in bars:
        wide = bar.share / total * width
        rects.append(
            f'<rect x="{x:.2f}" width="{wide:.2f}" height="{height}" fill="{bar.hex}">'
            f"<title>{escape(bar.name)} {bar.hex} {bar.share:.0%}</title></rect>"
        )
        x += wide
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" shape-rendering="crispEdges">'
        f"<title>{escape(title)}</title>{''.join(rects)}</svg>\n"
    )


def barcode_png(bars: Sequence[Bar], width: int = 1200, height: int = 240) -> bytes:
    """Draw the barcode as a PNG image (Pillow is imported on first use)."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    total, done = sum(bar.share for bar in bars), 0.0
    for bar in bars:
        left = round(done / total * width)
        done += bar.share
        right = round(done / total * width) - 1
        if right >= left:
            draw.rectangle((left, 0, right, height), fill=bar.hex)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def css_variables(bars: Sequence[Bar], prefix: str = "hue") -> str:
    """Write custom properties, one a hue: `--hue-maroon: #800000; /* 14 % */`."""
    lines = (f"  --{prefix}-{bar.name}: {bar.hex}; /* {bar.share:.0%} */" for bar in bars)
    return ":root {\n" + "\n".join(lines) + "\n}\n"


def gimp_palette(bars: Sequence[Bar], title: str) -> str:
    """Write a GIMP palette (.gpl), which Inkscape, Krita, Scribus and GIMP open.

    Source: https://developer.gimp.org/core/standards/gpl/
    """
    head = f"GIMP Palette\nName: {' '.join(title.split())}\nColumns: {len(bars)}\n#\n"
    rows = []
    for bar in bars:
        red, green, blue = hex_to_rgb(bar.hex)
        rows.append(f"{red:3d} {green:3d} {blue:3d}\t{bar.name}\n")
    return head + "".join(rows)
