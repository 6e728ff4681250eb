"""What kind of book it is, as Thema divides them: each kind has codes of its own."""

from collections.abc import Mapping

from ml.codes.tables import subjects
from ml.codes.wording import Wording

FICTION, NONFICTION, VERSE, STAGE, COMICS = "fiction", "nonfiction", "verse", "stage", "comics"
YOUNG, YOUNG_NONFICTION = "young", "young nonfiction"
KINDS = (FICTION, NONFICTION, VERSE, STAGE, COMICS, YOUNG, YOUNG_NONFICTION)

SURE = 0.6
"""Probability of its labels from which a book is for the young, in verse, a play, a comic."""

CHILDREN_ONLY = ("Middle Grade", "Picture Books", "Chapter Books")
CHILDREN = (*CHILDREN_ONLY, "Childrens", "Juvenile")
"""The last two are said of books for teenagers, too."""
TEENAGERS = ("Young Adult", "Teen", "Young Adult Fantasy")
_FORMS = {
    COMICS: ("Comics", "Graphic Novels", "Manga"),
    VERSE: ("Poetry",),
    STAGE: ("Plays", "Theatre"),
}


def kind_of(probabilities: Mapping[str, float], wording: Wording) -> str:
    """Return the kind of a book, one of `KINDS`.

    Args:
        probabilities: of every label; what is left out counts as 0.
        wording: the book's words; some alone say what it is ("sudoku"), unless the book is
            more surely fiction.
    """
    fiction = probabilities.get("Fiction", 0.0)
    for rule in subjects():
        if rule.role == "sure" and wording.strongest(rule.words)[1] > fiction:
            return rule.book[0]
    true = probabilities.get("Nonfiction", 0.0) > fiction
    young = _most(probabilities, CHILDREN + TEENAGERS) >= SURE
    forms = [form for form, labels in _FORMS.items() if _most(probabilities, labels) >= SURE]
    if COMICS in forms:
        return COMICS
    if young:
        return YOUNG_NONFICTION if true else YOUNG
    return forms[0] if forms else NONFICTION if true else FICTION


def for_teenagers(probabilities: Mapping[str, float]) -> bool:
    """Whether a book for the young is rather for teenagers than for children."""
    teenagers = _most(probabilities, TEENAGERS)
    return teenagers >= SURE and teenagers > _most(probabilities, CHILDREN_ONLY)


def _most(probabilities: Mapping[str, float], labels: tuple[str, ...]) -> float:
    return max(probabilities.get(label, 0.0) for label in labels)
