"""How much less sure a short text's scores are to be taken than a long one's."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Brevity(NamedTuple):
    """`(tokens / whole)^exponent` below `whole` tokens, and 1 from there.

    Calibrated logits are multiplied by it. On a few words the model scores as boldly as on a whole
    blurb and is right less often; `python -m ml calibrate` fits the exponent on cut blurbs.
    """

    whole: int
    exponent: float

    def certainty(self, tokens: NDArray[np.int64] | int) -> NDArray[np.float64]:
        """Return the factor, from 0 to 1, of texts of so many tokens read."""
        shares = np.minimum(1.0, np.asarray(tokens, dtype=np.float64) / self.whole)
        result: NDArray[np.float64] = shares**self.exponent
        return result
