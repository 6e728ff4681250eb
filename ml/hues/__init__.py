"""Cover hues from evidence: what covers of a genre lean to.

For serving (numpy and the standard library only):

- `HueTable.load(path) -> HueTable`; `HueTable.palette({"Fantasy": 0.9, ...}, n=10) -> Palette`.
- `Palette.hues`: ten `Hue(name, hex, share, lift, reasons)`, the most characteristic first, shares
  summing to 1; `Palette.barcode`: the same hues in the order to draw them; `Palette.backdrop`:
  `Backdrop(lean, black, white, grey, black_lift, white_lift)` with lean "dark", "light" or
  "neutral"; `Palette.evidence`: `Evidence(strength, covers, sources, replication, lean,
  interval)` with strength "strong", "fair" or "weak"; `Palette.genres`: the labels it rests on.
- `str(Reason)` is such as "Fantasy 1.6×".

On a cover (numpy; Pillow is imported on the first call):

- `extract.extract_palette(data: bytes | Path) -> CoverPalette`: `colours` (up to five
  `CoverColour(hex, share, css, difference, neutral)` with `name`, the largest first), `lightness`
  (0 to 100), `shares` (name -> share), `area` ([61]); raises `CoverError` (an `InputError`) whose
  message can be shown as it is. `image.MAX_BYTES` is the largest file it takes.
- `typicality.typicality(table, cover.area, ["Horror", ...])` -> for each genre with enough covers
  `Typicality(genre, percentile, covers, more, less)`; `more` and `less` are up to three
  `Move(name, hex, lift)` that would bring the cover nearer to the genre.

Exports (pure; each takes bars with `name`, `hex`, `share`: `palette.barcode` or `cover.colours`):

- `export.barcode_svg(bars, title, width=1200, height=240) -> str`,
  `export.barcode_png(bars, width=1200, height=240) -> bytes` (imports Pillow),
  `export.css_variables(bars, prefix="hue") -> str`, `export.gimp_palette(bars, title) -> str`.
"""

from ml.hues.palette import Backdrop, Evidence, Hue, Palette, Reason, Reference
from ml.hues.table import HueTable

__all__ = ["Backdrop", "Evidence", "Hue", "HueTable", "Palette", "Reason", "Reference"]
