"""200 files that someone might send instead of a cover: cut, damaged, huge, disguised, odd.

`KINDS` makes them, always the same ones, one at a time: a name and the bytes of each.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from PIL import Image, ImageCms

from ml.hues.image import MAX_BYTES, MAX_LAYERED_PIXELS, MAX_PIXELS

Made = Iterator[tuple[str, bytes]]
PNG = b"\x89PNG\r\n\x1a\n"
_SIZE = (400, 600)
_MIB = 1024 * 1024
_RIFF_HEAD = 12


@cache
def _cover() -> Image.Image:
    """Draw a cover of soft shapes with grain."""
    rng = np.random.default_rng(1)
    rough = Image.fromarray(rng.integers(0, 256, (6, 4, 3), dtype=np.uint8))
    smooth = np.asarray(rough.resize(_SIZE, Image.Resampling.BICUBIC)).astype(float)
    grain = smooth + rng.normal(0, 10, smooth.shape)
    return Image.fromarray(grain.clip(0, 255).astype(np.uint8))


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@cache
def _plain(form: str, *, progressive: bool = False) -> bytes:
    return _saved(_cover(), form, **({"progressive": True} if progressive else {}))


def _chunk(kind: bytes, data: bytes, crc: int | None = None) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", crc or zlib.crc32(body))


def _png(
    width: int,
    height: int,
    *,
    depth: int = 8,
    colour: int = 2,
    interlaced: bool = False,
    data: bytes | None = None,
    before: bytes = b"",
) -> bytes:
    """Return a PNG with this header; all samples 0 unless `data` (compressed) is given."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    if data is None:
        bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
        data = _zeros(height * (1 + (width * bits + 7) // 8) + (8 * height if interlaced else 0))
    return PNG + _chunk(b"IHDR", head) + before + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _zeros(count: int) -> bytes:
    """Return that many zeros, compressed, without holding them."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(min(_MIB, count - done))) for done in range(0, count, _MIB)]
    return b"".join((*parts, packer.flush()))


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _no_image() -> Made:
    noise = np.random.default_rng(2).bytes
    yield "empty", b""
    yield "one byte", b"\xff"
    yield "only the PNG signature", PNG
    yield "only the JPEG signature", b"\xff\xd8\xff"
    yield "only the WebP signature", b"RIFF\x00\x00\x00\x00WEBP"
    yield "zeros", bytes(4096)
    for size in (1024, _MIB):
        yield f"noise of {size} bytes", noise(size)
    for name, mark in (
        ("PNG", PNG),
        ("JPEG", b"\xff\xd8\xff\xe0"),
        ("WebP", b"RIFF\xff\xff\xff\xffWEBPVP8 "),
    ):
        yield f"noise after a {name} signature", mark + noise(5000)
    yield "text", b"A cover? No, a letter.\n" * 50
    yield "program text", b"<?php system($_GET['c']); ?>"


def _cut() -> Made:
    for name, whole in (
        ("PNG", _plain("PNG")),
        ("JPEG", _plain("JPEG")),
        ("progressive JPEG", _plain("JPEG", progressive=True)),
        ("WebP", _plain("WEBP")),
    ):
        for percent in (1, 5, 20, 50, 80, 95, 99):
            yield f"{name} cut at {percent} %", whole[: len(whole) * percent // 100]


def _damaged() -> Made:
    rng = np.random.default_rng(3)
    for form in ("PNG", "JPEG", "WEBP"):
        for number in range(8):
            data = bytearray(_plain(form))
            for place in rng.integers(0, min(len(data), 40 + 4000 * number), 8):
                data[place] = rng.integers(0, 256)
            yield f"{form} with damaged bytes {number}", bytes(data)


def _bombs() -> Made:
    little = zlib.compress(bytes(99))
    for width, height in (
        (5000, 5000), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (1, MAX_PIXELS + 1),
        (MAX_PIXELS + 1, 1), (0, 0), (0, 600), (MAX_PIXELS, 1), (16, 600_000), (600_000, 16),
    ):  # fmt: skip
        yield f"PNG header of {width} x {height}", _png(width, height, data=little)
    yield "PNG of 12,000 x 12,000 pixels of one bit", _png(12_000, 12_000, depth=1, colour=0)
    yield "PNG of 16 x 600,000 pixels", _png(16, 600_000)
    yield "PNG of 600,000 x 16 pixels", _png(600_000, 16)
    yield "small PNG with 200 MB of samples", _png(64, 64, data=_zeros(200 * _MIB))
    yield (
        "PNG with a 200 MB text",
        _png(64, 64, before=_chunk(b"zTXt", b"Comment\0\0" + _zeros(200 * _MIB))),
    )
    yield (
        "PNG with a 100 MB profile",
        _png(64, 64, before=_chunk(b"iCCP", b"icc\0\0" + _zeros(100 * _MIB))),
    )
    jpeg = bytearray(_plain("JPEG"))
    sof = jpeg.index(b"\xff\xc0")
    for height, width in ((65_535, 65_535), (65_500, 183), (0, 400)):
        jpeg[sof + 5 : sof + 9] = struct.pack(">HH", height, width)
        yield f"JPEG header of {width} x {height}", bytes(jpeg)
    canvas = struct.pack("<I", 0x10) + b"\xff\xff\xff" * 2
    yield "WebP canvas of 16 million squared", _riff(b"VP8X" + struct.pack("<I", 10) + canvas)


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _other_formats() -> Made:
    for form in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "JPEG2000", "AVIF"):
        yield form, _saved(_cover().resize((64, 96)), form)
    yield "animated GIF", _frames("GIF", 20)
    tags = [(256, 4, 1, 200_000), (257, 4, 1, 200_000), (258, 3, 1, 8), (259, 3, 1, 5)]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    yield "TIFF bomb", b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(64)
    yield "drawing", b"<svg xmlns='http://www.w3.org/2000/svg' width='99999' height='99999'/>"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield (
        "drawing of a billion laughs",
        f'<!DOCTYPE s [<!ENTITY l0 "ha">{laughs}]><svg>&l9;</svg>'.encode(),
    )
    yield "PDF", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF"
    yield "PostScript that opens a file", b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n"
    yield "ZIP", _zip()
    yield "gzip", b"\x1f\x8b\x08\0" + bytes(40)
    yield "HEIC", b"\0\0\0\x18ftypheic" + bytes(64)
    yield "MP4", b"\0\0\0\x18ftypmp42" + bytes(64)
    yield "program", b"\x7fELF\x02\x01\x01" + bytes(64)
    yield "Photoshop", b"8BPS\0\x01" + bytes(64)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cover.png", bytes(10 * _MIB))
    return buffer.getvalue()


def _disguised() -> Made:
    for form in ("PNG", "JPEG", "WEBP"):
        yield f"{form} with a ZIP behind it", _plain(form) + _zip()
        yield f"{form} with a script behind it", _plain(form) + b"<script>alert(1)</script>"
    yield "ZIP before a JPEG", _zip() + _plain("JPEG")
    yield (
        "JPEG with program text in a comment",
        (_plain("JPEG")[:2] + _segment(0xFE, b"<?php system('id'); ?>") + _plain("JPEG")[2:]),
    )
    yield "WebP called RIFF of sound", b"RIFF" + _plain("WEBP")[4:8] + b"WAVE" + _plain("WEBP")[12:]
    yield "PNG after a byte order mark", b"\xef\xbb\xbf" + _plain("PNG")


def _frames(form: str, count: int) -> bytes:
    first, *rest = (Image.new("RGB", (64, 96), (37 * n % 256, 40, 90)) for n in range(count))
    return _saved(first, form, save_all=True, append_images=rest)


def _animated() -> Made:
    for count in (2, 50, 500):
        yield f"PNG of {count} frames", _frames("PNG", count)
        yield f"WebP of {count} frames", _frames("WEBP", count)
    yield "several photos in one JPEG", _frames("MPO", 3)
    control = _chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    yield "PNG that claims two billion frames", _png(64, 96, before=control)


def _modes() -> Made:
    for colour, name in ((0, "grey"), (2, "RGB"), (4, "grey and alpha"), (6, "RGBA")):
        yield f"16-bit {name} PNG", _png(*_SIZE, depth=16, colour=colour)
        yield f"interlaced 8-bit {name} PNG", _png(*_SIZE, colour=colour, interlaced=True)
    for depth in (1, 2, 4):
        yield f"{depth}-bit grey PNG", _png(*_SIZE, depth=depth, colour=0)
    yield "CMYK JPEG", _saved(_cover().convert("CMYK"), "JPEG")
    adobe = b"Adobe\0\x64\0\0\0\0"
    for transform in (0, 2, 9):
        cmyk = _saved(_cover().convert("CMYK"), "JPEG")
        marker = _segment(0xEE, adobe + bytes([transform]))
        yield f"CMYK JPEG with Adobe transform {transform}", cmyk[:2] + marker + cmyk[2:]
    palette = _cover().convert("P")
    yield "palette PNG with one transparent colour", _saved(palette, "PNG", transparency=3)
    yield (
        "palette PNG with 256 degrees of transparency",
        _saved(palette, "PNG", transparency=bytes(range(256))),
    )
    yield "palette PNG without its palette", _png(64, 96, colour=3)
    short = _chunk(b"PLTE", bytes(6))
    yield (
        "palette PNG with colours past its palette",
        _png(64, 96, colour=3, before=short, data=zlib.compress(bytes([0] + [255] * 64) * 96)),
    )
    for form in ("PNG", "WEBP"):
        yield f"{form} that is all transparent", _saved(Image.new("RGBA", _SIZE), form)
    yield (
        "PNG of an unknown depth",
        _png(64, 96, depth=8, colour=2).replace(b"\x08\x02", b"\x07\x05"),
    )


def _metadata() -> Made:
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"JPEG turned by EXIF {orientation}", _saved(_cover(), "JPEG", exif=exif)
    whole = _plain("JPEG")
    loop = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + b"\x08\0\0\0"
    for name, data in (
        ("broken EXIF", b"Exif\0\0MM\0*\xff\xff\xff\xff"),
        ("EXIF that points at itself", loop),
        ("64 KB of EXIF", b"Exif\0\0II*\0" + bytes(65_000)),
        ("XMP of entities", b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x [<!ENTITY a 'aa'>]>"),
    ):
        yield f"JPEG with {name}", whole[:2] + _segment(0xE1, data) + whole[2:]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for name, profile in (
        ("a profile of noise", np.random.default_rng(4).bytes(3000)),
        ("half a profile", srgb[: len(srgb) // 2]),
        ("a profile for CIELAB", lab),
        ("a 5 MB profile", srgb + bytes(5 * _MIB)),
    ):
        yield f"PNG with {name}", _saved(_cover(), "PNG", icc_profile=profile)
        yield (
            f"CMYK JPEG with {name}",
            _saved(_cover().convert("CMYK"), "JPEG", icc_profile=profile[: 2 * _MIB]),
        )


def _chunks() -> Made:
    text = _chunk(b"tEXt", b"Comment\0x")
    yield "PNG of 200,000 texts", _png(64, 96, before=text * 200_000)
    yield "PNG of 200,000 private chunks", _png(64, 96, before=_chunk(b"prVt", b"") * 200_000)
    yield "PNG of 800,000 private chunks", _png(64, 96, before=_chunk(b"prVt", b"") * 800_000)
    yield "PNG of 200,000 empty samples", _png(64, 96, before=_chunk(b"IDAT", b"") * 200_000)
    yield "PNG with a wrong checksum", _png(64, 96, before=_chunk(b"tEXt", b"Comment\0x", crc=1))
    whole = _png(64, 96)
    yield "PNG without an end", whole[:-12]
    yield "PNG without samples", whole[:33] + whole[-12:]
    yield "PNG with two headers", whole[:33] + whole[8:]
    yield "PNG with a chunk of two gigabytes", whole[:33] + b"\x7f\xff\xff\xffIDAT" + whole[41:]
    jpeg = _plain("JPEG")
    yield "JPEG of 60,000 comments", jpeg[:2] + _segment(0xFE, b"hello") * 60_000 + jpeg[2:]
    yield "JPEG of two million comments", jpeg[:2] + _segment(0xFE, b"") * 2_000_000 + jpeg[2:]
    yield "JPEG with 9 MB of padding", jpeg[:2] + b"\xff" * 9 * _MIB + jpeg[2:]
    yield "JPEG with 9 MB of zeros before its header", jpeg[:2] + bytes(9 * _MIB) + jpeg[2:]
    yield "JPEG with two starts", jpeg[:2] + jpeg
    yield (
        "WebP with 50,000 unknown chunks",
        _riff(_plain("WEBP")[_RIFF_HEAD:] + b"JUNK\x02\0\0\0ab" * 50_000),
    )


def _heavy() -> Made:
    """Make the largest that is read, in every way that costs time; and what is just too large."""
    for depth, colour, name in ((8, 2, "RGB"), (16, 2, "16-bit RGB"), (16, 6, "16-bit RGBA")):
        million = (MAX_LAYERED_PIXELS if colour == 6 else MAX_PIXELS) // 10**6
        for interlaced in (False, True):
            way = "interlaced " if interlaced else ""
            yield (
                f"{way}{name} PNG of {million} million pixels",
                _png(2500, million * 400, depth=depth, colour=colour, interlaced=interlaced),
            )
    rng = np.random.default_rng(5)
    noise = Image.fromarray(rng.integers(0, 256, (1750, 1900, 3), dtype=np.uint8))
    yield "PNG of noise near 10 MB", _saved(noise, "PNG", compress_level=1)
    width, height = 2500, MAX_PIXELS // 2500
    big = _cover().resize((width, height))
    for form, name, options in (
        ("JPEG", "JPEG", {"quality": 95}),
        ("JPEG", "progressive JPEG", {"quality": 95, "progressive": True}),
        ("WEBP", "WebP", {"quality": 90, "method": 0}),
    ):
        yield f"{name} of 10 million pixels", _saved(big, form, **options)
    allowed = _cover().resize((2000, MAX_LAYERED_PIXELS // 2000))
    for lossless in (False, True):
        kind = "lossless WebP" if lossless else "WebP"
        yield (
            f"{kind} of 5 million pixels",
            _saved(allowed, "WEBP", lossless=lossless, method=0, quality=80 if not lossless else 0),
        )
    yield "CMYK JPEG of 10 million pixels", _saved(big.convert("CMYK"), "JPEG")
    yield "progressive JPEG of 10 million pixels and 2,000 scans", _many_scans(width, height, 2000)
    yield "20 MB of noise", rng.bytes(20 * _MIB)
    yield "JPEG filled up to 10 MB", _plain("JPEG").ljust(MAX_BYTES, b"\0")
    yield "JPEG filled up past 10 MB", _plain("JPEG").ljust(MAX_BYTES + 1, b"\0")
    yield "40 MB", bytes(40 * _MIB)


def _many_scans(width: int, height: int, count: int) -> bytes:
    """Make a progressive JPEG whose last scan repeats: each is a walk over all blocks."""
    whole = _saved(Image.new("L", (width, height), 90), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + b"\xff\xd9"


KINDS: dict[str, Callable[[], Made]] = {
    "no image": _no_image,
    "cut": _cut,
    "damaged": _damaged,
    "bombs": _bombs,
    "other formats": _other_formats,
    "disguised": _disguised,
    "animated": _animated,
    "modes": _modes,
    "metadata": _metadata,
    "parts": _chunks,
    "heavy": _heavy,
}
"""Kind of file -> what makes them. Bombs, parts and heavy ones take seconds to make."""
