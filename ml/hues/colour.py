"""Colour spaces: sRGB to CIELAB (D65) and the CIEDE2000 difference, in numpy.

Both agree with scikit-image to within 1e-6 (tests/hues/test_hues_colour.py); importing
scikit-image for them would cost the site more memory than the whole classifier.
"""

import numpy as np
from numpy.typing import NDArray

_RGB_TO_XYZ = np.array(
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)
_D65 = np.array([0.95047, 1.0, 1.08883])
_POW25_7 = 25.0**7


def hex_to_rgb(code: str) -> tuple[int, int, int]:
    """Return the three bytes of "#rrggbb"."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def rgb_to_lab(rgb: NDArray[np.generic]) -> NDArray[np.float64]:
    """Convert 8-bit sRGB [..., 3] to CIELAB [..., 3] under D65 (IEC 61966-2-1, CIE 15)."""
    value = rgb.astype(np.float64) / 255.0
    linear = np.where(value > 0.04045, ((value + 0.055) / 1.055) ** 2.4, value / 12.92)
    xyz = linear @ _RGB_TO_XYZ.T / _D65
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)


def lab_to_rgb(lab: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Convert CIELAB [..., 3] to 8-bit sRGB [..., 3], clipped to what sRGB can show."""
    y = (lab[..., 0] + 16.0) / 116.0
    f = np.stack([y + lab[..., 1] / 500.0, y, y - lab[..., 2] / 200.0], axis=-1)
    xyz = np.where(f > 0.2068966, f**3, (f - 16.0 / 116.0) / 7.787) * _D65
    linear = np.clip(xyz @ np.linalg.inv(_RGB_TO_XYZ).T, 0.0, 1.0)
    value = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    rgb: NDArray[np.uint8] = np.rint(value * 255.0).astype(np.uint8)
    return rgb


def ciede2000(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the CIEDE2000 difference of CIELAB colours [..., 3], broadcast together.

    Source: Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula", Color Research and
    Application 30 (2005), whose 34 test pairs the tests check.
    """
    lightness1, a1, b1 = np.moveaxis(one, -1, 0)
    lightness2, a2, b2 = np.moveaxis(other, -1, 0)
    mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean7 / (mean7 + _POW25_7))
    chroma1, chroma2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    hue1 = np.arctan2(b1, stretch * a1) % (2 * np.pi)
    hue2 = np.arctan2(b2, stretch * a2) % (2 * np.pi)
    coloured = chroma1 * chroma2 > 0

    d_lightness, d_chroma = lightness2 - lightness1, chroma2 - chroma1
    turn = (hue2 - hue1 + np.pi) % (2 * np.pi) - np.pi
    d_hue = 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.where(coloured, turn, 0.0) / 2)

    lightness, chroma = (lightness1 + lightness2) / 2, (chroma1 + chroma2) / 2
    half = (hue1 + hue2) / 2
    far = np.abs(hue1 - hue2) > np.pi
    hue = np.where(
        coloured, np.where(far, np.where(half < np.pi, half + np.pi, half - np.pi), half), 2 * half
    )
    t = (
        1
        - 0.17 * np.cos(hue - np.pi / 6)
        + 0.24 * np.cos(2 * hue)
        + 0.32 * np.cos(3 * hue + np.radians(6))
        - 0.20 * np.cos(4 * hue - np.radians(63))
    )
    from_50 = (lightness - 50) ** 2
    s_lightness = 1 + 0.015 * from_50 / np.sqrt(20 + from_50)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    chroma7 = chroma**7
    rotation = (
        -2
        * np.sqrt(chroma7 / (chroma7 + _POW25_7))
        * np.sin(np.pi / 3 * np.exp(-(((np.degrees(hue) - 275) / 25) ** 2)))
    )
    dl, dc, dh = d_lightness / s_lightness, d_chroma / s_chroma, d_hue / s_hue
    difference: NDArray[np.float64] = np.sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)
    return difference
