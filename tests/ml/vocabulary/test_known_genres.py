"""Genre names as people, shops and catalogues write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.predictor import Predictor
from ml.serving.nearest_label import NearestLabel
from ml.vocabulary.genres import canonical, vocabulary
from ml.vocabulary.known_genres import HOW, MAX_ASKED, MAX_LENGTH, MAX_NAMES, resolve, table


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("sci fi", ("Science Fiction",)),
        ("SciFi; cosy mystery", ("Science Fiction", "Cozy Mystery")),
        ("Fiction » Romance » Paranormal", ("Fiction", "Romance", "Paranormal Romance")),
        (
            "FICTION / Romance / Historical / Regency",
            ("Fiction", "Romance", "Historical Romance", "Regency"),
        ),
        ("Fiction\u00a0»\u00a0Fantasy\u00a0»\u00a0Epic", ("Fiction", "Fantasy", "Epic Fantasy")),
        ("Mystery, Thriller & Suspense", ("Mystery", "Thriller", "Suspense")),
        ("Books > Literature & Fiction > Genre Fiction > War", ("Literature", "Fiction", "War")),
        ("COMICS & GRAPHIC NOVELS / Manga / General", ("Comics", "Graphic Novels", "Manga")),
        ("['Fantasy', 'Magic']", ("Fantasy", "Magic")),
        ("Science Fiction (Aliens)", ("Aliens", "Science Fiction")),
        ("horror novels", ("Horror",)),
        ("war and military", ("War", "Military Fiction")),
        ("fantasy sci fi", ("Fantasy", "Science Fiction")),
        ("romance historical", ("Romance", "Historical Romance")),
        ("young adult contemporary", ("Young Adult", "Contemporary")),
    ],
)
def test_names_are_understood(typed, labels):
    assert resolve(typed).labels == labels
    assert resolve(typed).unknown == ()


def test_how_a_name_was_understood_is_told():
    found = resolve("Fantasy, whodunit, mistery")
    assert [match.how for match in found.matches] == ["name", "synonym", "spelling"]
    assert found.labels == ("Fantasy", "Murder Mystery", "Detective", "Mystery")


def test_what_is_not_understood_is_told_and_the_rest_kept():
    found = resolve("Fantasy, underwater basket weaving, , General")
    assert found.labels == ("Fantasy",)
    assert found.unknown == ("underwater basket weaving",)


def test_meaning_is_asked_last_and_only_where_nothing_else_helped():
    asked: list[str] = []

    def nearest(name):
        asked.append(name)
        return "Survival" if name == "stranded on an island" else None

    found = resolve("Horror, stranded on an island, zzz", nearest)
    assert asked == ["stranded on an island", "zzz"]
    assert found.matches[1].labels == ("Survival",)
    assert found.matches[1].how == "meaning"
    assert found.unknown == ("zzz",)


def test_only_a_few_names_of_a_list_are_asked_for_their_meaning():
    asked: list[str] = []
    resolve(", ".join(f"zzqq{number}" for number in range(MAX_NAMES)), asked.append)
    assert len(asked) == MAX_ASKED


def test_the_shipped_encoder_reads_what_no_table_knows():
    found = resolve("ghost hunting; time loops", NearestLabel(Predictor.load()))
    assert [match.how for match in found.matches] == ["meaning"] * 2
    assert found.labels == ("Ghosts", "Time Travel")


@pytest.mark.parametrize(
    "typed",
    ["asdf qwerty", "blue bicycle", "tax return 2019", "to-read", "owned books", "12345"],
)
def test_what_is_no_genre_is_not_given_a_meaning(typed):
    assert resolve(typed, NearestLabel(Predictor.load())).unknown == (typed,)


def test_every_synonym_means_labels_and_adds_something():
    for name, labels in table().items():
        assert set(labels) <= set(vocabulary()), name
        assert not canonical(name), f"{name} is a label or its synonym already"


def test_every_label_and_path_of_it_is_understood():
    for label in vocabulary():
        assert resolve(label).labels == (label,)
        assert label in resolve(f"Books » {label} » General").labels


def test_a_flood_of_names_is_cut_off():
    found = resolve(", ".join(f"zzqq{number}" for number in range(MAX_NAMES)) + ", Fantasy")
    assert found.labels == ()
    assert "Fantasy" in found.unknown
    assert resolve("Fantasy " * 100).unknown[0] == ("Fantasy " * 100)[:MAX_LENGTH]


@given(st.text(max_size=80))
def test_any_text_is_read_without_failing(text):
    found = resolve(text)
    assert set(found.labels) <= set(vocabulary())
    assert all(match.how in HOW for match in found.matches)
