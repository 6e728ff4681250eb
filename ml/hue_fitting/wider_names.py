"""Write the wider vocabulary of colour names: the XKCD colour survey's (2010, CC0), reviewed.

matplotlib carries the survey's table. Left out are names that nobody would put into a brief, names
with a slash, and spellings and vague shades of names that are there already.
"""

import csv
from pathlib import Path

WIDER_NAMES = Path(__file__).parents[1] / "hues" / "colour_names.csv"

_UNFIT_WORDS = frozenset(
    "poo poop puke shit barf barney bile bland booger boring bruise diarrhea dirty gross hospital "
    "icky nasty nice off piss poison sick sickly slime snot toxic ugly vomit weird windows hint "
    "kermit frog blue/grey urple forrest siena lavendar minty grassy mossy leafy browny greeny "
    "bluey purpley purply orangey yellowy reddy rosy dusky pinky orangish".split()
)
_UNFIT_NAMES = frozenset(
    "azul burple blurple camo liliac terracota ocre ocher creme perrywinkle golden greyish bluish "
    "purplish pinkish greenish reddish brownish yellowish orangeish purpleish tealish sandy "
    "darkgreen darkblue lightblue lightgreen greyblue bluegrey bluegreen greenblue yellowgreen "
    "orangered dark pale royal dust toupe heliotrope drab manilla dirt".split()
) | {"blue blue", "light light blue", "light light green", "hot green", "fluro green"}


def wider_names() -> list[tuple[str, str]]:
    """Return (name, hex) of every name kept, in alphabetical order."""
    from matplotlib.colors import get_named_colors_mapping

    named = get_named_colors_mapping()
    survey = [(key.removeprefix("xkcd:"), named[key]) for key in named if key.startswith("xkcd:")]
    return sorted((name, code.lower()) for name, code in survey if _is_fit(name))


def _is_fit(name: str) -> bool:
    words = name.split()
    # matplotlib adds an American spelling of each grey.
    american = "gray" in words
    return not (american or "/" in name or name in _UNFIT_NAMES or _UNFIT_WORDS & set(words))


def write_wider_names(path: Path = WIDER_NAMES) -> int:
    """Write the table; returns how many names it holds."""
    rows = wider_names()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "hex"))
        writer.writerows(rows)
    return len(rows)
