"""The palette as files, by links that hold it."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from webapp.pages.downloads import KINDS

HUES = "maroon:500,gold:300,navy:200"


def links(client: FlaskClient, soup) -> dict[str, str]:
    page = soup(client.get("/?example=quiet-below"))
    return {
        link["href"].split("?")[0]: link["href"] for link in page.select("a[href^='/palette.']")
    }


def test_the_results_page_links_to_every_file(app: Flask, client: FlaskClient, soup):
    found = links(client, soup)
    assert set(found) == {f"/palette.{ending}" for ending in KINDS}
    for link in found.values():
        response = client.get(link)
        assert response.status_code == 200
        assert "attachment" in response.headers["Content-Disposition"]
        said = response.data.decode("utf-8", "ignore").replace("\0", "")
        assert "Horror" in said
        assert app.extensions["predictor"].version in said


def test_the_svg_has_the_bars_of_the_page(client: FlaskClient, soup):
    page = soup(client.get("/?example=quiet-below"))
    file = ElementTree.fromstring(client.get(links(client, soup)["/palette.svg"]).text)
    bars = [bar for bar in file if bar.tag.endswith("rect")]
    assert [bar.get("fill") for bar in bars] == [
        bar["fill"] for bar in page.select("svg.barcode rect")
    ]
    total = sum(float(bar.get("width")) for bar in bars)
    for drawn, shown in zip(bars, page.select("svg.barcode rect"), strict=True):
        assert 100 * float(drawn.get("width")) / total == pytest.approx(
            float(shown["width"].rstrip("%")), abs=0.2
        )


def test_the_png_has_the_widths(client: FlaskClient):
    response = client.get(f"/palette.png?hues={HUES}")
    assert response.mimetype == "image/png"
    image = Image.open(io.BytesIO(response.data)).convert("RGB")
    row = [image.getpixel((x, image.height // 2)) for x in range(image.width)]
    assert row.count((128, 0, 0)) == image.width // 2
    assert row[0] == (128, 0, 0)
    assert row[-1] == (0, 0, 128)


def test_the_text_files_name_every_hue(client: FlaskClient):
    css = client.get(f"/palette.css?hues={HUES}")
    assert css.mimetype == "text/css"
    assert "--hue-oxblood: #800000;" in css.text
    palette = client.get(f"/palette.gpl?hues={HUES}").text
    assert palette.startswith("GIMP Palette\n")
    assert "255 215   0\tgolden yellow" in palette


@pytest.mark.parametrize(
    "hues",
    [
        "",
        "maroon",
        "maroon:",
        "maroon:-1",
        "maroon:99999",
        "maroon:1.5",
        "maroon:²",
        "x:1",
        "maroon:0",
        "maroon:1," * 80,
        "maroon:1;gold:1",
        "<script>:1",
        "maroon.xyzxyz:1",
        "maroon.5a211:1",
    ],
)
def test_other_links_are_refused(client: FlaskClient, hues: str):
    for ending in KINDS:
        assert client.get(f"/palette.{ending}", query_string={"hues": hues}).status_code == 400
    assert client.get(f"/palette.exe?hues={HUES}").status_code == 404


def test_a_link_brings_the_worn_colour_and_the_genres(client: FlaskClient):
    link = "/palette.scss?hues=maroon.5a211c:500,gold:500&genres=Horror,Gothic"
    sheet = client.get(link).text
    assert "$hue-oxblood: #5a211c;" in sheet
    assert "Hues of Horror, Gothic." in sheet
    for genres in ("Nonsense", "Horror," + ",".join(["Gothic"] * 9)):
        response = client.get("/palette.scss", query_string={"hues": HUES, "genres": genres})
        assert response.status_code == 400
