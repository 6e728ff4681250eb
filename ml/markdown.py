"""Markdown tables."""

from collections.abc import Collection, Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]], left: Collection[str] = ()) -> str:
    """Return a table; the first column is aligned left, the others right.

    Args:
        head: the columns' names.
        rows: their cells; each is written as `str` gives it.
        left: names of further columns that are aligned left.
    """
    rule = ["---" if place == 0 or name in left else "---:" for place, name in enumerate(head)]
    lines = (f"| {' | '.join(map(str, cells))} |" for cells in (head, rule, *rows))
    return "\n".join(lines).replace("|  |", "| |")
