"""The set of fresh blurbs and how answers to it are judged."""

import pytest

from ml.evaluation import fresh
from ml.predictor import Predictor
from ml.serving.prediction import Genre
from ml.vocabulary.consistency import excluding, implied
from ml.vocabulary.genres import vocabulary

KIND = {
    "base": "an",
    "demanded": [["Art", "Crafts"], ["Nature"]],
    "acceptable": ["Reference"],
    "embarrassing": ["Music"],
}


def _said(*names: str, probability: float = 0.9) -> list[Genre]:
    return [Genre(name, probability, vocabulary()[name].facet, 0.5) for name in names]


def test_the_set_is_large_and_each_kind_is_in_both_halves():
    kinds = fresh.load()
    texts = [text for kind in kinds for text in kind["text"]]
    assert len(kinds) >= 60
    assert len(texts) >= 300
    assert len({text["description"] for text in texts}) == len(texts)
    for kind in kinds:
        assert {text["half"] for text in kind["text"]} == set(fresh.HALVES), kind["name"]
        assert kind["demanded"], kind["name"]


@pytest.mark.parametrize(
    ("names", "demanded"),
    [(("Art", "Nature"), True), (("Art",), False), (("Nature", "Reference"), False)],
)
def test_of_each_demanded_group_one_has_to_be_decided(names: tuple[str, ...], demanded: bool):
    assert fresh.judge(_said(*names), KIND, vocabulary()).demanded is demanded


def test_a_label_that_the_model_lacks_is_not_demanded():
    assert fresh.judge(_said("Nature"), KIND, set(vocabulary()) - {"Art"}).demanded


def test_what_is_embarrassing_contradictory_and_first():
    verdict = fresh.judge(_said("Picture Books", "Nonfiction", "Fiction"), KIND, vocabulary())
    assert verdict.embarrassing == ("Fiction", "Picture Books")
    assert set(verdict.contradictions) == {
        "Fiction with Nonfiction",
        "Picture Books without Childrens",
    }
    assert verdict.first_right is False
    assert verdict.sure == (3, 1)


def test_pairs_name_labels_and_none_both_implies_and_excludes():
    pairs = [*implied(), *excluding()]
    assert {label for pair in pairs for label in pair} <= set(vocabulary())
    assert not {frozenset(pair) for pair in implied()} & {frozenset(pair) for pair in excluding()}


def test_the_shipped_model_is_measured_on_a_kind():
    kind = next(kind for kind in fresh.load() if kind["name"] == "poetry")
    result = fresh.measure(Predictor.load(), [kind])
    assert result["reporting"]["texts"] + result["choosing"]["texts"] == len(kind["text"])
    assert result["reporting"]["demanded"] > 0.5
    assert "| poetry |" in fresh.markdown({"version": "1", **result})
