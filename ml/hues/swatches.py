"""A palette as binary files: PNG barcode, Adobe's swatch exchange (.ase) and swatches (.aco).

Swatches are sRGB, as designers' tools take them when a file names no profile.
"""

import io
import struct
from collections.abc import Sequence

from ml.hues.colour import hex_to_rgb
from ml.hues.export import About, Bar

_GROUP_START, _GROUP_END, _COLOUR = 0xC001, 0xC002, 0x0001
_NORMAL = 2
"""Colour type of an .ase entry: neither global nor spot."""
_RGB = 0
"""Colour space of an .aco entry."""


def barcode_png(bars: Sequence[Bar], about: About, width: int = 1200, height: int = 240) -> bytes:
    """Draw the barcode as a PNG image (Pillow is imported on first use)."""
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    total, done = sum(bar.share for bar in bars), 0.0
    for bar in bars:
        left = round(done / total * width)
        done += bar.share
        right = round(done / total * width) - 1
        if right >= left:
            draw.rectangle((left, 0, right, height), fill=bar.worn)
    notes = PngInfo()
    notes.add_text("Title", about.title)
    notes.add_text("Source", about.source)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True, pnginfo=notes)
    return buffer.getvalue()


def swatch_exchange(bars: Sequence[Bar], about: About) -> bytes:
    """Write Adobe Swatch Exchange (.ase): a group of RGB swatches, named for the palette.

    Source: the layout that Illustrator writes, version 1.0, as documented at
    http://www.selapa.net/swatches/colors/fileformats.php#adobe_ase
    """
    blocks = [_block(_GROUP_START, _counted(about.line))]
    for bar in bars:
        parts = struct.pack(">3f", *(part / 255 for part in hex_to_rgb(bar.worn)))
        own = _counted(bar.says) + b"RGB " + parts + struct.pack(">H", _NORMAL)
        blocks.append(_block(_COLOUR, own))
    blocks.append(_block(_GROUP_END, b""))
    return b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks)


def colour_swatches(bars: Sequence[Bar], about: About) -> bytes:
    """Write Photoshop colour swatches (.aco): version 1 for old readers, then version 2 with names.

    The format has no room for a title, so the first swatch's name carries it.

    Source: Adobe Photoshop File Formats Specification, "Color Swatches"
    """
    plain, named = [], []
    for place, bar in enumerate(bars):
        red, green, blue = (257 * part for part in hex_to_rgb(bar.worn))
        colour = struct.pack(">5H", _RGB, red, green, blue, 0)
        text = f"{bar.says} ({about.line})" if place == 0 else bar.says
        plain.append(colour)
        named.append(colour + struct.pack(">H", 0) + _counted(text))
    count = len(bars)
    return (
        struct.pack(">HH", 1, count) + b"".join(plain)
        + struct.pack(">HH", 2, count) + b"".join(named)
    )  # fmt: skip


def _counted(text: str) -> bytes:
    """UTF-16 with a final null, after the count of its units."""
    body = (text + "\0").encode("utf-16-be")
    return struct.pack(">H", len(body) // 2) + body


def _block(kind: int, body: bytes) -> bytes:
    return struct.pack(">HI", kind, len(body)) + body
