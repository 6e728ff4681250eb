"""What render.yaml says, and that the Dockerfile builds and starts the same."""

import json
import re
import shlex
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from flask import request

from benchmarks.site import ROOT, running_site
from webapp.config import SETTINGS

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def blueprint():
    return yaml.safe_load((ROOT / "render.yaml").read_text())


@pytest.fixture(scope="module")
def service(blueprint):
    return blueprint["services"][0]


@pytest.fixture(scope="module")
def variables(service):
    return {entry["key"]: entry for entry in service["envVars"]}


@pytest.fixture(scope="module")
def dockerfile():
    return (ROOT / "Dockerfile").read_text().replace("\\\n", "")


def test_the_blueprint_is_valid(blueprint):
    schema = json.loads((HERE / "render.schema.json").read_text())
    jsonschema_rs.validator_for(schema).validate(blueprint)


def test_only_serving_requirements_are_installed(service):
    assert re.findall(r"-r (\S+)", service["buildCommand"]) == ["requirements.txt"]
    names = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert "onnxruntime" in names
    assert not {"torch", "transformers", "pandas", "scikit-learn"} & set(names)


def test_every_folder_that_is_compiled_exists(service):
    compiled = shlex.split(service["buildCommand"].split("compileall -q ")[1])
    assert all((ROOT / name).exists() for name in compiled)


def test_the_secret_is_made_by_the_host_and_nowhere_written(variables):
    assert variables["SECRET_KEY"] == {"key": "SECRET_KEY", "generateValue": True}


@pytest.mark.parametrize("made_up", ["", "198.51.100.1, ", "198.51.100.1, 198.51.100.2, "])
@pytest.mark.parametrize("more", ["", ", 10.20.30.40"])
def test_a_visitor_cannot_make_up_an_address(variables, make_app, made_up, more):
    """Render's chain ends in client, Cloudflare; one entry more must not open it."""
    app = make_app(PROXY_HOPS=int(variables["PROXY_HOPS"]["value"]))
    app.add_url_rule("/address", view_func=lambda: request.remote_addr or "")
    chain = {"X-Forwarded-For": f"{made_up}203.0.113.9, 104.22.17.40{more}"}
    answer = app.test_client().get("/address", headers=chain).text
    assert answer == ("104.22.17.40" if more else "203.0.113.9")


def test_every_variable_means_something(variables):
    assert set(variables) - {setting.name for setting in SETTINGS} == {"PYTHON_VERSION"}
    assert variables["PRODUCTION"]["value"] == "1"


def test_python_is_pinned_to_the_version_the_project_is_tested_with(variables, dockerfile):
    assert re.fullmatch(r"3\.11\.\d+", variables["PYTHON_VERSION"]["value"])
    assert set(re.findall(r"FROM python:(\S+)", dockerfile)) == {"3.11-slim"}


def test_the_container_starts_what_render_starts(service, dockerfile):
    command = json.loads(re.findall(r"^CMD (.*)$", dockerfile, re.MULTILINE)[0])
    assert command[:2] == ["sh", "-c"]
    assert command[2].removeprefix("exec ") == service["startCommand"]


def test_the_container_installs_serving_requirements_and_is_not_root(dockerfile):
    assert re.findall(r"install -r (\S+)", dockerfile) == ["requirements.txt"]
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["hues"]
    assert "PRODUCTION=1" in dockerfile


def test_the_container_asks_after_its_health_by_a_trusted_name(dockerfile, service):
    command = json.loads(re.findall(r"HEALTHCHECK .*?CMD (.*)$", dockerfile, re.MULTILINE)[0])
    compile(command[2], "health check", "exec")
    assert service["healthCheckPath"] in command[2]
    assert "TRUSTED_HOSTS" in command[2]


@pytest.fixture(scope="module")
def context(tmp_path_factory, copy_context):
    """What `COPY . .` puts into the image."""
    folder = tmp_path_factory.mktemp("image")
    copy_context(folder)
    return folder


def test_the_image_holds_what_serving_needs_and_nothing_else(context):
    found = {path.name for path in context.iterdir()}
    assert found == {
        "requirements.txt", "gunicorn.conf.py", "wsgi.py",
        "catalogue", "ml", "models", "static", "templates", "webapp",
    }  # fmt: skip


def test_the_image_starts_is_healthy_and_writes_nothing(context, serving_python, dockerfile):
    import subprocess

    def files():
        return {path for path in context.rglob("*") if path.is_file()}

    before = files()
    check = json.loads(re.findall(r"HEALTHCHECK .*?CMD (.*)$", dockerfile, re.MULTILINE)[0])
    with running_site(context, serving_python, PYTHONDONTWRITEBYTECODE="1") as site:
        env = {"PORT": str(site.port), "TRUSTED_HOSTS": "127.0.0.1"}
        assert subprocess.run([serving_python, *check[1:]], env=env, check=False).returncode == 0
        env["TRUSTED_HOSTS"] = "other.example"
        refused = subprocess.run(
            [serving_python, *check[1:]], env=env, check=False, stderr=subprocess.PIPE
        )
        assert refused.returncode != 0
    assert files() == before
