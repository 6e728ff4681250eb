"""What to say of a file that has no column for what is needed."""

from collections.abc import Sequence

from catalogue.columns import fold
from catalogue.rows import Record

_SHOWN = 15
# Exports that are known to hold no blurbs, by columns that only they have.
_WITHOUT_BLURBS = {
    "Goodreads' library export": ("exclusiveshelf", "myrating", "bookshelveswithpositions"),
    "StoryGraph's library export": ("readstatus", "starrating", "moods"),
}


def explain_missing(
    roles: Sequence[str], said: str, names: Sequence[str], sample: Sequence[Record]
) -> str:
    """Say what the file is, which columns it has, and what would be needed."""
    missing = " and ".join(roles)
    folded = {fold(name) for name in names}
    for export, marks in _WITHOUT_BLURBS.items():
        if sum(mark in folded for mark in marks) >= 2:
            return (
                f"is {export}, which has titles and shelves but no descriptions of books; "
                "add a column `description` with the blurbs, or name the column that has them "
                "(--description)"
            )
    if not names:
        error = next((record.error for record in sample if record.error), None)
        if error:
            return f"is read as {said}, and no record of it can be read ({error})"
        return f"is read as {said}, and has no columns"
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (
        f"is read as {said}, and none of its columns is known for a {missing}: {shown}{more}; "
        f"name the column that has it (--{roles[0]})"
    )
