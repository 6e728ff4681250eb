"""Which words and sentences of a blurb spoke for a genre, ready to be quoted."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.serving.contributions import WordContributions
from webapp.function_words import is_function_word
from webapp.sentences import sentence_starts

LEVELS = (0.6, 0.35, 0.2)
"""The share of the strongest word's value from which a word gets the heaviest line, and so on."""

MOST = 5
QUOTED = 2
NOTABLE = 0.25
"""Of the strongest sentence's pull: weaker ones are not quoted."""
TELLING = 0.4
"""Of a label's strongest pull: from there on it is said where a sentence pulls."""


class Piece(NamedTuple):
    """A stretch of text: level 3 spoke most for the genre, 0 hardly mattered, -3 most against."""

    text: str
    level: int


class Explanation(NamedTuple):
    """What a blurb's words said of one label."""

    most: tuple[str, ...]
    """The words that spoke most for it, best first."""
    least: tuple[str, ...]
    """The words that spoke most against it."""
    quotes: tuple[tuple[Piece, ...], ...]
    """The sentences that pulled most to it, in their order."""
    against: tuple[Piece, ...]
    """The sentence that pulled most away from it; empty where none did much."""


class Pull(NamedTuple):
    """A sentence, and which genres it pulls to and away from."""

    text: str
    to: tuple[str, ...]
    away: tuple[str, ...]


class Evidence:
    """What each word of one blurb added to the score of every label, for pages to quote.

    Marks between words and the text's two ends have contributions too; they are small, mean
    nothing to a reader and are left out. Function words are told of only where they lead.
    """

    def __init__(self, words: WordContributions, head: int, labels: Sequence[str]) -> None:
        """Take what the words added, where the blurb begins behind its title, and the columns."""
        self.text = text = words.text
        self._column = {label: column for column, label in enumerate(labels)}
        kept = [place for place, (start, _) in enumerate(words.spans) if text[start].isalnum()]
        self._spans = [words.spans[place] for place in kept]
        self._words = [text[start:end] for start, end in self._spans]
        self._values = np.asarray(words.values[kept], dtype=np.float64)
        self._function = np.array([is_function_word(word) for word in self._words], dtype=bool)
        self._starts = sentence_starts(text, head)
        starts = [start for start, _ in self._spans]
        self._sentence = np.searchsorted(self._starts, starts, side="right") - 1

    def explanation(self, label: str) -> Explanation:
        """Return what spoke for and against a label.

        Raises:
            KeyError: no such label.
        """
        values = self._told(label)
        levels = _levels(values)
        pulls = self._pulls((label,))[:, 0]
        best = np.argsort(-pulls, kind="stable")[:QUOTED]
        least = NOTABLE * max(float(pulls.max(initial=0.0)), 1e-9)
        worst = int(pulls.argmin()) if pulls.size else 0
        return Explanation(
            self._ranked(values),
            self._ranked(-values),
            tuple(
                self._pieces(place, levels)
                for place in sorted(best.tolist())
                if pulls[place] >= least
            ),
            self._pieces(worst, levels) if pulls.size and pulls[worst] <= -least else (),
        )

    def pulls(self, labels: Sequence[str]) -> tuple[Pull, ...]:
        """Return for each sentence which of `labels` it pulls to and away from, strongest first.

        Each label's pulls are measured by its own strongest, so that the surest does not drown
        the others.
        """
        sums = self._pulls(labels)
        shares = sums / np.maximum(np.abs(sums).max(axis=0, initial=0.0), 1e-9)
        found = []
        for place, row in enumerate(shares):
            order = np.argsort(-row, kind="stable").tolist()
            to = tuple(labels[k] for k in order[:QUOTED] if row[k] >= TELLING)
            away = tuple(labels[k] for k in order[:-2:-1] if row[k] <= -TELLING)
            found.append(Pull(self._sentence_text(place), to, away))
        return tuple(found)

    def value(self, label: str) -> dict[str, float]:
        """Return what each distinct content word added to a label, all its places together."""
        found: dict[str, float] = {}
        for word, value in zip(self._words, self._told(label).tolist(), strict=True):
            found[word.lower()] = found.get(word.lower(), 0.0) + value
        return found

    def _told(self, label: str) -> NDArray[np.float64]:
        """Return one label's values [words], those of function words that do not lead as 0."""
        values = self._values[:, self._column[label]]
        content = np.where(self._function, 0.0, values)
        leads = np.abs(values) > np.abs(content).max(initial=0.0)
        return np.where(self._function & ~leads, 0.0, values)

    def _pulls(self, labels: Sequence[str]) -> NDArray[np.float64]:
        """Return the sums over each sentence [sentences, labels]."""
        sums = np.zeros((len(self._starts), len(labels)))
        np.add.at(sums, self._sentence, self._values[:, [self._column[label] for label in labels]])
        return sums

    def _sentence_text(self, place: int) -> str:
        start = self._starts[place]
        return self.text[start : [*self._starts, len(self.text)][place + 1]].strip()

    def _pieces(self, place: int, levels: NDArray[np.int64]) -> tuple[Piece, ...]:
        """Return a sentence with its notable words marked."""
        done = self._starts[place]
        end = [*self._starts, len(self.text)][place + 1]
        pieces = []
        for word in np.flatnonzero((self._sentence == place) & (levels != 0)).tolist():
            start, stop = self._spans[word]
            pieces += [
                Piece(self.text[done:start], 0),
                Piece(self.text[start:stop], int(levels[word])),
            ]
            done = stop
        pieces.append(Piece(self.text[done:end].rstrip(), 0))
        return tuple(piece for piece in pieces if piece.text)

    def _ranked(self, values: NDArray[np.float64]) -> tuple[str, ...]:
        least = LEVELS[-1] * float(np.abs(values).max(initial=0.0))
        order = np.argsort(-values, kind="stable").tolist()
        return _distinct(self._words[place] for place in order if values[place] >= least > 0)


def _levels(values: NDArray[np.float64]) -> NDArray[np.int64]:
    shares = np.abs(values) / max(float(np.abs(values).max(initial=0.0)), 1e-9)
    levels = sum((shares >= least).astype(np.int64) for least in LEVELS)
    return np.asarray(np.sign(values).astype(np.int64) * levels)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.lower() for word in words))[:MOST]
