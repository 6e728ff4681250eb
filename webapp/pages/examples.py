"""Three blurbs to try, written for this site; the books do not exist."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Flask, current_app

from webapp.analysis import Reading, evidence, read_for_page
from webapp.explanation import Evidence


class Example(NamedTuple):
    """A book that nobody wrote."""

    slug: str
    title: str
    description: str


EXAMPLES = (
    Example(
        "salt-road",
        "The Salt Road",
        "Seventeen-year-old Ilse Varn can hear what the sea remembers. In the drowned kingdom of "
        "Merrow that gift is a hanging offence, so she keeps her head down, mends nets and lets "
        "the old queen's bones lie where the tide left them. Then her brother is taken for the "
        "tithe ships, and the only road to the capital runs across the salt, where the dead walk "
        "at low water and bargain for their names.\n\n"
        "With a runaway prince who lies as easily as he breathes and a dragon small enough to "
        "ride in a lantern, Ilse sets out to steal back what the crown has stolen. But the sea "
        "remembers her family too, and what it remembers could break the kingdom, or give it a "
        "queen.",
    ),
    Example(
        "table-for-one",
        "Table for One in Lisbon",
        "Nora Pell has one rule: never fall for anyone who eats where she works. It has served her "
        "well through eleven years, four restaurants and one spectacularly cancelled wedding. So "
        "when her best friend hands her the keys to a shuttered little place on a hill in Lisbon "
        "and a summer to make it pay, the handsome, infuriating food critic who takes the corner "
        "table every Thursday ought to be easy to ignore.\n\n"
        "He sends back the soup. She sends back a love letter, by mistake, meant for somebody "
        "else. By September they will have burned a kitchen, mended a family and found out that "
        "second chances, like sourdough, only need warmth and a little patience. A funny, tender "
        "romance about friendship, food and learning to save yourself a seat.",
    ),
    Example(
        "quiet-below",
        "The Quiet Below",
        "Nobody has lived at Harrow Deep since the miners stopped screaming. Forty years on, "
        "Dr. Anna Coyle goes down with a crew of six to find out what killed them. The lift "
        "still works. The lamps still burn. In the lowest gallery the tables are laid for supper, "
        "and the food is warm.\n\n"
        "On the first night the radio speaks with the voice of Anna's dead daughter. On the "
        "second, one of the crew walks smiling into the flooded shaft. By the third, Anna "
        "understands that the mine was never dug to bring something out. It was dug to let "
        "something in, and it has been so very hungry, and so very quiet, waiting for someone "
        "who would listen. A slow-burning nightmare of grief, darkness and the thing that "
        "answers when you call.",
    ),
)

BY_SLUG = {example.slug: example for example in EXAMPLES}


class Known(NamedTuple):
    """What the model said of an example."""

    reading: Reading
    evidence: Evidence


def init_app(app: Flask) -> None:
    """Read each example once, at the start: no visitor's GET runs the model."""
    with app.app_context():
        app.extensions["examples"] = {
            example.slug: Known(
                read_for_page(example.description, example.title),
                evidence(example.description, example.title),
            )
            for example in EXAMPLES
        }


def known_examples() -> Mapping[str, Known]:
    """Return what the model said of each example, by its slug."""
    kept: Mapping[str, Known] = current_app.extensions["examples"]
    return kept
