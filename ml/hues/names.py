"""The colours a cover's area is counted in: 58 hues and the three backdrops.

The hues are the original project's 58 CSS colour names, in its order. They hold no black, white
or mid grey, which together fill 45 % of the area of real covers, so these three stand beside them.
"""

HUES = {
    "firebrick": "#b22222",
    "mediumseagreen": "#3cb371",
    "darkviolet": "#9400d3",
    "magenta": "#ff00ff",
    "mediumblue": "#0000cd",
    "limegreen": "#32cd32",
    "seagreen": "#2e8b57",
    "tomato": "#ff6347",
    "blue": "#0000ff",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "mediumslateblue": "#7b68ee",
    "darkturquoise": "#00ced1",
    "salmon": "#fa8072",
    "crimson": "#dc143c",
    "cyan": "#00ffff",
    "slategrey": "#708090",
    "gold": "#ffd700",
    "cadetblue": "#5f9ea0",
    "indianred": "#cd5c5c",
    "saddlebrown": "#8b4513",
    "orangered": "#ff4500",
    "yellow": "#ffff00",
    "darkgoldenrod": "#b8860b",
    "orange": "#ffa500",
    "mediumspringgreen": "#00fa9a",
    "olive": "#808000",
    "darkorange": "#ff8c00",
    "lavender": "#e6e6fa",
    "rosybrown": "#bc8f8f",
    "brown": "#a52a2a",
    "pink": "#ffc0cb",
    "orchid": "#da70d6",
    "navy": "#000080",
    "indigo": "#4b0082",
    "royalblue": "#4169e1",
    "mediumvioletred": "#c71585",
    "red": "#ff0000",
    "steelblue": "#4682b4",
    "deeppink": "#ff1493",
    "darkkhaki": "#bdb76b",
    "palevioletred": "#db7093",
    "chocolate": "#d2691e",
    "green": "#008000",
    "slateblue": "#6a5acd",
    "coral": "#ff7f50",
    "mediumorchid": "#ba55d3",
    "turquoise": "#40e0d0",
    "purple": "#800080",
    "lime": "#00ff00",
    "darkcyan": "#008b8b",
    "peru": "#cd853f",
    "sienna": "#a0522d",
    "deepskyblue": "#00bfff",
    "maroon": "#800000",
    "forestgreen": "#228b22",
    "darkslategray": "#2f4f4f",
    "dodgerblue": "#1e90ff",
}
"""Hue name -> hex, in the original project's order (CSS Color Module Level 4, named colors)."""

BACKDROPS = {"black": "#000000", "white": "#ffffff", "grey": "#808080"}
"""Backdrop name -> hex."""

COLOURS = (*HUES, *BACKDROPS)
"""All 61 names: the columns of every table here."""

INDEX = {name: column for column, name in enumerate(COLOURS)}
"""Name -> its column."""
