"""How long what a person sends may be, and what to say of what is longer."""

MAX_TITLE = 300
MAX_GENRES = 500


def too_long(text: str, limit: int) -> str | None:
    """Say so where `text` has more characters than the site takes."""
    if len(text) <= limit:
        return None
    return (
        f"This has {len(text):,} characters; up to {limit:,} are read. "
        "The blurb alone is enough, without reviews or sample chapters."
    )
