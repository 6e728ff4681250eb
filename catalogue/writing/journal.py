"""Answers as they come, kept on disk, so that a killed run goes on and does no row twice."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from catalogue.errors import CatalogueError


class Journal:
    """A file of JSON lines: the first says what the run is, then one line a row, in order."""

    def __init__(self, path: Path, run: Mapping[str, Any], *, resume: bool) -> None:
        """Begin a journal, or go on with the one that is there.

        Args:
            path: its place.
            run: what decides the answers; another run's journal is not gone on with.
            resume: go on where there is something to go on with.

        Raises:
            CatalogueError: it cannot be written, or it is another run's.
        """
        self.path = path
        self.rows = 0
        """How many rows it holds."""
        try:
            if resume and path.exists():
                self._go_on(run)
            else:
                path.write_text(json.dumps(dict(run)) + "\n", encoding="utf-8")
            self._file = path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise CatalogueError(f"{path}: cannot be written ({error.strerror})") from error

    def _go_on(self, run: Mapping[str, Any]) -> None:
        """Count the whole rows, and cut off one that the kill left half."""
        with self.path.open("rb") as file:
            first = file.readline()
            try:
                same = json.loads(first) == json.loads(json.dumps(dict(run)))
            except ValueError:
                same = False
            if not same:
                raise CatalogueError(
                    f"{self.path}: was left by a run with another input, model or options; remove "
                    "it, or run without --resume"
                )
            end = file.tell()
            for line in file:
                if not line.endswith(b"\n"):
                    break
                end += len(line)
                self.rows += 1
        os.truncate(self.path, end)

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Append rows; what is written survives the end of the process."""
        self._file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self._file.flush()

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield every row from the first."""
        with self.path.open(encoding="utf-8") as file:
            next(file)
            for line in file:
                yield json.loads(line)

    def remove(self) -> None:
        """Delete it: its rows are in their place."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
