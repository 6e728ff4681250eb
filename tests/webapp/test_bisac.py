"""A site whose keeper brought BISG's list."""

from pathlib import Path

import pytest

from webapp import create_app
from webapp.config import ConfigurationError

BLURB = "A retired teacher and her cat solve the murder of the village baker. A cosy mystery."


def test_page_and_api_propose_headings_of_the_list_that_was_brought(tmp_path: Path) -> None:
    brought = tmp_path / "bisac.csv"
    brought.write_text(
        "code,heading\nZZZ000001,FICTION / Mystery / General\n"
        "ZZZ000002,YOUNG ADULT FICTION / Fantasy / General\n",
        encoding="utf-8",
    )
    client = create_app({"RATE_LIMIT": "", "BISAC_FILE": brought}).test_client()
    answer = client.post("/api/v1/predict", json={"description": BLURB, "codes": True}).get_json()
    assert answer["codes"]["bisac"] == [
        {"code": "ZZZ000001", "heading": "FICTION / Mystery / General"}
    ]
    page = client.get("/?example=salt-road", follow_redirects=True).text
    assert "ZZZ000002" in page
    assert "BISAC_FILE" not in page


def test_a_list_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"BISAC_FILE: .*gone.csv: cannot be read"):
        create_app({"BISAC_FILE": tmp_path / "gone.csv"})
