"""Bytes from a file or a pipe, unpacked: gzip, bzip2, xz and zip are known by their first bytes."""

import bz2
import gzip
import io
import lzma
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

from catalogue.errors import CatalogueError
from catalogue.limits import Limits
from catalogue.reading.archives import Container, choose, container_of

HEAD = 1 << 16
_CHUNK = 1 << 20
_DEPTH = 4
_DAMAGE = (gzip.BadGzipFile, zlib.error, EOFError, lzma.LZMAError, zipfile.BadZipFile)


class Bytes(io.RawIOBase):
    """A stream with its first bytes in view; it stops at a limit and names the file in errors."""

    def __init__(self, stream: IO[bytes], name: str, limit: int, packing: str = "") -> None:
        super().__init__()
        self._stream, self._name, self._limit, self._packing = stream, name, limit, packing
        self._passed = 0
        self._ahead = b""
        parts: list[bytes] = []
        while sum(map(len, parts)) < HEAD and (part := self._next(HEAD)):
            parts.append(part)
        self.head = self._ahead = b"".join(parts)

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, first with what was read ahead."""
        size = len(buffer)
        if self._ahead:
            data, self._ahead = self._ahead[:size], self._ahead[size:]
        else:
            data = self._next(size)
        buffer[: len(data)] = data
        return len(data)

    def _next(self, size: int) -> bytes:
        try:
            data = self._stream.read(size)
        except _DAMAGE as error:
            raise CatalogueError(
                f"{self._name}: is {self._packing or 'packed'} but damaged ({error})"
            ) from error
        except (OSError, ValueError, RuntimeError, NotImplementedError) as error:
            reason = getattr(error, "strerror", None) or error
            how = f" as {self._packing}" if self._packing else ""
            raise CatalogueError(f"{self._name}: cannot be read{how} ({reason})") from error
        self._passed += len(data)
        if self._passed > self._limit:
            raise CatalogueError(
                f"{self._name}: is larger than {self._limit / 1e6:,.0f} MB unpacked, "
                "the most that is read here"
            )
        return data


class Source:
    """An opened input: its first bytes, a stream of all, or all of it as a seekable file."""

    def __init__(self, path: str, limits: Limits, member: str | None = None) -> None:
        self.path, self.limits, self.member = path, limits, member
        self.name = "standard input" if path == "-" else path
        self.packing: list[str] = []
        self.notes: list[str] = []
        self.container: Container | None = None
        """The format, where the file is a zip that is a format by itself: a workbook, an EPUB."""
        self._stack = ExitStack()
        try:
            self._set(self._opened())
            self._unpack()
        except BaseException:
            self.close()
            raise

    @property
    def head(self) -> bytes:
        """The first bytes, unpacked: 64 KiB, or all there is."""
        return self._bytes.head

    def file(self) -> IO[bytes]:
        """Return all of it as a seekable file, which formats with an index at their end need."""
        if self.path != "-" and not self.packing:
            return self._stack.enter_context(Path(self.path).open("rb"))
        copy = cast(IO[bytes], self._stack.enter_context(tempfile.TemporaryFile()))  # noqa: SIM115
        while chunk := self.stream.read(_CHUNK):
            copy.write(chunk)
        copy.seek(0)
        return copy

    def again(self) -> "Source | None":
        """Return a second source of the same bytes, or None where they come but once: a pipe."""
        if self.path == "-":
            return None
        other = Source(self.path, self.limits, self.member)
        self._stack.callback(other.close)
        return other

    def close(self) -> None:
        """Close what was opened, and forget temporary copies."""
        self._stack.close()

    def _set(self, stream: IO[bytes], packing: str = "") -> None:
        self._bytes = Bytes(stream, self.name, self.limits.unpacked, packing)
        self.stream = io.BufferedReader(self._bytes, _CHUNK)

    def _opened(self) -> IO[bytes]:
        if self.path == "-":
            return sys.stdin.buffer
        if Path(self.path).is_dir():
            raise CatalogueError(f"{self.name}: is a folder; expected a file")
        try:
            return self._stack.enter_context(Path(self.path).open("rb"))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CatalogueError(f"{self.name}: cannot be read ({reason})") from error

    def _unpack(self) -> None:
        for _ in range(_DEPTH):
            opener = next(
                (o for magic, o in _PACKINGS.items() if self.head.startswith(magic)), None
            )
            if opener:
                self._set(self._stack.enter_context(opener(self.stream)), "gzipped or the like")
                self.packing.append(_NAMES[opener])  # type: ignore[index]
            elif not self.head.startswith(_ZIP) or self._unzip():
                return
        raise CatalogueError(f"{self.name}: is packed more than {_DEPTH} times over")

    def _unzip(self) -> bool:
        """Open the one table in a zip archive; True where the zip is itself a format."""
        seekable = self.file()
        try:
            archive = self._stack.enter_context(zipfile.ZipFile(seekable))
            self.container = container_of(archive)
            if self.container:
                seekable.seek(0)
                self._set(seekable)
                return True
            chosen = choose(archive, self.name, self.member)
            self._set(self._stack.enter_context(archive.open(chosen.name)), "zipped")
        except (*_DAMAGE, ValueError, OSError) as error:
            raise CatalogueError(f"{self.name}: is a zip archive but damaged ({error})") from error
        except (RuntimeError, NotImplementedError) as error:
            raise CatalogueError(f"{self.name}: cannot be unpacked ({error})") from error
        self.packing.append(f"zip, {chosen.name}")
        self.notes += chosen.notes
        return False


_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_Opener = Callable[[IO[bytes]], IO[bytes]]


def _gzip(stream: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream))


def _bzip2(stream: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], bz2.BZ2File(stream))


def _xz(stream: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], lzma.LZMAFile(stream))


_PACKINGS: dict[bytes | tuple[bytes, ...], _Opener] = {
    b"\x1f\x8b": _gzip,
    tuple(b"BZh%d" % level for level in range(1, 10)): _bzip2,
    b"\xfd7zXZ\x00": _xz,
}
_NAMES = {_gzip: "gzip", _bzip2: "bzip2", _xz: "xz"}
