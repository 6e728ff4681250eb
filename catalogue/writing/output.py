"""Where an output goes: beside its place until it is whole, then there by one rename."""

import gzip
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from catalogue.errors import CatalogueError

STANDARD = "-"


def refuse_same(source: str, target: str) -> None:
    """Refuse to write over what is being read.

    Raises:
        CatalogueError: both name one file.
    """
    if STANDARD not in (source, target) and os.path.realpath(source) == os.path.realpath(target):
        raise CatalogueError(f"{target}: is the input; name another file for the answers")


def write_row(file: IO[str], row: dict[str, Any]) -> None:
    """Write one JSON object as a line."""
    file.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def whole_file(path: str) -> Iterator[Path]:
    """Give a path beside a file; what is written there takes the file's place when all went well.

    Raises:
        CatalogueError: nothing can be written there; the old file is left as it is.
    """
    part = Path(f"{path}.part")
    try:
        part.touch()
        yield part
        os.replace(part, path)
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def open_output(path: str) -> Iterator[IO[str]]:
    """Open a file for JSON Lines (`-` for standard output, `.gz` compressed).

    Lone surrogates, which UTF-8 lacks, are written as JSON's own escapes.

    Raises:
        CatalogueError: the file cannot be written.
    """
    with ExitStack() as stack:
        if path == STANDARD:
            binary: IO[bytes] = sys.stdout.buffer
        else:
            part = stack.enter_context(whole_file(path))
            binary = stack.enter_context(part.open("wb"))
        if path.endswith(".gz"):
            stream = gzip.GzipFile(fileobj=binary, mode="wb", mtime=0)
            binary = cast(IO[bytes], stack.enter_context(stream))
        text = io.TextIOWrapper(binary, encoding="utf-8", errors="backslashreplace", newline="\n")
        try:
            yield text
        finally:
            with suppress(BrokenPipeError):
                text.flush()
            text.detach()
