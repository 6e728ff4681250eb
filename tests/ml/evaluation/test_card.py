from pathlib import Path

import pytest

from ml.__main__ import main
from ml.evaluation.card import PROJECT_README, with_figures, write_card
from ml.serving.model_folder import DEFAULT_MODEL


def test_the_readme_states_the_shipped_model_s_figures() -> None:
    text = PROJECT_README.read_text(encoding="utf-8")
    assert "| micro-F1 |" in text
    assert text == with_figures(text, DEFAULT_MODEL), "run `python -m ml card`"


def test_the_shipped_card_is_the_generated_one(tmp_path: Path) -> None:
    for path in DEFAULT_MODEL.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_card(tmp_path)
    shipped = (DEFAULT_MODEL / "README.md").read_text(encoding="utf-8")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == shipped


def test_a_readme_without_marks_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for path in DEFAULT_MODEL.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    readme = tmp_path / "README.md"
    readme.write_text("# Mine\n")
    assert main(["card", "--model", str(folder), "--readme", str(readme)]) == 2
    assert "lacks the marks" in capsys.readouterr().err
    assert readme.read_text() == "# Mine\n"
