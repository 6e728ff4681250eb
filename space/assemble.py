"""Puts together the folder that is pushed to a Space: `python space/assemble.py OUT`."""

import argparse
import shutil
import sys
from pathlib import Path

SPACE = Path(__file__).parent
ROOT = SPACE.parent
FILES = ("app.py", "requirements.txt", "README.md")
FOLDERS = ("catalogue", "ml", "models/genre-hues")
# Hugging Face takes files over 10 MB only through LFS.
ATTRIBUTES = "*.onnx filter=lfs diff=lfs merge=lfs -text\n"


def assemble(out: Path) -> None:
    """Fill `out` with the app, the code it imports and the model folder.

    Raises:
        FileExistsError: `out` holds something that this command did not put there.
    """
    foreign = out.is_dir() and any(path.name != ".git" for path in out.iterdir())
    if foreign and not (out / "app.py").is_file():
        raise FileExistsError(f"{out} holds other files; name a new folder or a Space's clone")
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(SPACE / name, out / name)
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
        shutil.copytree(ROOT / name, out / name, ignore=shutil.ignore_patterns("__pycache__"))
    (out / ".gitattributes").write_text(ATTRIBUTES)


def main() -> int:
    """Read the command line; 0 when the folder is there, 2 when it cannot be filled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the folder to fill: a new one or a Space's clone")
    out: Path = parser.parse_args().out
    try:
        assemble(out)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
