"""The encoder's WordPiece tokenizer, pruned to what blurbs use."""

import json
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


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


def _surface(token: str) -> str:
    return token.removeprefix("##")
