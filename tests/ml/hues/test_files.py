"""A palette as files, each read back by another tool or by its published layout."""

import io
import json
import struct
from xml.etree import ElementTree

import pytest
from PIL import Image

from ml.hues import HueTable, export, swatches
from ml.hues.colour import hex_to_rgb

ABOUT = export.About(("Horror", "Gothic <novels>"), "2026.1")
SOURCE = "Genre Hues 2026.1: mean colours measured on covers"


@pytest.fixture(scope="module")
def bars():
    return HueTable.load().palette({"Horror": 1.0}).hues


def test_svg(bars):
    svg = export.barcode_svg(bars, ABOUT, width=1000)
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "Hues of Horror, Gothic <novels>"
    assert SOURCE in root.find(f"{space}desc").text
    drawn = [(rect.get("fill"), float(rect.get("width"))) for rect in root.findall(f"{space}rect")]
    assert [colour for colour, _ in drawn] == [bar.worn for bar in bars]
    widths = [1000 * bar.share for bar in bars]
    assert [width for _, width in drawn] == pytest.approx(widths, abs=0.01)


def test_png(bars):
    with Image.open(io.BytesIO(swatches.barcode_png(bars, ABOUT, 1000, 50))) as image:
        assert image.size == (1000, 50)
        assert image.info["Title"] == ABOUT.title
        assert SOURCE in image.info["Source"]
        found = {code: count / 50_000 for count, code in image.getcolors()}
    for bar in bars:
        assert found[hex_to_rgb(bar.worn)] == pytest.approx(bar.share, abs=0.002)


def read_ase(data):
    """Read a swatch exchange file by its layout: (group name, [(name, model, values, type)])."""
    signature, major, minor, count = struct.unpack_from(">4sHHI", data)
    assert (signature, major, minor) == (b"ASEF", 1, 0)
    place, group, colours = 12, None, []
    for _ in range(count):
        kind, length = struct.unpack_from(">HI", data, place)
        body, place = data[place + 6 : place + 6 + length], place + 6 + length
        if kind == 0xC002:
            assert body == b""
            continue
        units = struct.unpack_from(">H", body)[0]
        name, rest = body[2 : 2 + 2 * units].decode("utf-16-be"), body[2 + 2 * units :]
        assert name.endswith("\0")
        if kind == 0xC001:
            group = name[:-1]
        else:
            colours.append((name[:-1], *struct.unpack(">4s3fH", rest)))
    assert place == len(data)
    return group, colours


def test_swatch_exchange(bars):
    group, colours = read_ase(swatches.swatch_exchange(bars, ABOUT))
    assert group == ABOUT.line
    assert [name for name, *_ in colours] == [bar.says for bar in bars]
    for (_, model, red, green, blue, kind), bar in zip(colours, bars, strict=True):
        assert (model, kind) == (b"RGB ", 2)
        assert [round(255 * part) for part in (red, green, blue)] == list(hex_to_rgb(bar.worn))


def test_colour_swatches(bars):
    data = swatches.colour_swatches(bars, ABOUT)
    expected = [(0, *(257 * part for part in hex_to_rgb(bar.worn)), 0) for bar in bars]
    assert struct.unpack_from(">HH", data) == (1, 10)
    assert list(struct.iter_unpack(">5H", data[4:104])) == expected
    assert struct.unpack_from(">HH", data, 104) == (2, 10)
    place, names = 108, []
    for colour in expected:
        assert struct.unpack_from(">5H", data, place) == colour
        zero, units = struct.unpack_from(">HH", data, place + 10)
        assert zero == 0
        names.append(data[place + 14 : place + 14 + 2 * units].decode("utf-16-be"))
        place += 14 + 2 * units
    assert place == len(data)
    assert names[0] == f"{bars[0].says} ({ABOUT.line})\0"
    assert names[1:] == [f"{bar.says}\0" for bar in bars[1:]]


def test_design_tokens(bars):
    tokens = json.loads(export.design_tokens(bars, ABOUT))
    own = tokens["$extensions"]["io.github.genre-hues"]
    assert own["genres"] == list(ABOUT.genres)
    assert own["version"] == "2026.1"
    assert tokens["hue"].pop("$type") == "color"
    for (name, token), bar in zip(tokens["hue"].items(), bars, strict=True):
        assert name == bar.says.replace(" ", "-")
        assert token["$value"]["colorSpace"] == "srgb"
        assert token["$value"]["hex"] == bar.worn
        parts = [round(255 * part) for part in token["$value"]["components"]]
        assert parts == list(hex_to_rgb(bar.worn))


@pytest.mark.parametrize(
    ("write", "line"),
    [
        (export.css_variables, "--hue-{slug}: {worn};"),
        (export.scss_variables, "$hue-{slug}: {worn};"),
        (export.tailwind_theme, "--color-{slug}: {worn};"),
    ],
)
def test_style_sheets(bars, write, line):
    text = write(bars, export.About(("Horror */ }",), "2026.1"))
    assert "Hues of Horror }" in text.splitlines()[0]
    assert SOURCE in text.splitlines()[0]
    for bar in bars:
        assert line.format(slug=bar.says.replace(" ", "-"), worn=bar.worn) in text


def test_gimp_palette(bars):
    lines = export.gimp_palette(bars, ABOUT).splitlines()
    assert lines[:3] == ["GIMP Palette", "Name: Hues of Horror, Gothic <novels>", "Columns: 10"]
    assert lines[3].startswith("# ")
    assert SOURCE in lines[3]
    for line, bar in zip(lines[4:], bars, strict=True):
        colour, name = line.split("\t")
        assert tuple(map(int, colour.split())) == hex_to_rgb(bar.worn)
        assert name == bar.says
