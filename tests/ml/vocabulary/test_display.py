import csv
from collections import Counter

import pytest

from ml.serving.prediction import Genre
from ml.vocabulary.display import SHOWS, TABLE, display, groups, guesses, headline
from ml.vocabulary.genres import vocabulary


def decided(**probabilities):
    """Genres by name, with "_" for a space."""
    names = {name.replace("_", " "): p for name, p in probabilities.items()}
    return [Genre(name, p, vocabulary()[name].facet, 0.5) for name, p in names.items()]


def names(nodes):
    return [node.name for node in nodes]


def table():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_speaks_of_labels_of_the_vocabulary():
    rows = table()
    labels = [row["label"] for row in rows]
    assert not [label for label, times in Counter(labels).items() if times > 1]
    parents = {parent for label in labels for parent in display(label).under}
    assert {*labels, *parents} <= vocabulary().keys()
    assert {row["show"] for row in rows} <= set(SHOWS)


def test_two_labels_shown_have_two_names():
    shown = [display(label).name for label in vocabulary() if display(label).show != "no"]
    assert not [name for name, times in Counter(shown).items() if times > 1]


def test_no_label_stands_below_itself():
    def reaches(label, seen):
        assert label not in seen, f"{label} stands below itself"
        for parent in display(label).under:
            reaches(parent, seen | {label})

    for label in vocabulary():
        reaches(label, frozenset())


def test_shelves_and_what_says_nothing_of_a_book_are_never_shown():
    shelves = [entry.label for entry in vocabulary().values() if entry.facet == "shelf"]
    for label in [*shelves, "Dark", "Epic", "Adult Fiction", "Science Fiction Fantasy"]:
        assert display(label).show == "no", label
    assert headline(decided(Dark=0.9, Audiobook=0.8, Horror=0.6)) == headline(decided(Horror=0.6))
    assert groups(decided(Dark=0.9, Audiobook=0.8)) == ()


@pytest.mark.parametrize(
    ("genres", "expected"),
    [
        (decided(Contemporary=0.9, LGBT=0.6, Poetry=0.99), ["Poetry", "LGBTQ+"]),
        (decided(Childrens=0.98, Picture_Books=0.8, Fiction=0.9, Animals=0.95), ["Picture Books"]),
        (decided(Food=0.98, Cookbooks=0.89, Cooking=0.83, Nonfiction=0.9), ["Cookbooks"]),
        (
            decided(Romance=0.98, Contemporary_Romance=0.9, Contemporary=0.95, Fiction=0.9),
            ["Contemporary Romance"],
        ),
        (
            decided(Mystery=0.9, Mystery_Thriller=0.7, Crime=0.97, Thriller=0.8, Suspense=0.85),
            ["Mystery", "Thriller"],
        ),
        (decided(Dystopia=0.8, Science_Fiction=0.9, Speculative_Fiction=0.95), ["Dystopian"]),
        (decided(War=0.9, Historical_Fiction=0.8, Fiction=0.9), ["Historical Fiction"]),
        (decided(War=0.9, History=0.8, Nonfiction=0.9), ["War", "History"]),
        (decided(War=0.9, Fiction=0.95), ["War"]),
        (decided(Fiction=0.95, Contemporary=0.6), ["Fiction", "Contemporary"]),
        ([], []),
    ],
)
def test_the_headline_says_what_a_bookseller_would(genres, expected):
    assert names(headline(genres)) == expected
    assert names(headline(reversed(genres))) == expected


def test_an_unsure_child_leaves_the_name_to_its_parent():
    assert names(headline(decided(Romance=0.98, Erotic_Romance=0.3))) == ["Romance"]
    assert names(headline(decided(Romance=0.4, Erotic_Romance=0.3))) == ["Erotic Romance"]


def test_a_child_stands_where_its_surer_parent_would():
    genres = decided(Romance=0.98, Contemporary_Romance=0.6, Fantasy=0.8)
    assert names(headline(genres)) == ["Contemporary Romance", "Fantasy"]


def test_names_far_less_sure_than_the_first_do_not_stand_beside_it():
    assert names(headline(decided(Horror=0.9, Romance=0.4))) == ["Horror"]
    assert names(headline(decided(Horror=0.6, Romance=0.4))) == ["Horror", "Romance"]


def test_no_more_names_than_asked_for():
    genres = decided(Horror=0.9, Romance=0.9, Fantasy=0.9, Poetry=0.9)
    assert len(headline(genres)) == 3
    assert len(headline(genres, most=1)) == 1


def test_the_rest_stands_in_trees_by_facet():
    genres = decided(
        Mystery=0.97, Cozy_Mystery=0.95, Crime=0.4, Murder_Mystery=0.5, Fiction=0.9, Adult=0.3
    )
    genre, form = groups(genres)
    assert (genre.facet, names(genre.nodes)) == ("genre", ["Mystery"])
    assert (form.facet, names(form.nodes)) == ("form", ["Fiction"])
    (mystery,) = genre.nodes
    assert names(mystery.children) == ["Cosy Mystery", "Crime"]
    assert mystery.synonyms == ("Murder Mystery",)
    assert (mystery.label, mystery.probability) == ("Mystery", 0.97)


def test_a_synonym_is_shown_where_it_stands_alone():
    assert names(headline(decided(Murder_Mystery=0.5))) == ["Murder Mystery"]
    ((group),) = groups(decided(Murder_Mystery=0.5))
    assert names(group.nodes) == ["Murder Mystery"]


def test_every_label_shown_is_in_the_trees_once():
    everything = [Genre(entry.label, 0.5, entry.facet, 0.5) for entry in vocabulary().values()]

    def walk(nodes):
        for node in nodes:
            yield node.label
            yield from walk(node.children)

    found = [label for group in groups(everything) for label in walk(group.nodes)]
    shown = {genre.name for genre in everything if display(genre.name).show in ("yes", "topic")}
    assert len(found) == len(set(found))
    assert shown <= set(found)


def test_a_guess_is_near_its_threshold():
    thresholds = dict.fromkeys(vocabulary(), 0.4)
    ranked = decided(Nonfiction=0.9, Cookbooks=0.39, Humor=0.05, Travel=0.31, Classics=0.39)
    assert names(guesses(ranked, thresholds)) == ["Cookbooks", "Travel"]
    assert names(guesses(ranked, thresholds, most=1)) == ["Cookbooks"]


def test_a_label_that_the_table_lacks_is_shown_by_its_own_name(monkeypatch):
    entry = vocabulary()["Space Opera"]._replace(label="Solarpunk", parents=("Science Fiction",))
    monkeypatch.setitem(vocabulary(), "Solarpunk", entry)
    genres = [Genre("Solarpunk", 0.8, "genre", 0.5), Genre("Science Fiction", 0.9, "genre", 0.5)]
    assert names(headline(genres)) == ["Solarpunk"]
    assert names(headline([Genre("No label at all", 0.8, "genre", 0.5)])) == ["No label at all"]
