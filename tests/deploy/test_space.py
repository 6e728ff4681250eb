"""The Gradio Space: assembled, started from its own folder and requirements, and called."""

import json
import os
import re
import subprocess
import sys
import time
from hashlib import sha256
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import yaml

from benchmarks.site import ROOT, free_port
from ml import answers
from ml.predictor import Predictor

SPACE = ROOT / "space"
START_TIMEOUT_S = 120
BLURB = (
    "When a retired spy opens a bakery in a village where nothing happens, the flour deliveries "
    "start arriving with coded messages, and the first customer of the morning is found dead."
)
CALL = """
import json, sys
from gradio_client import Client
client = Client(sys.argv[1], verbose=False)
try:
    print(json.dumps(client.predict(title="", description=sys.argv[2], api_name="/predict")))
except Exception as error:
    print(json.dumps({"error": str(error)}))
"""


def pins(path):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def front_matter():
    return yaml.safe_load((SPACE / "README.md").read_text().split("---")[1])


def test_its_packages_are_pinned_as_the_sites(front_matter):
    ours, serving = pins(SPACE / "requirements.txt"), pins(ROOT / "requirements.txt")
    assert ours.pop("gradio") == front_matter["sdk_version"]
    assert ours == {name: serving[name] for name in ("numpy", "onnxruntime", "tokenizers")}


def test_its_front_matter_is_what_hugging_face_reads(front_matter):
    assert front_matter["sdk"] == "gradio"
    assert (SPACE / front_matter["app_file"]).is_file()
    assert front_matter["python_version"] == "3.11"
    assert front_matter["license"] == "mit"
    assert len(front_matter["short_description"]) <= 60


def assemble(folder):
    command = [sys.executable, SPACE / "assemble.py", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("space") / "genre-hues"
    assert assemble(target).returncode == 0
    return target


def test_the_folder_can_be_filled_anew_and_a_clone_keeps_its_history(folder):
    (folder / ".git").mkdir()
    (folder / "ml" / "left_over.py").touch()
    assert assemble(folder).returncode == 0
    assert (folder / ".git").is_dir()
    assert not (folder / "ml" / "left_over.py").exists()
    assert "*.onnx filter=lfs" in (folder / ".gitattributes").read_text()
    assert not list(folder.rglob("__pycache__"))


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").touch()
    refused = assemble(tmp_path)
    assert refused.returncode == 2
    assert str(tmp_path) in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.fixture(scope="module")
def python(request, environment):
    digest = sha256((SPACE / "requirements.txt").read_bytes()).hexdigest()[:12]
    kept = request.config.cache.mkdir(f"space-{digest}")
    return environment(kept, SPACE / "requirements.txt")


@pytest.fixture(scope="module")
def url(folder, python):
    port = free_port()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder.parent),
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    process = subprocess.Popen(
        [python, "app.py"],
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process, address):
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the Space ended"
        try:
            with urlopen(address, timeout=5) as page:
                assert page.status == 200
                return
        except URLError:
            time.sleep(0.2)
    pytest.fail("the Space did not start")


def call(python, url, description):
    done = subprocess.run(
        [python, "-c", CALL, url, description], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_it_answers_as_the_site_does(python, url):
    label, barcode, answer = call(python, url, BLURB)
    predictor = Predictor.load()
    prediction = predictor.predict(BLURB)
    assert answer == answers.answer(prediction, predictor.palette(prediction))
    shown = {entry["label"]: entry["confidence"] for entry in label["confidences"]}
    decided = [genre for genre in prediction.genres if genre.facet != "shelf"]
    assert shown == pytest.approx({genre.name: genre.probability for genre in decided})
    assert barcode.count("<rect") == len(answer["hues"])
    for hue in answer["hues"]:
        assert hue["hex"] in barcode


def test_it_says_what_is_wrong_with_a_text(python, url):
    assert "at least 5 words" in call(python, url, "Too short")["error"]
    assert "at most 20,000 characters" in call(python, url, "dragon " * 3_000)["error"]
