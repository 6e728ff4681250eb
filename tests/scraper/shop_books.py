"""The invented books of the test shop: the same ones every time."""

import random
from dataclasses import dataclass

_GIVEN = ["Ada", "Bruno", "Céline", "Dmitri", "Esi", "Fionn", "Gülşen", "Hana", "Ivo", "Jun"]
_FAMILY = ["Albright", "Bakker", "Čapek", "Duarte", "Eze", "Fontaine", "Grønn", "Hale", "Ito"]
_FIRST = ["The Quiet", "A Borrowed", "Salt &", "The Last", "Under", "My Second", "“Paper”", "Ten"]
_SECOND = ["Lighthouse", "Orchard", "Winter", "Detective", "Moons", "Kitchen", "Harbour", "Alibis"]
_TREE = [
    ["Fiction", "Romance", "Paranormal", "General"],
    ["Fiction", "Romance", "Contemporary"],
    ["Fiction", "Mystery & detective", "Women Sleuths"],
    ["Fiction", "Science fiction", "Space opera"],
    ["Fiction", "Fantasy", "Epic"],
    ["Fiction", "Young adult or teen", "Coming of age"],
    ["Nonfiction", "Cooking, Food, Wine, Spirits", "Regional"],
    ["Nonfiction", "Biography", "Adventurers & explorers"],
    ["Poetry"],
]
_SENTENCES = [
    "Nobody in Harrow Bay locks a door until the night the ferry comes back empty.",
    "She has one summer, one borrowed boat and a map her grandmother drew from memory.",
    "What begins as a bet over a burnt cake becomes the longest friendship of his life.",
    "The dead ask small favours at first.",
    "He can hear every lie told within a mile — except his own.",
    "“Don’t open the blue jar,” the note says, so of course they do.",
    "Between the mines & the sea there is a town that keeps other people’s promises.",
    "Eleven recipes, three quarrels and a wedding nobody planned.",
    "Captain Okafor has seven days to bring the seed ship home, and six of them are gone.",
    "It is 1921, and the telegraph has just begun to answer back.",
    "Some houses are haunted; this one is merely disappointed.",
    "A gentle book for anyone who has ever stayed too long at a party.",
]
_TAGS = ["sea", "slow burn", "found family", "space", "recipes", "ghosts", "1920s", "first love"]
_LANGUAGES = ["English"] * 9 + ["Spanish"]


@dataclass(frozen=True)
class ShopBook:
    """One book as the shop knows it: what a correct record of it must say."""

    number: int
    title: str
    author: str
    description: str
    categories: tuple[tuple[str, ...], ...]
    tags: tuple[str, ...]
    language: str
    words: int
    published: tuple[int, int, int]
    category: int
    adult: bool = False

    @property
    def key(self) -> str:
        return f"books/view/{self.number}"

    @property
    def iso_date(self) -> str:
        year, month, day = self.published
        return f"{year:04}-{month:02}-{day:02}"


def make_books(count: int, *, first_category: int = 1000, categories: int = 6) -> list[ShopBook]:
    """Return invented books, spread over categories of different lengths."""
    chance = random.Random(20261122)
    books = []
    for index in range(count):
        paragraphs = [
            " ".join(chance.sample(_SENTENCES, chance.randint(1, 4)))
            for _ in range(chance.randint(1, 4))
        ]
        books.append(
            ShopBook(
                number=7001 + index * 3,
                title=f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {index + 1}",
                author=f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}",
                description="\n\n".join(paragraphs),
                categories=tuple(
                    tuple(path) for path in chance.sample(_TREE, chance.choice([1, 1, 2]))
                ),
                tags=tuple(chance.sample(_TAGS, chance.randint(0, 3))),
                language=chance.choice(_LANGUAGES),
                words=chance.choice([980, 6230, 45120, 121999]),
                published=(
                    chance.randint(2009, 2024),
                    chance.randint(1, 12),
                    chance.randint(1, 28),
                ),
                category=first_category + min(index % 9, categories - 1),
                adult=index % 37 == 36,
            )
        )
    return books
