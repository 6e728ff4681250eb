"""The small files that browsers and search engines ask a site for at its root."""

from functools import cache

from flask import Blueprint, Flask, Response, current_app, render_template, url_for

from ml.vocabulary.display import display
from webapp.analysis import predictor

blueprint = Blueprint("site_files", __name__)

A_DAY = "public, max-age=86400"
PAGES = ("pages.home", "cover.check", "compare.form", "pages.about", "pages.api_guide")


def init_app(app: Flask) -> None:
    """Let templates name genres as people read them."""
    app.add_template_filter(lambda label: display(label).name, "genre_name")
    app.add_template_global(lambda: _genre_names(predictor().labels), "genre_names")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let everything be read; answers ask by themselves not to be listed."""
    sitemap = url_for("site_files.sitemap", _external=True)
    return _day(f"User-agent: *\nAllow: /\nSitemap: {sitemap}\n", "text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages that stay."""
    return _day(render_template("sitemap.xml", pages=PAGES), "application/xml")


@blueprint.get("/site.webmanifest")
def manifest() -> Response:
    """Name the site, its colours and icons, for a home screen."""
    return _day(render_template("site.webmanifest"), "application/manifest+json")


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Send the icon that browsers ask for unasked."""
    return _static("icons/favicon.ico")


@blueprint.get("/apple-touch-icon.png")
def touch_icon() -> Response:
    """Send the icon that telephones ask for unasked."""
    return _static("icons/touch.png")


def _static(file: str) -> Response:
    response = current_app.send_static_file(file)
    response.headers["Cache-Control"] = A_DAY
    return response


def _day(body: str, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = A_DAY
    return response


@cache
def _genre_names(labels: tuple[tuple[str, str, float], ...]) -> tuple[str, ...]:
    return tuple(sorted({display(name).name for name, *_ in labels if display(name).show != "no"}))
