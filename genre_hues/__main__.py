"""`genre-hues COMMAND ...`: the site by `serve`, and every stage of `python -m ml`."""

import sys
from collections.abc import Sequence

from ml.__main__ import STAGES, Stage
from ml.__main__ import main as run_stage

SERVE = Stage("genre_hues.serve", "serve the site on this machine")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit codes are those of `python -m ml`."""
    return run_stage(argv, prog="genre-hues", stages={"serve": SERVE, **STAGES})


if __name__ == "__main__":
    sys.exit(main())
