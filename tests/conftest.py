"""Images drawn for the tests."""

import io

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="session")
def stripes():
    """A 400 x 600 cover: 40 % maroon, 30 % gold, 20 % black, 10 % white."""
    rows = np.zeros((600, 400, 3), np.uint8)
    for end, start, colour in (
        (240, 0, (128, 0, 0)),
        (420, 240, (255, 215, 0)),
        (540, 420, (0, 0, 0)),
        (600, 540, (255, 255, 255)),
    ):
        rows[start:end] = colour
    return Image.fromarray(rows)


@pytest.fixture(scope="session")
def encode():
    """Return the bytes of an image in a format."""

    def encoded(image, form="PNG", **options):
        buffer = io.BytesIO()
        image.save(buffer, form, **options)
        return buffer.getvalue()

    return encoded
