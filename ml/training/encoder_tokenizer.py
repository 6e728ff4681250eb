"""The encoder's own tokenizer, pruned for a run."""

from tokenizers import Tokenizer
from transformers import AutoTokenizer

from ml.data.pruning import is_word_piece, prune
from ml.errors import InputError
from ml.network.encoder import encoder_path


def encoder_tokenizer(
    encoder: str, texts: list[str], min_token_count: int
) -> tuple[Tokenizer, list[int] | None]:
    """Return the encoder's tokenizer, pruned if it is WordPiece, and the ids that were kept."""
    source = encoder_path(encoder)
    try:
        full = AutoTokenizer.from_pretrained(source).backend_tokenizer
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"--encoder {source}: no fast tokenizer there ({error})") from error
    full.no_truncation()
    full.no_padding()
    kept_ids = None
    if is_word_piece(full):
        full, kept_ids = prune(full, texts, min_token_count)
    return full, kept_ids
