"""What several folders of tests share: drawn images, and a bare application."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from flask import Flask, request
from PIL import Image

from webapp.config import from_environment
from webapp.operations import observability
from webapp.protection import limits, security

MakeApp = Callable[..., Flask]


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


@pytest.fixture
def make_app() -> MakeApp:
    """Builds an application from settings, with one page that reads and one that takes text."""

    def make(**config: object) -> Flask:
        app = Flask(__name__)
        app.config.update(from_environment({}, config))
        observability.init_app(app)
        security.init_app(app)
        limits.init_app(app)

        @app.get("/")
        def index() -> str:
            return "hello"

        @app.post("/send")
        def send() -> str:
            return str(len(request.form.get("description", "")))

        @app.post("/predict")
        def predict() -> str:
            with limits.admitted():
                return "genres"

        @app.post("/broken")
        def broken() -> str:
            raise ValueError(f"cannot read {request.form['description']}")

        return app

    return make
