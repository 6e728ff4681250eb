import json

import pytest

from ml.codes import codes_for
from ml.predictor import Predictor


def subjects(codes):
    return [code.code for code in codes.subjects]


def qualifiers(codes):
    return [code.code for code in codes.qualifiers]


@pytest.mark.parametrize(
    ("labels", "text", "expected"),
    [
        ({"Fiction": 0.9, "Romance": 0.9, "Historical_Fiction": 0.8}, "", ["FRH"]),
        ({"Fiction": 0.9, "Mystery": 0.97, "Cozy_Mystery": 0.9}, "", ["FFJ"]),
        ({"Fiction": 0.9, "Romance": 0.9, "Sports": 0.8}, "", ["FRN"]),
        ({"Fiction": 0.9, "Historical_Fiction": 0.95}, "", ["FV"]),
        ({"Fiction": 0.9, "Historical_Fiction": 0.95, "Mystery": 0.9}, "", ["FFH"]),
        ({"Fiction": 0.9, "Erotica": 0.95, "Erotic_Romance": 0.9, "Romance": 0.9}, "", ["FRX"]),
        ({"Fiction": 0.9, "Romance": 0.9}, "An enemies-to-lovers story.", ["FRLE"]),
        ({"Fiction": 0.9, "Mystery": 0.9}, "DCI Quill is back.", ["FFP"]),
        ({"Fiction": 0.9, "Mystery": 0.9}, "A dci is a code.", ["FF"]),
        ({"Fiction": 0.9, "Short_Stories": 0.9}, "", ["FBA", "FYB"]),
        ({"Fiction": 0.9}, "", ["FBA"]),
        ({"Nonfiction": 0.9, "History": 0.9, "Military_History": 0.8}, "", ["NHW"]),
        ({"Nonfiction": 0.9, "Memoir": 0.9, "Biography": 0.95}, "", ["DNC"]),
        ({"Nonfiction": 0.9, "Cookbooks": 0.9, "Food": 0.95}, "A vegan kitchen.", ["WBJK"]),
        ({"Nonfiction": 0.9}, "", []),
        ({"Fiction": 0.9, "Childrens": 0.9, "Picture_Books": 0.9}, "", ["YBCS"]),
        ({"Fiction": 0.9, "Young_Adult": 0.9, "Fantasy": 0.9, "Romance": 0.8}, "", ["YFHR"]),
        ({"Fiction": 0.9, "Young_Adult": 0.9}, "", ["YFB"]),
        ({"Nonfiction": 0.9, "Childrens": 0.9, "Science": 0.8}, "", ["YNT"]),
        ({"Poetry": 0.9, "Fiction": 0.5}, "Seventeen haiku. More haiku.", ["DCRB"]),
        ({"Plays": 0.9, "Fiction": 0.9}, "", ["DDC"]),
        ({"Manga": 0.9, "Comics": 0.95, "Graphic_Novels": 0.9, "Fiction": 0.9}, "", ["XAM"]),
    ],
)
def test_subjects_are_as_specific_as_the_evidence(prediction, labels, text, expected):
    found = subjects(codes_for(prediction(**labels), text))
    assert found[: len(expected)] == expected
    assert len(found) == len(expected) or expected == ["FRN"]


def test_an_unsure_narrow_code_leaves_the_place_to_its_parent(prediction):
    assert subjects(codes_for(prediction(Fiction=0.9, Mystery=0.95, Cozy_Mystery=0.3), "")) == [
        "FF"
    ]


def test_at_most_three_and_none_beside_its_own_parent(prediction):
    labels = dict.fromkeys(("Romance", "Fantasy", "Horror", "Thriller", "Mystery", "Humor"), 0.9)
    found = subjects(codes_for(prediction(Fiction=0.95, **labels), "A rom-com with a twist."))
    assert len(found) == 3
    assert not any(a != b and a.startswith(b) for a in found for b in found)


def test_words_alone_tell_a_practical_book_but_not_a_novel(prediction):
    text = "Fifty crochet patterns for beginners."
    assert subjects(codes_for(prediction(Picture_Books=0.6, Fiction=0.4), text)) == ["WFBS"]
    assert subjects(codes_for(prediction(Mystery=0.9, Fiction=0.97), text)) == ["FF"]


@pytest.mark.parametrize(
    ("labels", "text", "expected"),
    [
        ({"Fiction": 0.9}, "She opens a bakery in Paris.", ["1DDF-FR-LAA"]),
        ({"Fiction": 0.9}, "Paris never liked her brother.", []),
        ({"Fiction": 0.9}, "A New York Times bestseller.", []),
        ({"Fiction": 0.9}, "The author lives in Seattle with her two cats.", []),
        ({"Fiction": 0.9, "Historical_Fiction": 0.9}, "London, 1888.", ["1DDU-GB-ESL", "3MNQ"]),
        ({"Fiction": 0.9, "Historical_Fiction": 0.9}, "A Victorian tale.", ["3MNQ-GB-V"]),
        ({"Fiction": 0.9, "Historical_Fiction": 0.9}, "Winner of the 1943 prize.", []),
        ({"Fiction": 0.9, "Thriller": 0.9}, "Room 1943 is locked.", []),
        ({"Fiction": 0.9, "Young_Adult": 0.9}, "", ["5AN"]),
        ({"Fiction": 0.9, "Childrens": 0.9}, "For ages 7 to 9.", ["5AH"]),
        ({"Fiction": 0.9, "Childrens": 0.9, "Picture_Books": 0.9}, "Ages 4-8.", ["5AD"]),
        ({"Fiction": 0.9, "Romance": 0.9}, "For readers aged 18 and up.", []),
        ({"Fiction": 0.9, "Romance": 0.9, "Christmas": 0.9}, "", []),
        ({"Fiction": 0.9, "Romance": 0.9, "Christmas": 0.9}, "One Christmas.", ["5HPD"]),
        ({"Fiction": 0.9, "Romance": 0.9, "Lesbian": 0.9}, "", ["5PSL"]),
    ],
)
def test_qualifiers_are_what_labels_and_text_support(prediction, labels, text, expected):
    assert qualifiers(codes_for(prediction(**labels), text)) == expected


def test_each_code_carries_its_evidence(prediction):
    codes = codes_for(prediction(Fiction=0.9, Romance=0.9, Sports=0.8), "A hockey romance.")
    assert codes.subjects[0].evidence == "Romance and Sports"
    place = codes_for(prediction(Fiction=0.9), "A winter in Oslo.").qualifiers[0]
    assert place.evidence == "the text says “Oslo”"


def test_shelves_are_paths_of_plain_words(prediction):
    adult = codes_for(prediction(Fiction=0.9, Romance=0.9, Sports=0.8), "")
    assert adult.shelves[0] == "Romance > Sports"
    young = codes_for(prediction(Fiction=0.9, Young_Adult=0.9, Fantasy=0.9), "")
    assert young.shelves == ("Young Adult > Fantasy",)
    small = codes_for(prediction(Fiction=0.9, Childrens=0.9, Fantasy=0.9), "")
    assert small.shelves == ("Children's > Fantasy",)


def test_the_answer_can_be_written_as_json(prediction):
    answer = codes_for(prediction(Fiction=0.9, Romance=0.87654), "").as_json()
    assert json.loads(json.dumps(answer)) == answer
    assert answer["thema"]["scheme"] == "Thema 1.6 (EDItEUR)"
    assert answer["thema"]["subjects"][0]["code"] == "FR"
    assert answer["thema"]["subjects"][0]["probability"] == 0.8765
    assert answer["shelves"] == ["Romance"]


def test_the_shipped_model_knows_the_labels_or_does_without():
    predictor = Predictor.load()
    text = "In Venice, 1755, a masked duke woos the glassmaker's daughter. A historical romance."
    codes = codes_for(predictor.predict(text), text)
    assert subjects(codes)[0] == "FRH"
    assert qualifiers(codes)[:2] == ["1DST-IT-NVE", "3ML"]
