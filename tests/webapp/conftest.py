"""The site with the shipped model, and the page that an answer is."""

from collections.abc import Callable, Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from webapp import create_app

Send = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app({"RATE_LIMIT": "", "TESTING": False})


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def soup() -> Callable[[TestResponse], BeautifulSoup]:
    return lambda response: BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Fills in a page's form as a browser does, sends it, and goes where that leads."""

    def post(page: str = "/", *, follow: bool = True, **fields: object) -> TestResponse:
        form = BeautifulSoup(client.get(page).text, "html.parser").form
        token = form.find("input", {"name": "csrf_token"})["value"]
        if not any(isinstance(value, FileStorage) for value in fields.values()):
            data = {"csrf_token": token, **fields}
            return client.post(page, data=data, follow_redirects=follow)
        # Encoded here, as the client would leave the temporary file of a large upload open.
        boundary, body = encode_multipart({"csrf_token": token, **fields})
        return client.post(
            page, data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )

    return post
