"""A bare application with the three parts a deployed site adds, for tests of those parts alone."""

from collections.abc import Callable

import pytest
from flask import Flask, request

from webapp import limits, observability, security

MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app() -> MakeApp:
    """Builds an application from settings, with one page that reads and one that takes text."""

    def make(**config: object) -> Flask:
        app = Flask(__name__)
        app.config.update(config)
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
