"""What people call a colour."""

import numpy as np
import pytest

from ml.hues.colour import hex_to_rgb, rgb_to_lab
from ml.hues.contrast import title_contrast
from ml.hues.names import COLOURS, HUES
from ml.hues.naming import designer_names, plain_name


def test_every_name_has_a_designers_name_of_its_own():
    assert tuple(designer_names()) == COLOURS
    assert len(set(designer_names().values())) == len(COLOURS)
    assert designer_names()["rosybrown"] == "dusty pink"
    left = {name for name, said in designer_names().items() if name == said} & set(HUES)
    assert left <= {"magenta", "teal", "crimson", "olive", "indigo"}  # said so by designers too


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("#b48f89", "dusty pink"),
        ("#f8db9f", "pale peach"),  # the cream that was called darkkhaki
        ("#04406c", "prussian blue"),
    ],
)
def test_a_colour_near_no_hue_is_called_by_its_own_name(code, name):
    said = plain_name(rgb_to_lab(np.array(hex_to_rgb(code))))
    assert said == name


def test_contrast_is_that_of_the_accessibility_guidelines():
    assert title_contrast("#ffffff") == pytest.approx((1, 21))
    assert title_contrast("#000000") == pytest.approx((21, 1))
    assert title_contrast("#767676").white == pytest.approx(4.54, abs=0.01)
