"""The wheel: built, installed outside the clone, and used from the shell and from Python."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLURB = "A young witch and her cat solve the murder of the village baker."


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment's programs; what serving needs comes from the running one."""
    folder = tmp_path_factory.mktemp("package")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*build, "--outdir", str(folder), str(ROOT)], check=True, capture_output=True)
    venv.create(folder / "env", with_pip=False)
    site = next((folder / "env" / "lib").glob("python*/site-packages"))
    (wheel,) = folder.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    install += ["--prefix", str(folder / "env"), "--ignore-installed", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # Dependencies are tested elsewhere (tests/deploy); here they are borrowed.
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "borrowed.pth").write_text(packages + "\n")
    return folder / "env" / "bin"


def test_the_command_predicts_outside_the_clone(scripts: Path, tmp_path: Path) -> None:
    books = tmp_path / "books.jsonl"
    books.write_text(json.dumps({"id": "a", "description": BLURB}) + "\n")
    # The environment's own interpreter, whatever script line the installer wrote.
    command = [str(scripts / "python"), "-m", "genre_hues", "predict", str(books), "-"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout.splitlines()[0])
    assert answer["id"] == "a"
    assert "Mystery" in [genre["name"] for genre in answer["genres"]]
    assert (scripts / "genre-hues").is_file()


def test_the_python_door_is_what_the_docs_show(scripts: Path, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in text.split("```python\n")[1:]]
    assert len(examples) >= 3
    program = tmp_path / "examples.py"
    program.write_text("\n".join(examples), encoding="utf-8")
    done = subprocess.run(
        [scripts / "python", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "Fantasy" in done.stdout


def test_the_site_starts_from_the_wheel(scripts: Path, tmp_path: Path) -> None:
    program = (
        "from webapp import create_app\n"
        "page = create_app().test_client().get('/')\n"
        "assert page.status_code == 200 and b'barcode' in page.data.lower()\n"
        "import webapp, pathlib\n"
        "assert pathlib.Path(webapp.__file__).is_relative_to(r'" + str(scripts.parent) + "')\n"
    )
    subprocess.run([scripts / "python", "-c", program], cwd=tmp_path, check=True)


def test_a_folder_of_the_same_name_is_named(tmp_path: Path) -> None:
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "__init__.py").touch()
    program = (
        f"import sys; sys.path[:0] = [r'{tmp_path}']; sys.path.append(r'{ROOT}'); import genre_hues"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "another folder of that name" in done.stderr


def test_the_list_of_commands_names_serve_and_every_stage(scripts: Path, tmp_path: Path) -> None:
    command = [str(scripts / "python"), "-m", "genre_hues", "--help"]
    text = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert text.startswith("usage: genre-hues ")
    assert {"serve", "predict", "hues", "train"} <= set(text.split())
