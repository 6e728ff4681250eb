"""The shipped model folder, through the door that everything uses."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml.errors import UnknownLabelError
from ml.predictor import Predictor
from ml.serving import golden
from ml.serving.model_folder import DEFAULT_MODEL, ModelError, write_json, write_sums
from ml.vocabulary.genres import vocabulary

# Written for these tests; what each must be told, whatever else it is told.
BLURBS = {
    "fantasy": (
        "When the last dragon wakes beneath the mountain, a runaway apprentice must learn the old "
        "magic before the king's sorcerers find her. With a thief and a disgraced knight she sets "
        "out across five warring kingdoms to return the stolen crown.",
        {"Fantasy", "Magic"},
    ),
    "crime": (
        "Detective Inspector Mara Quill thought she had left murder behind when she moved to the "
        "coast. Then a body is found under the pier, and the only witness is a boy who will not "
        "speak. As the killer strikes again, every suspect has something to hide.",
        {"Mystery", "Crime"},
    ),
    "cooking": (
        "From a weeknight roast chicken to slow Sunday stews, these one hundred simple recipes "
        "bring seasonal vegetables to the family table. With photographs, menus, notes on the "
        "well-stocked kitchen and advice on baking bread at home.",
        {"Nonfiction", "Cookbooks"},
    ),
    "romance": (
        "She is the wedding planner who no longer believes in love. He is the best man with a "
        "reputation and a smile she cannot afford to trust. One summer, one seaside hotel and one "
        "kiss neither of them can forget.",
        {"Romance", "Contemporary"},
    ),
    "history": (
        "Drawing on letters and newly opened archives, this history follows the soldiers and "
        "civilians of a single French village through the Second World War, from the invasion to "
        "the liberation, and asks how ordinary people lived under occupation.",
        {"History", "Nonfiction", "War"},
    ),
}


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_MODEL, tmp_path / "model"))


def test_the_labels_are_those_of_the_vocabulary(predictor: Predictor) -> None:
    table = vocabulary()
    names = [label.name for label in predictor.labels]
    assert names == list(table)
    assert all(table[label.name].facet == label.facet for label in predictor.labels)
    assert all(0 < label.threshold < 1 for label in predictor.labels)


@pytest.mark.parametrize("name", BLURBS)
@pytest.mark.parametrize("with_title", [True, False])
def test_plain_blurbs_get_their_genres(predictor: Predictor, name: str, with_title: bool) -> None:
    text, expected = BLURBS[name]
    prediction = predictor.predict(text, "Untitled" if with_title else "")
    assert expected <= {genre.name for genre in prediction.genres}


def test_a_prediction_is_ranked_and_decided_by_threshold(predictor: Predictor) -> None:
    prediction = predictor.predict(BLURBS["crime"][0])
    probabilities = [genre.probability for genre in prediction.ranked]
    assert probabilities == sorted(probabilities, reverse=True)
    assert len(prediction.ranked) == len(predictor.labels)
    thresholds = {label.name: label.threshold for label in predictor.labels}
    assert all(genre.threshold == thresholds[genre.name] for genre in prediction.ranked)
    decided = {g.name for g in prediction.ranked if g.probability >= g.threshold}
    assert {genre.name for genre in prediction.genres} == decided
    guesses = prediction.guesses()
    assert len(guesses) == 3
    assert not decided & {guess.name for guess in guesses}
    assert all(guess.facet != "shelf" for guess in guesses)


@pytest.mark.parametrize(
    "text", ["", "   ", "?!", "𝔘𝔫𝔦 👩‍👩‍👧 \ud800 \x00", "a " * 5000, "日本語の本"]
)
def test_any_text_gives_probabilities(predictor: Predictor, text: str) -> None:
    prediction = predictor.predict(text, text)
    assert all(0 <= genre.probability <= 1 for genre in prediction.ranked)


def test_the_explanation_sums_to_the_logit(predictor: Predictor) -> None:
    # A text without words leaves the label's bias and what the opening and closing tokens add.
    text = BLURBS["fantasy"][0]
    for label in ("Fantasy", "Cookbooks", "Romance"):
        column = [entry.name for entry in predictor.labels].index(label)
        values = predictor.explain(text, "The Last Crown", label=label).contributions
        spec = json.loads((DEFAULT_MODEL / "model.json").read_text())["labels"][column]
        # Of a short text the logit is drawn in, and with it every word's part.
        certainty = predictor.brevity.certainty
        found: Any = sum(part.value for part in values)
        found /= certainty(predictor.length(text, "The Last Crown"))
        empty: Any = sum(part.value for part in predictor.explain("", label=label).contributions)
        empty /= certainty(predictor.length(""))
        gained = (
            predictor.logits(text, "The Last Crown")[column] - predictor.logits("")[column]
        ) * spec["scale"]
        assert found - empty == pytest.approx(gained, abs=0.02)


def test_a_short_text_is_answered_less_surely_than_its_scores_say(predictor: Predictor) -> None:
    text, label = "A dragon guards the castle.", "Dragons"
    column = [entry.name for entry in predictor.labels].index(label)
    as_if_long = predictor.calibrate(predictor.logits(text))[column]
    assert 0.5 < probability(predictor, text, label) < as_if_long
    long = " ".join([text] * 40)
    assert predictor.length(long) >= predictor.brevity.whole
    whole = predictor.calibrate(predictor.logits(long))[column]
    assert probability(predictor, long, label) == pytest.approx(whole)


def test_the_explanation_names_the_words(predictor: Predictor) -> None:
    blurb = "<p>A  dragon guards the castle.</p>"
    text, values = predictor.explain(blurb, "Castle", label="Dragons")
    assert text == "Castle: A dragon guards the castle."
    assert all(text[part.start : part.end] == part.word for part in values)
    values = values[2:]
    assert [part.word for part in values][:5] == ["A", "dragon", "guards", "the", "castle"]
    assert max(values, key=lambda part: part.value).word == "dragon"


def test_the_strongest_words_matter_most(predictor: Predictor) -> None:
    """Without its five strongest words a text loses more of a genre than without five others."""
    dropped = {"strongest": 0.0, "others": 0.0}
    for text, labels in BLURBS.values():
        label = sorted(labels)[0]
        explained = predictor.explain(text, label=label)
        parts = [part for part in explained.contributions if part.word]
        order = sorted(parts, key=lambda part: -part.value)
        full = probability(predictor, text, label)
        for name, chosen in (("strongest", order[:5]), ("others", order[len(order) // 2 :][:5])):
            shorter = text
            for part in sorted(chosen, key=lambda part: -part.start):
                shorter = shorter[: part.start] + shorter[part.end :]
            dropped[name] += full - probability(predictor, shorter, label)
    assert dropped["strongest"] > dropped["others"] + 0.5


def probability(predictor: Predictor, text: str, label: str) -> float:
    return next(g.probability for g in predictor.predict(text).ranked if g.name == label)


def test_a_corrupted_model_file_is_refused(copy: Path) -> None:
    data = bytearray((copy / "model.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (copy / "model.onnx").write_bytes(data)
    with pytest.raises(ModelError, match=r"model\.onnx: is not the file that was shipped"):
        Predictor.load(copy)


@pytest.mark.parametrize("change", [("name", "Phantasy"), ("threshold", None)])
def test_an_edited_label_or_threshold_is_refused(copy: Path, change: tuple[str, object]) -> None:
    spec = json.loads((copy / "model.json").read_text())
    spec["labels"][0][change[0]] = change[1]
    (copy / "model.json").write_text(json.dumps(spec))
    with pytest.raises(ModelError, match=r"model\.json: is not the file that was shipped"):
        Predictor.load(copy)


def test_a_processor_that_answers_otherwise_is_noticed(copy: Path) -> None:
    spec = json.loads((copy / "model.json").read_text())
    assert len(spec["golden"]) >= 3
    checked(copy)
    first = next(iter(spec["golden"][0]["probabilities"]))
    spec["golden"][0]["probabilities"][first] -= 0.2
    write_json(copy / "model.json", spec)
    write_sums(copy)
    with pytest.raises(ModelError, match="this processor's answer"):
        checked(copy)


def checked(folder: Path) -> None:
    predictor = Predictor.load(folder)
    golden.check(predictor.golden, predictor.predict)


def test_a_label_that_the_model_lacks_is_refused_with_the_nearest(predictor: Predictor) -> None:
    with pytest.raises(UnknownLabelError, match="no label 'Dragon'; did you mean 'Dragons'"):
        predictor.explain("A dragon guards the castle.", label="Dragon")
    with pytest.raises(UnknownLabelError, match=r"no label '2049'; `Predictor\.labels`"):
        predictor.explain("A dragon guards the castle.", label="2049")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "hues.json", "SHA256SUMS"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        Predictor.load(copy)


def test_the_folder_is_small_and_holds_no_pickle() -> None:
    files = [path for path in DEFAULT_MODEL.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 30e6
    assert {path.suffix for path in files} <= {".onnx", ".json", ".npy", ".npz", ".md", ""}


def test_serving_imports_nothing_heavy() -> None:
    code = (
        "import sys; from ml.predictor import Predictor; Predictor.load().predict('A tale.');"
        "print([m for m in ('torch', 'transformers', 'pandas', 'sklearn', 'scipy', 'PIL')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
