"""What the tokenizer adds to a text, and the cut to length."""

from tokenizers import Tokenizer

HEAD_SHARE = 0.75  # of the tokens kept from a text that is too long; the rest are its last ones


def ends(tokenizer: Tokenizer) -> tuple[int, int]:
    """Return the ids that open and close every text, such as those of [CLS] and [SEP]."""
    first, last = tokenizer.encode("").ids
    return first, last


def padding(tokenizer: Tokenizer) -> int:
    """Return the id that fills the shorter texts of a batch."""
    found = (tokenizer.token_to_id(token) for token in ("[PAD]", "<pad>"))
    return next((index for index in found if index is not None), 0)


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
