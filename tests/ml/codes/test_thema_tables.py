import json
from pathlib import Path

import pytest

from benchmarks.store_codes import category_codes
from ml.codes.kind import KINDS
from ml.codes.subjects import GENERAL
from ml.codes.tables import EVERY_BOOK, qualifiers, subjects
from ml.codes.wording import LONGEST, tidy
from ml.vocabulary.genres import vocabulary

SCHEME = Path(__file__).parents[4] / "shared" / "codes" / "thema.json"

KIND_BEGINNINGS = {
    "fiction": ("F",),
    "nonfiction": tuple("ACDGHJKLMNPQRSTUVW"),
    "verse": ("DC", "FX"),
    "stage": ("DD", "FX"),
    "comics": ("X",),
    "young": ("Y",),
    "young nonfiction": ("Y",),
}


@pytest.fixture(scope="module")
def scheme():
    if not SCHEME.exists():
        pytest.skip(f"the whole scheme is not here ({SCHEME.name}); EDItEUR publishes it")
    return {entry["code"]: entry for entry in json.loads(SCHEME.read_text(encoding="utf-8"))}


def test_every_code_exists_under_its_heading(scheme):
    wrong = [
        (rule.code, rule.heading)
        for rule in (*subjects(), *qualifiers())
        if scheme.get(rule.code, {}).get("heading") != rule.heading
    ]
    assert not wrong


def test_a_subject_that_has_narrower_ones_says_why_none_is_taken(scheme):
    parents = {entry["parent"] for entry in scheme.values()}
    for rule in subjects():
        says = "no narrower heading" in rule.why.lower()
        assert says == (rule.code in parents), (rule.code, rule.heading, rule.why)


def test_the_benchmark_maps_categories_to_codes_that_exist(scheme):
    for codes, _ in category_codes().values():
        assert codes <= scheme.keys()


def test_subjects_are_subjects_and_qualifiers_are_qualifiers():
    assert all(rule.code[0].isalpha() for rule in subjects())
    assert all(rule.code[0] in "135" for rule in qualifiers())


def test_no_kind_of_book_gets_the_codes_of_another():
    for rule in subjects():
        for kind in rule.book:
            assert rule.code.startswith(KIND_BEGINNINGS[kind]), (rule.code, kind)


def test_themes_and_forms_are_never_the_main_subject():
    for rule in subjects():
        if rule.code.startswith(("FX", "FY", "YFZ", "YX")) and "young nonfiction" not in rule.book:
            assert rule.role == "also", rule.code


def test_the_crosswalk_names_labels_kinds_and_phrases_that_can_be_found():
    for rule in (*subjects(), *qualifiers()):
        for labels in rule.labels:
            assert set(labels) <= vocabulary().keys(), rule
        assert rule.book == (EVERY_BOOK,) or set(rule.book) <= set(KINDS), rule
        for phrase in rule.words:
            assert 1 <= len(tidy(phrase).split()) <= LONGEST, (rule.code, phrase)
        assert rule.labels or rule.words or rule.first is not None, rule
        assert rule.why, rule
    assert all(rule.shelf for rule in subjects())
    assert set(GENERAL.values()) <= {rule.code for rule in subjects()}


def test_one_code_has_one_heading():
    headings: dict[str, str] = {}
    for rule in (*subjects(), *qualifiers()):
        assert headings.setdefault(rule.code, rule.heading) == rule.heading


def test_every_genre_that_names_a_book_has_a_code():
    known = {label for rule in subjects() for labels in rule.labels for label in labels}
    without = {
        entry.label
        for entry in vocabulary().values()
        if entry.facet == "genre" and entry.original and entry.label not in known
    }
    assert without <= {"Epic", "Historical", "Dark"}, without
