"""The network that ships: deep and wide in one graph, with exact contributions of every token."""

from typing import Any, cast

import torch
from torch import Tensor, nn

from ml.errors import InputError
from ml.model import GenreModel
from ml.wide import Wide


class WideBranch(nn.Module):
    """`ml.wide.Wide` as tensor operations that ONNX has.

    A feature's TF-IDF value is spread evenly over the places where it occurs, so that sums over
    places give the same score as sums over features.

    Args:
        wide: the fitted table.
        specials: token ids that are no part of the text (padding, opening, closing).
    """

    def __init__(self, wide: Wide, specials: list[int]) -> None:
        super().__init__()
        self.vocab_size = wide.vocab_size
        self.steps = max(1, (len(wide.keys) - 1).bit_length())
        padding = 2**self.steps - len(wide.keys)
        keys = torch.from_numpy(wide.keys)
        scale = abs(wide.weights).max(axis=0) / 127
        table = (wide.weights / scale).round().astype("int8")
        self.keys: Tensor
        self.register_buffer("keys", torch.cat([keys, torch.full((padding,), 2**62)]))
        self.idf: Tensor
        self.register_buffer("idf", nn.functional.pad(torch.from_numpy(wide.idf), (0, padding)))
        self.table: Tensor
        self.register_buffer("table", torch.from_numpy(table))
        self.scale: Tensor
        self.register_buffer("scale", torch.from_numpy(scale).clone())
        self.bias: Tensor
        self.register_buffer("bias", torch.from_numpy(wide.bias).clone())
        self.specials: Tensor
        self.register_buffer("specials", torch.tensor(specials))

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return the value [batch, 2 * tokens - 1] of each place and its row in the table.

        Places are the tokens in order, then the pairs of neighbours in order.
        """
        plain = (input_ids.unsqueeze(-1) != self.specials).all(-1)
        first, second = input_ids[:, :-1], input_ids[:, 1:]
        pairs = self.vocab_size + first * self.vocab_size + second
        place = torch.cat([plain, plain[:, :-1] & plain[:, 1:]], 1)
        keys = torch.where(place, torch.cat([input_ids, pairs], 1), -1)
        row = self._search(keys)
        found = (self.keys[row] == keys).to(self.idf.dtype)
        same = keys.unsqueeze(1) == keys.unsqueeze(2)
        count = same.to(self.idf.dtype).sum(-1)
        value = found * self.idf[row] * (1 + torch.log(count)) / count
        norm = (value * value * count).sum(1, keepdim=True).clamp(min=1e-12).sqrt()
        return value / norm, torch.where(found > 0, row, 0)

    def logits(self, value: Tensor, row: Tensor) -> Tensor:
        """Return [batch, labels]."""
        total = torch.bmm(value.unsqueeze(1), self.table[row].to(value.dtype)).squeeze(1)
        return total * self.scale + self.bias

    def contributions(self, value: Tensor, row: Tensor) -> Tensor:
        """Return [batch, tokens, labels]; half of a pair's goes to each of its tokens."""
        each = value.unsqueeze(-1) * self.table[row].to(value.dtype) * self.scale
        tokens = (each.shape[1] + 1) // 2
        single, halves = each[:, :tokens], each[:, tokens:] / 2
        none = torch.zeros_like(single[:, :1])
        return single + torch.cat([halves, none], 1) + torch.cat([none, halves], 1)

    def _search(self, keys: Tensor) -> Tensor:
        """Binary search: the last row whose key is not above the one sought (or row 0)."""
        row = torch.zeros_like(keys)
        for step in reversed(range(self.steps)):
            next_row = row + 2**step
            row = torch.where(self.keys[next_row] <= keys, next_row, row)
        return row


class RowEmbedding(nn.Module):
    """Word embeddings in INT8 with a scale a row: one scale for all rows loses too much.

    Args:
        weight: [words, width] in float32.
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-9) / 127
        self.scale: Tensor
        self.register_buffer("scale", scale)
        self.table: Tensor
        self.register_buffer("table", (weight / scale).round().to(torch.int8))

    def forward(self, input_ids: Tensor) -> Tensor:
        """Return [batch, tokens, width]."""
        return self.table[input_ids].to(self.scale.dtype) * self.scale[input_ids]


class _MultiHeadAttention(torch.autograd.Function):
    """onnxruntime's operator of this name, which holds far less in memory than its parts.

    See https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md.
    """

    @staticmethod
    def forward(
        _: object, query: Tensor, key: Tensor, value: Tensor, bias: Tensor, seen: Tensor, heads: int
    ) -> Tensor:
        """Return [batch, tokens, width], of three such and the bias [3 * width] of all three."""
        parts = zip((query, key, value), bias.chunk(3), strict=True)
        q, k, v = ((x + b).reshape(*x.shape[:-1], heads, -1).transpose(1, 2) for x, b in parts)
        mask = seen.bool()[:, None, None, :]
        mixed = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return mixed.transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(
        graph: Any, query: Any, key: Any, value: Any, bias: Any, seen: Any, heads: int
    ) -> Any:
        """Return the operator in the exported graph."""
        inputs = (query, key, value, bias, seen)
        found = graph.op("com.microsoft::MultiHeadAttention", *inputs, num_heads_i=heads)
        return found.setType(query.type())


class FusedAttention(nn.Module):
    """Takes the place of an encoder layer's self-attention and gives the same.

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

    def forward(
        self, hidden_states: Tensor, attention_mask: Tensor, **_: object
    ) -> tuple[Tensor, None]:
        """Return [batch, tokens, width] of such, and no attention weights.

        Args:
            hidden_states: [batch, tokens, width].
            attention_mask: [batch, 1, 1, tokens], 1 for tokens and 0 for padding.
        """
        parts = [nn.functional.linear(hidden_states, weight) for weight in self.weights]
        seen = attention_mask[:, 0, 0].to(torch.int32)
        mixed: Tensor = _MultiHeadAttention.apply(  # type: ignore[no-untyped-call]
            *parts, self.bias, seen, self.heads
        )
        return mixed, None


class ShippedModel(nn.Module):
    """`(1 - share) * deep + share * wide`, with the share folded into the weights.

    Args:
        deep: the fine-tuned encoder and head.
        wide: the table's branch.
        share: weight of the wide logits, 0 to 1.
    """

    def __init__(self, deep: GenreModel, wide: WideBranch, share: float) -> None:
        super().__init__()
        self.encoder, self.wide = deep.encoder, wide
        words = cast(nn.Embedding, self.encoder.get_input_embeddings())
        self.encoder.set_input_embeddings(RowEmbedding(words.weight.detach()))
        fused = [
            name for name, _ in self.encoder.named_modules() if name.endswith("attention.self")
        ]
        if not fused:
            raise InputError("the encoder's attention is not like BERT's; it cannot be exported")
        for name in fused:
            self.encoder.set_submodule(name, FusedAttention(self.encoder.get_submodule(name)))
        self.head = nn.Linear(deep.head.in_features, deep.head.out_features)
        with torch.no_grad():
            self.head.weight.copy_(deep.head.weight * (1 - share))
            self.head.bias.copy_(deep.head.bias * (1 - share) + wide.bias * share)
            wide.scale.mul_(share)
            wide.bias.zero_()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the three outputs.

        These are the logits [batch, labels], the contributions [batch, tokens, labels] and the
        embedding [batch, width].
        """
        weight = attention_mask.to(self.head.weight.dtype).unsqueeze(-1)
        states = self.encoder(
            input_ids=input_ids, attention_mask=weight.transpose(1, 2).unsqueeze(1)
        )[0]
        weight = weight / weight.sum(1, keepdim=True)
        pooled = (states * weight).sum(1)
        value, row = self.wide(input_ids)
        logits = self.head(pooled) + self.wide.logits(value, row)
        deep_parts = nn.functional.linear(states * weight, self.head.weight)
        return logits, deep_parts + self.wide.contributions(value, row), pooled
