"""onnxruntime's own operators as functions that torch can run and export.

Each takes the place of many nodes, with less time and less memory than they need. Those of domain
com.microsoft: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md; of
ai.onnx.ml: https://onnx.ai/onnx/operators/.
"""

from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

DOMAINS = {"ai.onnx.ml": 4, "com.microsoft": 1}
"""The operators' versions, for torch's exporter."""


class GatherBlockQuantized(torch.autograd.Function):
    """Looks up rows of a table whose values have 4 bits."""

    @staticmethod
    def forward(_: object, packed: Tensor, row: Tensor, scale: Tensor, block: int) -> Tensor:
        """Return the rows [1, n, width] of the numbers `row` [1, n].

        Args:
            packed: [rows, width / 2], two values a byte, the first in the lower bits; 8 is zero.
            row: which.
            scale: [rows, blocks].
            block: how many values of a row have the same scale.
        """
        pair = packed[row].to(torch.int16)
        values = torch.stack([pair & 15, pair >> 4], -1).flatten(-2) - 8
        return values * scale[row].repeat_interleave(block, -1)[..., : values.shape[-1]]

    @staticmethod
    def symbolic(graph: Any, packed: Any, row: Any, scale: Any, block: int) -> Any:
        """Return the operator in the exported graph."""
        found = graph.op(
            "com.microsoft::GatherBlockQuantized",
            packed,
            row,
            scale,
            bits_i=4,
            block_size_i=block,
            gather_axis_i=0,
            quantize_axis_i=1,
        )
        return found.setType(scale.type().with_sizes([1, None, 2 * packed.type().sizes()[1]]))


class LabelEncoder(torch.autograd.Function):
    """Finds keys in a list by their hashes."""

    @staticmethod
    def forward(_: object, sought: Tensor, keys: NDArray[Any]) -> Tensor:
        """Return where each key [...] stands in the sorted list, or the list's length."""
        known = torch.from_numpy(keys)
        row = torch.searchsorted(known, sought)
        found = known[row.clamp(max=len(known) - 1)] == sought
        return torch.where(found, row, len(known))

    @staticmethod
    def symbolic(graph: Any, sought: Any, keys: NDArray[Any]) -> Any:
        """Return the operator in the exported graph."""
        found = graph.op(
            "ai.onnx.ml::LabelEncoder",
            sought,
            keys_tensor_t=torch.from_numpy(keys),
            values_tensor_t=torch.arange(len(keys)),
            default_tensor_t=torch.tensor([len(keys)]),
        )
        return found.setType(sought.type())


class MultiHeadAttention(torch.autograd.Function):
    """Attends without a mask, which lets onnxruntime go without the matrix of all scores."""

    @staticmethod
    def forward(
        _: object, query: Tensor, key: Tensor, value: Tensor, bias: Tensor, heads: int
    ) -> Tensor:
        """Return [batch, tokens, width], of three such and the bias [3 * width] of all three."""
        parts = zip((query, key, value), bias.chunk(3), strict=True)
        q, k, v = ((x + b).reshape(*x.shape[:-1], heads, -1).transpose(1, 2) for x, b in parts)
        mixed = nn.functional.scaled_dot_product_attention(q, k, v)
        return mixed.transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, bias: Any, heads: int) -> Any:
        """Return the operator in the exported graph."""
        inputs = (query, key, value, bias)
        found = graph.op("com.microsoft::MultiHeadAttention", *inputs, num_heads_i=heads)
        return found.setType(query.type())
