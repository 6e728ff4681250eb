"""The network that ships: deep and wide in one graph, with exact contributions of every token.

It reads one text at a time: nothing is padded, so nothing is masked.
"""

from copy import deepcopy
from typing import cast

import torch
from torch import Tensor, nn

from ml.errors import InputError
from ml.network.genre_model import GenreModel
from ml.network.ngram_table import Wide
from ml.network.operators import LabelEncoder, MultiHeadAttention
from ml.network.packed_table import RowTable


class WideBranch(nn.Module):
    """`ml.network.ngram_table.Wide` as operators that ONNX has.

    A feature's TF-IDF value is spread evenly over the places where it occurs, so that sums over
    places give the same score as sums over features.

    Args:
        wide: the fitted table.
        share: weight of its logits in the whole model's.
    """

    def __init__(self, wide: Wide, share: float) -> None:
        super().__init__()
        self.vocab_size, self.keys = wide.vocab_size, wide.keys
        # The last row is that of everything that is no feature.
        self.idf: Tensor
        self.register_buffer("idf", nn.functional.pad(torch.from_numpy(wide.idf), (0, 1)))
        weights = torch.from_numpy(wide.weights) * share
        # Half of what a pair of neighbours adds goes to each of them.
        weights[torch.from_numpy(wide.keys >= wide.vocab_size)] /= 2
        self.table = RowTable(nn.functional.pad(weights, (0, 0, 0, 1)))

    def forward(self, pieces: Tensor) -> Tensor:
        """Return what each piece adds to each label [1, pieces, labels], from ids [1, pieces]."""
        pairs = self.vocab_size + pieces[:, :-1] * self.vocab_size + pieces[:, 1:]
        keys = torch.cat([pieces, pairs], 1)
        row = LabelEncoder.apply(keys, self.keys)  # type: ignore[no-untyped-call]
        _, kind, counts = torch.unique(keys, return_inverse=True, return_counts=True)
        count = counts[kind].to(self.idf.dtype)
        value = self.idf[row] * (1 + torch.log(count)) / count
        norm = (value * value * count).sum(1, keepdim=True).clamp(min=1e-12).sqrt()
        each = (value / norm).unsqueeze(-1) * self.table(row)
        single, halves = each[:, : pieces.shape[1]], each[:, pieces.shape[1] :]
        pad = nn.functional.pad
        total: Tensor = single + pad(halves, (0, 0, 0, 1)) + pad(halves, (0, 0, 1, 0))
        return total


class FusedAttention(nn.Module):
    """Takes the place of an encoder layer's self-attention and gives the same without a mask.

    Args:
        attention: transformers' module with its `query`, `key` and `value`.
    """

    def __init__(self, attention: nn.Module) -> None:
        super().__init__()
        self.heads: int = attention.num_attention_heads  # type: ignore[assignment]
        projections = [attention.get_submodule(name) for name in ("query", "key", "value")]
        self.weights = nn.ParameterList(cast(nn.Linear, p).weight for p in projections)
        self.bias: Tensor
        self.register_buffer(
            "bias", torch.cat([cast(nn.Linear, p).bias.detach() for p in projections])
        )

    def forward(self, hidden_states: Tensor, *_: object, **__: object) -> tuple[Tensor, None]:
        """Return [batch, tokens, width] of such, and no attention weights."""
        parts = [nn.functional.linear(hidden_states, weight) for weight in self.weights]
        mixed: Tensor = MultiHeadAttention.apply(  # type: ignore[no-untyped-call]
            *parts, self.bias, self.heads
        )
        return mixed, None


class Embeddings(nn.Module):
    """BERT's sum of word, position and (always the first) type, normalised.

    RoBERTa's kind counts positions from the one after its padding's.

    Args:
        embeddings: transformers' module.
        max_tokens: how many positions are kept.
    """

    def __init__(self, embeddings: nn.Module, max_tokens: int) -> None:
        super().__init__()
        words, positions, types = (
            cast(nn.Embedding, embeddings.get_submodule(f"{name}_embeddings")).weight.detach()
            for name in ("word", "position", "token_type")
        )
        self.words = RowTable(words)
        padding = cast(nn.Embedding, embeddings.get_submodule("position_embeddings")).padding_idx
        first = 0 if padding is None else padding + 1
        if len(positions) - first < max_tokens:
            raise InputError(
                f"the encoder reads {len(positions) - first} tokens at most; [export] in "
                f"settings.toml asks for max_tokens = {max_tokens}"
            )
        self.positions: Tensor
        self.register_buffer("positions", (positions[first : first + max_tokens] + types[0]).half())
        self.norm = embeddings.get_submodule("LayerNorm")

    def forward(self, input_ids: Tensor) -> Tensor:
        """Return [1, tokens, width]."""
        places = self.positions[: input_ids.shape[1]].float()
        states: Tensor = self.norm(self.words(input_ids) + places)
        return states


class ShippedModel(nn.Module):
    """`(1 - share) * deep + share * wide`, with the share folded into the weights.

    Args:
        deep: the fine-tuned encoder and head.
        wide: the fitted table.
        share: weight of the wide logits, 0 to 1.
        max_tokens: of the longest text that is read, with its first and last special token.
    """

    def __init__(self, deep: GenreModel, wide: Wide, share: float, max_tokens: int) -> None:
        super().__init__()
        encoder = deepcopy(deep.encoder)
        fused = [name for name, _ in encoder.named_modules() if name.endswith("attention.self")]
        if not fused:
            raise InputError("the encoder's attention is not like BERT's; it cannot be exported")
        for name in fused:
            encoder.set_submodule(name, FusedAttention(encoder.get_submodule(name)))
        self.embeddings = Embeddings(encoder.get_submodule("embeddings"), max_tokens)
        self.layers = cast(nn.ModuleList, encoder.get_submodule("encoder.layer"))
        self.wide = WideBranch(wide, share)
        head = deep.head
        self.weight: Tensor
        self.register_buffer("weight", head.weight.detach() * (1 - share))
        self.bias: Tensor
        self.register_buffer(
            "bias", head.bias.detach() * (1 - share) + torch.from_numpy(wide.bias) * share
        )

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the three outputs for the ids [1, tokens] of one text with its special tokens.

        These are the logits [1, labels], the contributions [1, tokens, labels] that sum to them
        with the bias, and the embedding [1, width].
        """
        states = self.embeddings(input_ids)
        for layer in self.layers:
            states = layer(states)
        tokens = input_ids.shape[1]
        of_deep = nn.functional.linear(states, self.weight) / tokens
        parts = of_deep + nn.functional.pad(self.wide(input_ids[:, 1:-1]), (0, 0, 1, 1))
        return parts.sum(1) + self.bias, parts, states.sum(1) / tokens
