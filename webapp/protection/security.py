"""Response headers, the host check, proxies in front, cookies, and the secret of a live site."""

import os
import secrets
from collections.abc import Sequence

from flask import Flask, Response, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import ConfigurationError

MIN_SECRET_CHARACTERS = 32
MIN_SECRET_DISTINCT = 10

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": Flask-WTF checks the referrer of a form sent over TLS.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), "
        "clipboard-write=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Two years, the value https://hstspreload.org asks for.
STRICT_TRANSPORT_SECURITY = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Make `app` answer with strict headers, to trusted hosts only, and with a real secret.

    Reads from `app.config`:
        PRODUCTION: whether secrets, hosts and secure cookies are required.
        SECRET_KEY: signs the session and the CSRF token; random for each process when not set,
            which production refuses.
        TRUSTED_HOSTS: host names to answer to; ".example.org" means every subdomain too;
            where it is not set and Render tells a service its own name, that one.
        PROXY_HOPS: how many proxies stand in front, each adding one entry to X-Forwarded-For.

    Raises:
        ConfigurationError: a production site lacks its secret or its hosts, or the secret is weak.
    """
    production: bool = app.config["PRODUCTION"]
    app.config["SECRET_KEY"] = _secret_key(app.config["SECRET_KEY"], production)
    hosts = app.config["TRUSTED_HOSTS"] or os.environ.get("RENDER_EXTERNAL_HOSTNAME")
    app.config["TRUSTED_HOSTS"] = _trusted_hosts(hosts, production)
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    if production:
        # The __Host- prefix makes browsers refuse the cookie without Secure and from subdomains.
        app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")
    if hops := app.config["PROXY_HOPS"]:
        # One proxy in front speaks TLS; what it says of the host is not needed, as it keeps Host.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=1
        )
    app.before_request(_refuse_foreign_host)
    app.after_request(_set_headers)


def _secret_key(key: object, production: bool) -> str:
    """Return the key to sign with: the configured one if it is strong, else one for development."""
    if not key:
        if production:
            raise ConfigurationError(
                "SECRET_KEY is not set; a production site needs a random one, for example from: "
                "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return secrets.token_urlsafe(32)
    text = str(key)
    weak = len(text) < MIN_SECRET_CHARACTERS or len(set(text)) < MIN_SECRET_DISTINCT
    if production and weak:
        raise ConfigurationError(
            f"SECRET_KEY is too easy to guess; a production site needs at least "
            f"{MIN_SECRET_CHARACTERS} random characters"
        )
    return text


def _trusted_hosts(hosts: str | Sequence[str] | None, production: bool) -> list[str] | None:
    """Return the hosts as a list; None, which trusts every host, only outside production."""
    names = hosts.split(",") if isinstance(hosts, str) else list(hosts or ())
    trusted = [name.strip() for name in names if name.strip()]
    if production and not trusted:
        raise ConfigurationError(
            "TRUSTED_HOSTS is not set; a production site needs the host names it answers to, "
            "separated by commas"
        )
    return trusted or None


def _refuse_foreign_host() -> Response | None:
    """Answers a request for a host that is not ours in plain text: no URL can be built for it."""
    if not isinstance(request.routing_exception, SecurityError):
        return None
    return Response("400 Bad Request: this host is not served here.\n", 400, mimetype="text/plain")


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT_SECURITY
    if "Cache-Control" not in response.headers:
        # "no-cache" lets a browser give back what was typed when one goes back to the form.
        reading = request.method in {"GET", "HEAD"}
        response.headers["Cache-Control"] = "private, no-cache" if reading else "no-store"
    return response
