from pathlib import Path

import numpy as np
import pytest

from ml.codes import Bisac, codes_for
from ml.codes.bisac import Heading, Wanted, sections
from ml.codes.tables import subjects
from ml.errors import InputError

# Codes are invented, and the headings say what any shop's sign would.
HEADINGS = """\
ZZZ000001,FICTION / General
ZZZ000002,FICTION / Romance / General
ZZZ000003,FICTION / Romance / Sports
ZZZ000004,FICTION / Mystery & Crime / General
ZZZ000005,FICTION / Mystery & Crime / Cozy / General
ZZZ000006,JUVENILE FICTION / Fantasy & Magic
ZZZ000007,YOUNG ADULT FICTION / Fantasy / General
ZZZ000008,COOKING / General
"""


def embed(text: str):
    """Return the mean of its words' own directions: only shared words make texts near."""
    words = [np.random.default_rng(sum(map(ord, w))).normal(size=256) for w in text.lower().split()]
    vector = np.sum(words, axis=0)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def bisac(tmp_path) -> Bisac:
    path = tmp_path / "bisac.csv"
    path.write_text("\ufeffCode,Heading\n" + HEADINGS, encoding="utf-8")
    return Bisac.load(path, embed)


def named(headings):
    return [heading.heading for heading in headings]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([Wanted("FRN", "Romance > Sports")], ["FICTION / Romance / Sports"]),
        ([Wanted("FRD", "Romance > Contemporary")], ["FICTION / Romance / General"]),
        ([Wanted("FFJ", "Mystery > Cosy")], ["FICTION / Mystery & Crime / Cozy / General"]),
        ([Wanted("FLS", "Space Opera")], ["FICTION / General"]),
        ([Wanted("YFH", "Fantasy")], ["JUVENILE FICTION / Fantasy & Magic"]),
        ([Wanted("YFH", "Fantasy", True)], ["YOUNG ADULT FICTION / Fantasy / General"]),
        ([Wanted("LNCJ", "Contract law")], []),
        (
            [Wanted("FRN", "Romance > Sports"), Wanted("FR", "Romance"), Wanted("WB", "Food")],
            ["FICTION / Romance / Sports", "COOKING / General"],
        ),
    ],
)
def test_headings_are_the_nearest_of_their_section(bisac, wanted, expected):
    assert named(bisac.propose(wanted)) == expected


def test_a_books_codes_carry_its_headings(bisac, prediction):
    codes = codes_for(prediction(Fiction=0.9, Romance=0.9, Sports=0.8), "", bisac=bisac)
    assert codes.as_json()["bisac"] == [
        {"code": "ZZZ000003", "heading": "FICTION / Romance / Sports"}
    ]
    assert "bisac" not in codes_for(prediction(Romance=0.9), "").as_json()


def test_every_thema_subject_has_a_section():
    beginnings = tuple(sections())
    assert not [rule.code for rule in subjects() if not rule.code.startswith(beginnings)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("code,subject\nABC000001,X\n", "expected the columns code and heading, found code, subj"),
        ("code,heading\nABC1,X\n", "line 2: expected three letters and six digits"),
        ("code,heading\nABC000001,X\nABC000001,Y\n", "line 3: ABC000001 stands there twice"),
        ("code,heading\n", "holds no headings"),
        ("", "found none"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path, content, message):
    path = tmp_path / "bisac.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        Bisac.load(path, embed)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match=r"gone.csv: cannot be read"):
        Bisac.load(Path(tmp_path / "gone.csv"), embed)


def test_a_heading_knows_its_path():
    heading = Heading("ZZZ000009", "SELF-HELP / General")
    assert heading.path == ("self help", "general")
    assert heading.is_general
