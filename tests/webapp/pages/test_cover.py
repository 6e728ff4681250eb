"""Check a cover: what it wears, beside what its genres lean to."""

import io
from collections import Counter
from typing import IO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from werkzeug.datastructures import FileStorage

from webapp.pages.examples import EXAMPLES


def cover(kind: str = "PNG", size: tuple[int, int] = (120, 180), mode: str = "RGB") -> io.BytesIO:
    """Two thirds maroon (#800000) over one third black."""
    image = Image.new("RGB", size, "#800000")
    ImageDraw.Draw(image).rectangle((0, size[1] * 2 // 3, *size), fill="#000000")
    file = io.BytesIO()
    image.convert(mode).save(file, kind)
    file.seek(0)
    return file


def check(send, file: IO[bytes], **fields: str):
    return send("/cover", cover=FileStorage(file, "cover.png"), **fields)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_cover_is_measured(kind: str, send, soup):
    page = soup(check(send, cover(kind)))
    assert page.h1.text.startswith("Dark red, black")
    shares = Counter[str]()
    for hue in page.select(".hues li"):
        shares[hue.select_one(".hue-name").text] += int(
            hue.select_one(".hue-share").text.rstrip("%")
        )
    assert shares["dark red"] == pytest.approx(66, abs=3)
    assert shares["black"] == pytest.approx(33, abs=3)
    assert "Say which genres" in page.select_one("#verdict-heading").parent.text


def test_it_is_placed_among_the_covers_of_its_genres(send, soup):
    page = soup(check(send, cover(), genres="horror, childrens"))
    places = {place.h3.text: place for place in page.select(".place")}
    assert set(places) == {"Horror", "Childrens"}
    percentile = {
        name: float(place.select_one(".bar-fill")["width"].rstrip("%"))
        for name, place in places.items()
    }
    assert percentile["Horror"] > percentile["Childrens"]
    assert "bring it nearer" in places["Childrens"].text
    assert len(page.select("svg.barcode")) == 2


def test_shelves_that_wear_such_colours_are_named_with_how_much_more_often(send, soup):
    said = " ".join(soup(check(send, cover(), genres="horror")).text.split())
    assert "Such colours are worn most often, against an average shelf, by" in said
    assert "Horror (" in said.partition("by ")[2]
    assert "a flat drawing" in said


@pytest.mark.parametrize(("colour", "flaw"), [("#ffffff", "nearly all white"), ("#c03060", "one")])
def test_an_image_without_colours_gets_no_verdict(send, soup, colour: str, flaw: str):
    file = io.BytesIO()
    Image.new("RGB", (120, 180), colour).save(file, "PNG")
    file.seek(0)
    page = soup(check(send, file, genres="horror, business"))
    said = " ".join(page.text.split())
    assert f"This image is {flaw}" in said
    assert "nothing can be said of its shelf" in said
    assert not page.select(".place")


def test_a_shelf_that_colours_cannot_tell_gets_no_figure(send, soup):
    place = soup(check(send, cover(), genres="literary fiction")).select_one(".place")
    if "cannot tell" in place.text:
        assert not place.select(".bar")
    else:
        assert place.select(".bar")


def test_a_description_gives_the_genres_too(app: Flask, send, soup):
    page = soup(check(send, cover(), description=EXAMPLES[2].description))
    assert "Horror" in [place.h3.text for place in page.select(".place")]
    assert EXAMPLES[2].description.split()[0] in page.select_one("#description").text


def test_genres_that_nobody_understands_are_named(send, soup):
    page = soup(check(send, cover(), genres="xyzzy"))
    assert "None of these genres was understood" in page.text
    assert "Not understood: “xyzzy”." in page.text


def test_it_says_how_the_genres_were_read(send, soup):
    page = soup(check(send, cover(), genres="scary ghost stories about witchcraft; horor; xyzzy"))
    said = " ".join(page.text.split())
    assert "“horor” is read as Horror, as if misspelt." in said
    assert "“xyzzy”" in said.partition("Not understood:")[2]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Choose an image"),
        (b"not an image at all", "no JPEG, PNG or WebP"),
        (cover().getvalue()[:200], "damaged or cut short"),
        (b"GIF89a" + bytes(100), "no JPEG, PNG or WebP"),
        (cover().getvalue() + bytes(10 * 1024 * 1024), "larger than 10 MB"),
        (cover(size=(8, 8)).getvalue(), "8 × 8"),
    ],
)
def test_what_is_no_cover_is_refused_at_the_field(send, soup, data: bytes, message: str):
    response = check(send, io.BytesIO(data), genres="horror")
    page = soup(response)
    assert response.status_code == 422
    assert message in page.select_one("#cover-error").text
    assert page.select_one(".summary a")["href"] == "#cover"
    assert "cover-error" in page.select_one("#cover")["aria-describedby"]
    assert page.select_one("#genres")["value"] == "horror"


def test_a_text_instead_of_a_file(send, soup):
    response = send("/cover", cover="just text")
    assert response.status_code == 422
    assert "Choose an image" in soup(response).select_one("#cover-error").text


def test_a_bad_description_is_refused_like_on_the_front_page(send, soup):
    response = check(send, cover(), description="too short")
    assert response.status_code == 422
    assert "2 words" in soup(response).select_one("#description-error").text


def test_a_huge_body_is_refused(send):
    assert check(send, io.BytesIO(bytes(31 * 1024 * 1024))).status_code == 413


def test_the_results_page_leads_here_with_its_genres(client: FlaskClient, soup):
    page = soup(client.get("/?example=quiet-below"))
    link = next(link["href"] for link in page.select("a") if link["href"].startswith("/cover?"))
    assert "Horror" in soup(client.get(link)).select_one("#genres")["value"]
