"""docs/unusual.md, the page of what unusual texts do to the model, from what was measured."""

from typing import Any

from ml.markdown import table


def markdown(result: dict[str, Any]) -> str:
    """Return the measurements as a page."""
    parts = [
        f"# Unusual texts and explanations, model {result['version']}",
        "Written by `python -m ml probe`. Blurbs alone, without titles, unless a title is named.",
        *_changed(result),
        *(_catalogues(result["catalogues"]) if result["catalogues"] else ()),
        *_explanations(result["explanations"]),
        *_answers(result["answers"]),
    ]
    return "\n\n".join(parts) + "\n"


def _changed(result: dict[str, Any]) -> tuple[str, ...]:
    head = ("", "micro-F1", "macro-F1", "mAP", "P@1", "surest", "ECE")
    rows = [
        (
            name,
            *(f"{row[key]:.3f}" for key in ("micro_f1", "macro_f1", "map", "p_at_1", "surest")),
            f"{row['ece']:.4f}",
        )
        for name, row in result["changed"].items()
    ]
    return (
        "## Blurbs changed",
        f"{result['books']:,} books of the test split, over the 141 original labels. *Surest* is "
        "the mean probability of each book's first label: it has to fall as less is known.",
        table(head, rows),
    )


def _catalogues(catalogues: dict[str, Any]) -> tuple[str, ...]:
    head = ("", "books", "labels", "mAP", "P@1", "mean probability", "share true")
    rows = [
        (
            name,
            f"{row['books']:,}",
            row["labels"],
            f"{row['map']:.3f} ({row['map_of_shares']:.3f})",
            f"{row['p_at_1']:.3f} ({row['p_at_1_of_shares']:.3f})",
            f"{row['mean_probability']:.3f}",
            f"{row['share_true']:.3f}",
        )
        for name, row in catalogues.items()
    ]
    return (
        "## Other catalogues",
        "Other shops' and readers' own genre names, as far as they are labels of this model, "
        "at least 25 books each. In brackets, the same of scores that ignore the text.",
        table(head, rows),
    )


def _explanations(told: dict[str, Any]) -> tuple[str, ...]:
    return (
        "## Explanations",
        f"The probability of the first genre of {told['books']:,} books is "
        f"{told['probability']:.3f} on average. Without the {told['words']} words that the "
        f"explanation calls strongest it is {told['without_strongest']:.3f}; without "
        f"{told['words']} words taken at random, {told['without_random']:.3f}. The strongest "
        f"words cost more in {told['strongest_cost_more']:.0%} of the books.",
    )


def _answers(answers: list[dict[str, Any]]) -> tuple[str, ...]:
    rows = [
        (
            row["kind"],
            f"{row['begins']} …",
            ("" if row["decided"] else "*guesses:* ")
            + ", ".join(f"{name} {p:.0%}" for name, p in row["genres"]),
        )
        for row in answers
    ]
    return (
        "## Read cold",
        "Texts of many kinds, written for this page (`ml/evaluation/robustness_texts.toml`), and "
        "every genre that the model decides on (up to six; *guesses* where none reaches its "
        "threshold).",
        table(("kind", "text", "genres"), rows, left=("text", "genres")),
    )
