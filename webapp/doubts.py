"""Everything that makes the answer to a text doubtful, in words for pages and programs."""

from webapp.blurb_checks import doubt, too_short
from webapp.language import detect


def doubts(description: str) -> list[str]:
    """Say why the answer to a description is a guess at best; an empty list where nothing is."""
    found = [doubt(description), too_short(description)]
    verdict = detect(description)
    if verdict.english == "no":
        found.append(f"This looks like {verdict.other}; the model has learnt from English only.")
    elif verdict.english == "unsure":
        found.append("This may not be English; the model has learnt from English only.")
    return [message for message in found if message]
