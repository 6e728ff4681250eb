"""Cover hues from evidence: what covers of a genre lean to.

For serving (numpy and the standard library only):

- `HueTable.load(path) -> HueTable`; `HueTable.palette({"Fantasy": 0.9, ...}, n=10) -> Palette`.
- `Palette.hues`: ten `Hue(name, hex, share, lift, reasons)`, the most characteristic first, shares
  summing to 1; `Palette.barcode`: the same hues in the order to draw them; `Palette.backdrop`:
  `Backdrop(lean, black, white, grey, black_lift, white_lift)` with lean "dark", "light" or
  "neutral"; `Palette.evidence`: `Evidence(strength, covers, sources, replication, interval)` with
  strength "strong", "fair" or "weak"; `Palette.genres`: the labels it rests on.
- `str(Reason)` is such as "Fantasy 1.6×".
"""

from ml.hues.table import Backdrop, Evidence, Hue, HueTable, Palette, Reason

__all__ = ["Backdrop", "Evidence", "Hue", "HueTable", "Palette", "Reason"]
