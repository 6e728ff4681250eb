"""Descriptions of every length to measure with, put together from sentences written for this."""

import random

SENTENCES = (
    "Mara Quill has spent nine years pretending she never set foot on the drowned island.",
    "Now a letter in her dead sister's handwriting asks her to come home before the tide turns.",
    "In a city where memories are bought by the ounce, an honest forger is worth gold.",
    "Detective Inspector Tam Okafor wants one quiet winter, and gets a body in the clock tower.",
    "The vineyard was meant to be a fresh start for two people who cannot stand each other.",
    "Between the harvest and the first frost, something like love begins to ferment.",
    "Commander Ilya Sand wakes alone on a ship built for eleven thousand sleepers.",
    "Every door on deck seven has been welded shut from the inside.",
    "This clear, good-humoured guide leads from a first seedling to a garden that feeds four.",
    "Drawing on two decades of interviews, the author follows a company from a garage to its ruin.",
    "The prince is cursed, the dragon is bored, and the only knight left is allergic to horses.",
    "Grandmother's recipes come with stories, and one of the stories is not true.",
    "On the eve of the siege, a girl who mends sails learns to read the enemy's signal fires.",
    "He left her at the station in 1943; she has kept his umbrella ever since.",
    "What begins as a dare at summer camp ends with a promise none of them can keep.",
    "The haunted house on Tallow Street has a new tenant, and this one is not afraid of the dark.",
    "A sweeping history of salt, the empires that it fed and the rebellions that it started.",
    "When the stock exchange is held to ransom by an algorithm, only its disgraced maker can help.",
    "Seven strangers, one snowbound inn, and a guest book signed by somebody who died last spring.",
    "With tenderness and wit, these essays ask what we owe to the animals that share our homes.",
    "Her werewolf landlord wants the rent, and her coven wants her gone by the full moon.",
    "It is the last season of the travelling circus, and the tightrope walker has a plan.",
    "A practical handbook of habits for people who have failed at every other handbook of habits.",
    "In the third volume of the saga, the twin thrones stand empty and the ice is on the march.",
)


def description(words: int, rng: random.Random) -> str:
    """Sentences in random order until there are about `words` words."""
    chosen: list[str] = []
    count = 0
    while count < words:
        sentence = rng.choice(SENTENCES)
        chosen.append(sentence)
        count += len(sentence.split())
    return " ".join(chosen)


def descriptions(count: int, *, shortest: int = 20, longest: int = 400, seed: int = 0) -> list[str]:
    """Descriptions whose lengths in words are spread evenly between the two bounds."""
    rng = random.Random(seed)
    return [description(rng.randint(shortest, longest), rng) for _ in range(count)]
