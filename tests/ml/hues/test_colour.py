"""Colour conversion and difference agree with scikit-image and with Sharma's published pairs."""

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from ml.hues.colour import ciede2000, lab_to_rgb, rgb_to_lab

RGB = np.random.default_rng(0).integers(0, 256, (500, 3), dtype=np.uint8)

# Sharma, Wu and Dalal (2005), table 1: pairs that take the formula's branches.
PAIRS = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, -0.001, 2.49), (50.0, 0.0011, -2.49), 4.7461),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


def test_lab_agrees_with_scikit_image():
    np.testing.assert_allclose(rgb_to_lab(RGB), rgb2lab(RGB), atol=1e-3)


def test_lab_and_back_is_the_same_colour():
    np.testing.assert_array_equal(lab_to_rgb(rgb_to_lab(RGB)), RGB)


def test_difference_agrees_with_scikit_image():
    one, other = rgb_to_lab(RGB[:250]), rgb_to_lab(RGB[250:])
    np.testing.assert_allclose(ciede2000(one, other), deltaE_ciede2000(one, other), atol=1e-6)


@pytest.mark.parametrize(("one", "other", "difference"), PAIRS)
def test_difference_of_published_pairs(one, other, difference):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(difference, abs=5e-5)
