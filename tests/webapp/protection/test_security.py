"""Headers, hosts, proxies, cookies and the secret."""

import re

import pytest
from flask import Flask, request, session

from benchmarks.site import ROOT
from webapp.config import ConfigurationError

SECRET = "K7v2mQx9Lr4TzB8wYc1NfG6hJd3PsA5e"
PRODUCTION = {"PRODUCTION": True, "SECRET_KEY": SECRET, "TRUSTED_HOSTS": "hues.example, .hues.test"}


def directives(policy: str) -> dict[str, list[str]]:
    """A Content-Security-Policy by directive."""
    parts = [part.split() for part in policy.split(";")]
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize(
    ("method", "path", "status"), [("get", "/", 200), ("get", "/nowhere", 404), ("post", "/", 405)]
)
def test_every_answer_carries_the_headers_that_scanners_ask_for(make_app, method, path, status):
    answer = getattr(make_app().test_client(), method)(path)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_policy_denies_by_default_and_allows_nothing_inline(make_app):
    policy = directives(make_app().test_client().get("/").headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    sources = {source for values in policy.values() for source in values}
    assert sources <= {"'none'", "'self'", "data:"}
    assert [name for name, values in policy.items() if "data:" in values] == ["img-src"]


def test_strict_transport_security_only_over_tls(make_app):
    client = make_app().test_client()
    assert "Strict-Transport-Security" not in client.get("/").headers
    over_tls = client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"]
    assert int(over_tls.split(";")[0].removeprefix("max-age=")) >= 15_768_000
    assert "includeSubDomains" in over_tls


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
    ],
)
def test_a_client_cannot_choose_its_address(make_app, hops, forwarded, expected):
    app = make_app(PROXY_HOPS=hops)
    app.add_url_rule("/address", view_func=lambda: request.remote_addr or "")
    answer = app.test_client().get("/address", headers={"X-Forwarded-For": forwarded})
    assert answer.text == expected


def test_proxy_says_whether_the_client_used_tls_only_when_there_is_one(make_app):
    headers = {"X-Forwarded-Proto": "https"}
    assert (
        "Strict-Transport-Security"
        not in make_app().test_client().get("/", headers=headers).headers
    )
    behind = make_app(PROXY_HOPS=1).test_client().get("/", headers=headers)
    assert "Strict-Transport-Security" in behind.headers


@pytest.mark.parametrize("host", ["hues.example", "hues.example:443", "a.hues.test", "hues.test"])
def test_trusted_hosts_are_answered(make_app, host):
    assert make_app(**PRODUCTION).test_client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "hues.example.evil.example", "xhues.test", "a b"])
def test_other_hosts_are_refused_with_the_headers(make_app, host):
    answer = make_app(**PRODUCTION).test_client().get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "not served here" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_session_cookie_is_locked_down_in_production(make_app):
    app: Flask = make_app(**PRODUCTION)

    @app.get("/remember")
    def remember() -> str:
        session["seen"] = True
        return ""

    cookie = (
        app.test_client().get("/remember", base_url="https://hues.example").headers["Set-Cookie"]
    )
    assert cookie.startswith("__Host-session=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("key", [None, "", "dev", "change-me", "a" * 64, SECRET[:31]])
def test_production_refuses_a_missing_or_weak_secret(make_app, key):
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        make_app(**PRODUCTION | {"SECRET_KEY": key})


def test_production_refuses_to_answer_to_any_host(make_app):
    with pytest.raises(ConfigurationError, match="TRUSTED_HOSTS"):
        make_app(**PRODUCTION | {"TRUSTED_HOSTS": " , "})


def test_on_render_the_name_it_gives_is_trusted(make_app, monkeypatch):
    monkeypatch.setenv("RENDER_EXTERNAL_HOSTNAME", "genre-hues.onrender.com")
    client = make_app(**PRODUCTION | {"TRUSTED_HOSTS": ""}).test_client()
    assert client.get("/", headers={"Host": "genre-hues.onrender.com"}).status_code == 200
    assert client.get("/", headers={"Host": "other.onrender.com"}).status_code == 400


def test_development_makes_up_a_new_secret_each_time(make_app):
    first, second = (make_app().config["SECRET_KEY"] for _ in range(2))
    assert len(first) >= 32
    assert first != second


def test_negative_number_of_proxies_is_refused(make_app):
    with pytest.raises(ConfigurationError, match="PROXY_HOPS"):
        make_app(PROXY_HOPS=-1)


def test_answers_to_sent_text_are_not_stored(make_app):
    client = make_app().test_client()
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
    assert client.post("/send", data={"description": "x"}).headers["Cache-Control"] == "no-store"


def test_no_other_site_may_read_answers(make_app):
    client = make_app().test_client()
    answer = client.post("/predict", headers={"Origin": "https://other.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]


def test_every_page_says_its_type_and_charset(make_app):
    client = make_app(METRICS_ENABLED=True).test_client()
    for path, status in (("/", 200), ("/nowhere", 404), ("/metrics", 200)):
        answer = client.get(path)
        assert answer.status_code == status
        assert "charset=utf-8" in answer.content_type


def test_every_test_that_the_checklist_names_exists():
    checklist = (ROOT / "docs" / "security.md").read_text()
    named = set(re.findall(r"`(test_\w+)`", checklist))
    written = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
    }
    assert len(named) > 30
    assert named <= written
