"""The tokenizer: the encoder's WordPiece, pruned to what blurbs use, and the cut to length."""

import json
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
HEAD_SHARE = 0.75  # of the tokens kept from a text that is too long; the rest are its last ones


def ends(tokenizer: Tokenizer) -> tuple[int, int]:
    """Return the ids that open and close every text, such as those of [CLS] and [SEP]."""
    first, last = tokenizer.encode("").ids
    return first, last


def padding(tokenizer: Tokenizer) -> int:
    """Return the id that fills the shorter texts of a batch."""
    found = (tokenizer.token_to_id(token) for token in ("[PAD]", "<pad>"))
    return next((index for index in found if index is not None), 0)


def is_word_piece(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokenizer is of the kind that `prune` can prune."""
    return type(tokenizer.model).__name__ == "WordPiece"


def prune(
    tokenizer: Tokenizer, texts: Iterable[str], min_count: int
) -> tuple[Tokenizer, list[int]]:
    """Drop the word pieces that blurbs hardly use; their words fall apart into smaller pieces.

    Special tokens and every single character are kept whatever their count, except the
    characters that no text holds at all.

    Args:
        tokenizer: a WordPiece tokenizer.
        texts: training texts to count in.
        min_count: the least count of a piece of more than one character.

    Returns:
        The pruned tokenizer and, for each of its ids in order, the id before pruning.
    """
    counts: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        counts.update(encoding.ids)
    spec = json.loads(tokenizer.to_str())
    vocab: dict[str, int] = spec["model"]["vocab"]
    kept = [
        token
        for token, index in sorted(vocab.items(), key=lambda item: item[1])
        if token in SPECIAL
        or counts[index] >= (min_count if len(_surface(token)) > 1 else 1)
        or (len(_surface(token)) == 1 and token.isascii())
    ]
    new_ids = {token: new for new, token in enumerate(kept)}
    spec["model"]["vocab"] = new_ids
    spec["truncation"] = spec["padding"] = None
    for added in spec["added_tokens"]:
        added["id"] = new_ids[added["content"]]
    for special in spec["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [new_ids[token] for token in special["tokens"]]
    for name in ("sep", "cls"):
        if name in spec["post_processor"]:
            token = spec["post_processor"][name][0]
            spec["post_processor"][name] = [token, new_ids[token]]
    return Tokenizer.from_str(json.dumps(spec)), [vocab[token] for token in kept]


def cut_points(length: int, budget: int) -> tuple[int, int]:
    """Return (head, tail): how many of the first and of the last tokens are kept."""
    if length <= budget:
        return length, 0
    head = round(budget * HEAD_SHARE)
    return head, budget - head


def cut(ids: list[int], budget: int) -> list[int]:
    """Keep the head and the tail of a token list that is longer than the budget."""
    head, tail = cut_points(len(ids), budget)
    return ids[:head] + ids[len(ids) - tail :] if tail else ids[:head]


def _surface(token: str) -> str:
    return token.removeprefix("##")
