from pathlib import Path

from tokenizers import Tokenizer

from ml.data.pruning import prune
from ml.serving.tokenizing import cut, cut_points, ends, padding


def test_a_text_that_fits_is_whole_and_a_long_one_keeps_head_and_tail() -> None:
    assert cut(list(range(5)), 5) == [0, 1, 2, 3, 4]
    assert cut(list(range(100)), 8) == [0, 1, 2, 3, 4, 5, 98, 99]
    assert cut_points(100, 8) == (6, 2)


def test_rare_pieces_fall_apart_and_common_ones_stay(encoder_folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(encoder_folder / "tokenizer.json"))
    pruned, kept = prune(tokenizer, ["dragon dragon dragon wizard the"], min_count=2)
    assert pruned.encode("dragon").tokens == ["[CLS]", "dragon", "[SEP]"]
    assert pruned.encode("wizard").tokens[1:3] == ["w", "##i"]
    assert [tokenizer.id_to_token(old) for old in kept] == [
        pruned.id_to_token(new) for new in range(len(kept))
    ]
    assert ends(pruned) == (pruned.token_to_id("[CLS]"), pruned.token_to_id("[SEP]"))
    assert padding(pruned) == pruned.token_to_id("[PAD]")
