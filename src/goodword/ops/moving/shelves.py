"""Where an export lies: a folder, or one zip with the same in it."""

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

SUFFIX = ".zip"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same export is the same file, byte for byte
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class MoveError(Exception):
    """An export cannot be written or read; the text says why and what to do."""


class Shelf(Protocol):
    """Something that takes the files of an export, each written once."""

    def has(self, name: str) -> bool:
        """Whether a file is there."""

    def write(self, name: str, data: bytes) -> None:
        """Put a small file there."""

    def take(self, name: str, path: Path) -> None:
        """Put a large file there, which lies at `path` so far."""


class Folder:
    """An export in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, name: str) -> bool:
        return (self._path / name).exists()

    def write(self, name: str, data: bytes) -> None:
        place = self._path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def take(self, name: str, path: Path) -> None:
        shutil.move(path, self._path / name)


class Zip:
    """An export in one file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def has(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def write(self, name: str, data: bytes) -> None:
        self._archive.writestr(_entry(name), data)

    def take(self, name: str, path: Path) -> None:
        with path.open("rb") as lines, self._archive.open(_entry(name), "w", force_zip64=True) as place:
            shutil.copyfileobj(lines, place)
        path.unlink()


@contextmanager
def new(path: Path) -> Iterator[Shelf]:
    """An export to be written; it gets its name when it is whole, and nothing stays of one that fails."""
    if path.exists():
        raise MoveError(f"{path} is there already; name another place, or remove it.")
    part = path.with_name(f"{path.name}.part")
    try:
        if part.is_dir():
            shutil.rmtree(part)
        if path.suffix == SUFFIX:
            handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            with (
                os.fdopen(handle, "w+b") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                yield Zip(archive)
        else:
            part.mkdir(mode=0o700)
            yield Folder(part)
        part.rename(path)
    except OSError as error:
        _remove(part)
        raise MoveError(f"{path} cannot be written: {error.strerror or error}.") from error
    except BaseException:
        _remove(part)
        raise


class Written:
    """An export to be read."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = None if path.is_dir() else zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise MoveError(f"{path} is no export of Goodword; name its folder or its zip file.") from error
        self._path = path

    def open(self, name: str) -> IO[bytes]:
        """One of its files; raises MoveError."""
        try:
            return self._archive.open(name) if self._archive else (self._path / name).open("rb")
        except (OSError, KeyError) as error:
            raise MoveError(f"There is no {name} in {self._path}; the export is not whole.") from error

    def kept(self, digest: str) -> bytes:
        """The bytes that were put into a file; raises MoveError when they are others now."""
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise MoveError(f"'{str(digest)[:70]}' names no file of the export.")
        with self.open(file_name(digest)) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != digest:
            raise MoveError(f"{file_name(digest)} is damaged: its content is not what its name says.")
        return data

    def close(self) -> None:
        """Let it go."""
        if self._archive:
            self._archive.close()


def file_name(digest: str) -> str:
    """Where the bytes of this digest lie in an export."""
    return f"files/{digest[:2]}/{digest}"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)
