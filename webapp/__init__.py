"""The site: a blurb in, its genres and the hues of their covers out."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from webapp import analysis
from webapp.api import routes as api
from webapp.config import ROOT, from_environment
from webapp.operations import assets, health, observability
from webapp.pages import (
    answer_files,
    answer_pages,
    compare,
    cover,
    downloads,
    examples,
    site_files,
)
from webapp.pages import routes as pages
from webapp.protection import errors, limits, security


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the site with its model loaded.

    Args:
        config: settings that override those of the environment, see `webapp.config`.

    Raises:
        ModelError: the model folder is missing, damaged or of another format.
        ConfigurationError: a setting cannot be read, or production lacks one.
    """
    app = Flask(
        __name__,
        static_folder=ROOT / "static",
        static_url_path=assets.url_path(ROOT / "static"),
        template_folder=ROOT / "templates",
    )
    app.config.from_mapping(from_environment(overrides=config))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    # In this order: what refuses a request comes after what logs it.
    for part in (
        observability,
        security,
        limits,
        assets,
        errors,
        analysis,
        examples,
        site_files,
        health,
    ):
        part.init_app(app)
    for part in (
        pages,
        answer_pages,
        answer_files,
        compare,
        cover,
        downloads,
        site_files,
        api,
        health,
    ):
        app.register_blueprint(part.blueprint)
    return app
