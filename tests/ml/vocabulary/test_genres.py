import pytest

from ml.vocabulary.genres import FACETS, canonical, canonical_all, key, vocabulary


def test_the_table_is_whole() -> None:
    entries = vocabulary().values()
    assert sum(entry.original for entry in entries) == 141
    assert len(entries) > 200
    for entry in entries:
        assert entry.facet in FACETS, entry
        assert set(entry.parents) <= set(vocabulary()), entry
        assert canonical(entry.label) == (entry.label,)


@pytest.mark.parametrize(
    ("raw", "labels"),
    [
        ("Science Fiction (Aliens)", ("Aliens", "Science Fiction")),
        ("Cultural (China)", ("China",)),
        ("Cultural", ()),
        ("Amazon", ()),
        ("science-fiction", ("Science Fiction",)),
        ("ya", ("Young Adult",)),
        ("GLBT", ("LGBT",)),
        ("Dystopian", ("Dystopia",)),
        ("Comic Book", ("Comics",)),
        ("Children's", ("Childrens",)),
        ("  non fiction ", ("Nonfiction",)),
    ],
)
def test_raw_names_become_labels(raw: str, labels: tuple[str, ...]) -> None:
    assert canonical(raw) == labels


def test_a_book_names_each_label_once() -> None:
    assert canonical_all(["Fantasy (Magic)", "fantasy", "Magic"]) == ("Magic", "Fantasy")


def test_keys_fold_what_people_type_differently() -> None:
    assert key("Sci-Fi & Women’s") == key("sci fi and womens")


def test_shelf_names_are_no_genres() -> None:
    for name in ("Audiobook", "Unfinished", "Read For School", "Book Club"):
        assert vocabulary()[name].facet == "shelf"
