"""Static files under a path that holds their content's hash, so browsers may keep them for ever."""

from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request

IMMUTABLE = "public, max-age=31536000, immutable"


def url_path(folder: Path) -> str:
    """Return the path to serve `folder` under: one hash for all, so files can name each other."""
    digest = sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return f"/static/{digest.hexdigest()[:12]}"


def init_app(app: Flask) -> None:
    """Let browsers keep what `app` serves under its static path, and templates name it: `asset`."""
    app.after_request(_keep)
    app.add_template_global(lambda file: f"{app.static_url_path}/{file}", "asset")


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in {200, 206, 304}:
        response.headers["Cache-Control"] = IMMUTABLE
    return response
