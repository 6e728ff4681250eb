"""Rows of numbers in 4 bits, unpacked inside the graph as they are looked up."""

import torch
from torch import Tensor, nn

from ml.network.operators import GatherBlockQuantized

BLOCK = 64
"""Smaller blocks, of 16 or 32 values, were no more accurate on dev."""


class RowTable(nn.Module):
    """Rows to look up, in 4 bits a value with a scale for every `BLOCK` values of a row.

    Of several scales a block gets the one with the least squared error. Rounding what was rounded
    changes nothing.

    Args:
        weight: [rows, width] in float32.
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        rows, self.width = weight.shape
        blocks = nn.functional.pad(weight, (0, -self.width % BLOCK)).view(rows, -1, BLOCK)
        largest = blocks.abs().amax(-1, keepdim=True).clamp(min=1e-9)
        scale, least = largest, torch.full_like(largest, torch.inf)
        for divisor in torch.arange(6, 10.1, 0.5):
            tried = largest / divisor
            error = (_rounded(blocks, tried) * tried - blocks).square().sum(-1, keepdim=True)
            scale, least = torch.where(error < least, tried, scale), error.minimum(least)
        values = (_rounded(blocks, scale) + 8).to(torch.uint8).view(rows, -1)
        values = values[:, : self.width + self.width % 2]
        self.packed: Tensor
        self.register_buffer("packed", values[:, ::2] | values[:, 1::2] << 4)
        self.scale: Tensor
        self.register_buffer("scale", scale.squeeze(-1))

    def forward(self, row: Tensor) -> Tensor:
        """Return the rows [1, n, width] of the numbers [1, n]."""
        found: Tensor = GatherBlockQuantized.apply(  # type: ignore[no-untyped-call]
            self.packed, row, self.scale, BLOCK
        )
        return found[..., : self.width] if self.width % 2 else found


def _rounded(blocks: Tensor, scale: Tensor) -> Tensor:
    return (blocks / scale).round().clamp(-8, 7)
