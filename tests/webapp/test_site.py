"""What holds for every page, and how the site is put together."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp import create_app
from webapp.config import ROOT
from webapp.operations import assets

PAGES = ["/", "/?example=salt-road", "/about", "/api", "/cover", "/compare", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_nothing_that_the_policy_forbids(client: FlaskClient, soup, path: str):
    response = client.get(path)
    page = soup(response)
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not page.select("[style], style")
    assert not [script for script in page.select("script") if not script.get("src")]
    assert not re.search(r"\son\w+=", str(page.body))
    for tag in page.select("[src], link[href]:not([rel=canonical])"):
        assert (tag.get("src") or tag["href"]).startswith(("/static/", "/favicon.ico", "/site."))


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_built_for_everyone(client: FlaskClient, soup, path: str):
    page = soup(client.get(path))
    assert page.html["lang"] == "en"
    assert page.title.text.strip()
    assert len(page.select("h1")) == 1
    assert len(page.select("main, header, footer, nav")) == 4
    assert page.select_one("a.skip")["href"] == "#main"
    levels = [int(heading.name[1]) for heading in page.select("h1, h2, h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for tag in page.select("[aria-labelledby], [aria-describedby]"):
        for name in (
            tag.get("aria-labelledby", "") + " " + tag.get("aria-describedby", "")
        ).split():
            assert name in ids
    for image in page.select("svg"):
        assert image.get("aria-label") or image.get("aria-labelledby") or image.get("aria-hidden")
    for field in page.select("form:not([hidden]) :is(input:not([type=hidden]), textarea)"):
        assert page.select_one(f"label[for={field['id']}]")


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_somewhere(client: FlaskClient, soup, path: str):
    for link in soup(client.get(path)).select("a[href]:not([href^=https])"):
        target, _, anchor = link["href"].partition("#")
        with client.get(target or path) as response:
            assert response.status_code == (404 if not target and path == "/nowhere" else 200)
            if anchor:
                assert soup(response).find(id=anchor)


def test_static_files_are_kept_for_ever_under_their_hash(app: Flask, client: FlaskClient):
    response = client.get(f"{app.static_url_path}/site.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/0123456789ab/site.css").status_code == 404
    fonts = re.findall(r'url\("([^"]+)"\)', response.text)
    assert len(fonts) == 2
    for name in fonts:
        with client.get(f"{app.static_url_path}/{name}") as font:
            assert font.status_code == 200
    response.close()


def test_the_hash_changes_with_any_file(tmp_path: Path):
    (tmp_path / "a.css").write_text("a")
    before = assets.url_path(tmp_path)
    (tmp_path / "a.css").write_text("b")
    assert assets.url_path(tmp_path) != before


def test_health_and_readiness(app: Flask, client: FlaskClient, monkeypatch):
    version = app.extensions["predictor"].version
    assert client.get("/readyz").json == {"status": "ready", "model": version}
    monkeypatch.setattr(app.extensions["predictor"], "_run", None)
    assert client.get("/healthz").json == {"status": "ok", "model": version}


def test_the_about_page_quotes_the_measured_figures(app: Flask, client: FlaskClient, monkeypatch):
    summary = dict.fromkeys(
        ("micro_f1", "macro_f1", "map", "p_at_1", "p_at_5", "ndcg_at_5", "ece"), 0.12345
    )
    row = {
        "label": "Horror",
        "facet": "genre",
        "books": 77,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
    }
    monkeypatch.setitem(
        app.extensions,
        "figures",
        {
            "version": "v",
            "books": 4321,
            "labels": 2,
            "original": 141,
            "per_label": [row],
            "reliability": [[0.1, place / 15, place / 15] for place in range(15)],
            "with_title": {"original_labels": summary, "intervals": {"map": [0.111, 0.222]}},
            "without_title": {"original_labels": {**summary, "map": 0.98765}},
        },
    )
    page = client.get("/about").text
    for figure in ("4,321", "0.123", "0.111 to 0.222", "0.988", "77"):
        assert figure in page
    monkeypatch.setitem(app.extensions, "figures", None)
    assert "held-out" not in client.get("/about").text


def test_serving_imports_nothing_heavy():
    code = (
        "import sys; from webapp import create_app; c = create_app().test_client(); "
        "assert c.get('/?example=salt-road').status_code == 200; "
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"torch", "transformers", "pandas", "sklearn", "skimage", "scipy", "PIL", "onnx"}
    assert not heavy & set(done.stdout.split())


def test_flask_run_needs_nothing_that_windows_lacks():
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('fcntl', 'pwd', 'grp', 'resource')));"
        "import wsgi; assert wsgi.app.test_client().get('/').status_code == 200;"
        "assert 'gunicorn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_site_does_not_start_on_a_damaged_model(app: Flask, tmp_path: Path):
    with pytest.raises(Exception, match=str(tmp_path)):
        create_app({"MODEL_FOLDER": tmp_path})


def test_one_session_cookie_and_nothing_else(client: FlaskClient):
    cookies = client.get("/").headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
