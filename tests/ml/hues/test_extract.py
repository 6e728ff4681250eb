"""Measuring covers: known colours, every kind of image, and every kind of bad one."""

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from ml.hues.extract import CoverError, extract_palette, neutral
from ml.hues.image import MAX_BYTES, MAX_PIXELS

KNOWN = {"maroon": 0.4, "gold": 0.3, "black": 0.2, "white": 0.1}


def assert_known(palette, within=0.03):
    for name, share in KNOWN.items():
        assert palette.shares.get(name, 0) == pytest.approx(share, abs=within), name
    assert sum(palette.shares.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("form", "options"),
    [("PNG", {}), ("JPEG", {"quality": 90}), ("JPEG", {"progressive": True}), ("WEBP", {})],
)
def test_known_colours_are_found(stripes, encode, form, options):
    palette = extract_palette(encode(stripes, form, **options))
    assert_known(palette)
    assert palette.colours[0].name == "maroon"
    assert palette.colours[0].difference < 3


def test_a_file_and_its_bytes_give_the_same_palette(stripes, encode, tmp_path):
    path = tmp_path / "cover.png"
    path.write_bytes(encode(stripes))
    assert extract_palette(path) == extract_palette(path.read_bytes())


@pytest.mark.parametrize("mode", ["P", "CMYK", "RGBA", "LA", "L", "1", "I;16"])
def test_every_mode_is_read(stripes, encode, mode):
    if mode == "I;16":
        levels = np.asarray(stripes.convert("L")).astype(np.uint16) * 257
        image = Image.fromarray(levels)
    else:
        image = stripes.convert(mode)
    palette = extract_palette(encode(image, "JPEG" if mode == "CMYK" else "PNG"))
    if mode in ("P", "CMYK", "RGBA"):
        assert_known(palette, within=0.06)
    else:
        assert set(palette.shares) <= {"black", "white", "grey"}
        assert palette.shares["white"] == pytest.approx(0.1, abs=0.35)


def test_sixteen_bits_keep_their_lightness(encode):
    levels = np.full((64, 64), 30_000, np.uint16)
    assert extract_palette(encode(Image.fromarray(levels))).colours[0].hex == "#747474"


def test_transparency_is_laid_on_white(encode):
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((128, 0, 0, 255), (0, 0, 50, 100))
    assert extract_palette(encode(image)).shares == pytest.approx(
        {"maroon": 0.5, "white": 0.5}, abs=0.02
    )


def test_rotation_changes_nothing(stripes, encode):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = extract_palette(encode(stripes, "JPEG", exif=exif, quality=90))
    assert turned == extract_palette(encode(stripes, "JPEG", quality=90))


def swapped_profile():
    """An RGB profile that is not sRGB: its red and green primaries have changed places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    data[red + 4 : red + 12], data[green + 4 : green + 12] = (
        data[green + 4 : green + 12],
        data[red + 4 : red + 12],
    )
    return bytes(data).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))


def test_an_embedded_profile_is_honoured(encode):
    image = Image.new("RGB", (64, 64), (255, 0, 0))
    plain = extract_palette(encode(image)).colours[0]
    swapped = extract_palette(encode(image, icc_profile=swapped_profile())).colours[0]
    assert plain.hex == "#ff0000"
    assert swapped.hex == "#00ff00"


def test_a_broken_profile_is_passed_over(encode):
    image = Image.new("RGB", (64, 64), (128, 0, 0))
    broken = extract_palette(encode(image, icc_profile=b"not a profile at all"))
    assert broken == extract_palette(encode(image))


def test_one_colour_is_one_cluster(encode):
    palette = extract_palette(encode(Image.new("RGB", (300, 500), "#4682b4")))
    assert [(c.hex, c.share, c.css) for c in palette.colours] == [("#4682b4", 1.0, "steelblue")]


@pytest.mark.parametrize(
    ("lab", "name"),
    [
        ((12.9, 60, 0), "black"),
        ((19.9, 7.9, 0), "black"),
        ((19.9, 8.1, 5), None),
        ((93.1, 9.9, 0), "white"),
        ((50.0, 8.9, 0), "grey"),
        ((50.0, 9.1, 0), None),
    ],
)
def test_the_rule_for_achromatic_colours(lab, name):
    assert neutral(np.array(lab, dtype=float)) == name


def png_header(width, height):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def animated(encode, form):
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue", "green")]
    return encode(frames[0], form, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("empty", "is empty"),
        ("text", "no JPEG, PNG or WebP"),
        ("gif", "no JPEG, PNG or WebP"),
        ("svg", "no JPEG, PNG or WebP"),
        ("cut jpeg", "damaged or cut short"),
        ("cut png", "damaged or cut short"),
        ("cut webp", "JPEG, PNG or WebP|damaged"),
        ("bomb", "at most 10 million"),
        ("giant bomb", "at most 10 million"),
        ("long bomb", "at most 10 million"),
        ("animated png", "animated"),
        ("animated webp", "animated"),
        ("tiny", "needs 16"),
        ("large file", "larger than 10 MB"),
    ],
)
def test_bad_files_are_refused_with_the_reason(stripes, encode, kind, message):
    jpeg, webp = encode(stripes, "JPEG"), encode(stripes, "WEBP")
    data = {
        "empty": b"",
        "text": b"a cover? no, a letter\n" * 40,
        "gif": encode(stripes, "GIF"),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "cut jpeg": jpeg[: len(jpeg) // 2],
        "cut png": encode(stripes)[:-400],
        "cut webp": webp[: len(webp) // 2],
        "bomb": png_header(5000, 5000),
        "giant bomb": png_header(60_000, 60_000),
        "long bomb": png_header(1, MAX_PIXELS + 1),
        "animated png": animated(encode, "PNG"),
        "animated webp": animated(encode, "WEBP"),
        "tiny": encode(Image.new("RGB", (15, 600))),
        "large file": jpeg + b"\0" * MAX_BYTES,
    }[kind]
    with pytest.raises(CoverError, match=message):
        extract_palette(data)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CoverError, match="cannot be read"):
        extract_palette(tmp_path / "none.png")


def test_random_damage_never_escapes_as_another_error(stripes, encode):
    rng = np.random.default_rng(3)
    for form in ("PNG", "JPEG", "WEBP"):
        whole = encode(stripes, form)
        for _ in range(60):
            data = bytearray(whole)
            for place in rng.integers(0, len(data), 6):
                data[place] = rng.integers(0, 256)
            try:
                extract_palette(bytes(data))
            except CoverError as error:
                assert str(error).endswith(".")  # noqa: PT017


def test_the_largest_image_needs_little_more_than_its_pixels(encode):
    data = encode(Image.new("RGB", (2500, 4000), "teal"))
    tracemalloc.start()
    extract_palette(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 2**20
    assert io.BytesIO(data).getbuffer().nbytes < MAX_BYTES
