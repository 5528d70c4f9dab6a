"""Reads a folder of files for an import. Decides which links are followed, and that no single file stops the others.

A link is followed only to what lies in the folder itself: a vault of somebody else's must not bring in our own files.

Blocking: to be run on a thread of its own.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from notesapp.errors import UnreadableFile
from notesapp.notes.schema import MAX_TEXT_BYTES
from notesapp.notes.vault import ATTACHMENT_LIMIT_BYTES, FileKind, SourceFile, kind_of

_DEEPEST = 64  # folders within folders: more is a mistake, and Windows can't even name it
_PIECE_BYTES = 1 << 20


@dataclass(slots=True)
class Folder:
    """What a folder holds: files, folders (relative, with `/`), and what could not be read, with why."""

    files: list[SourceFile] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


def read_folder(root: Path, progress: Callable[[int, int, str], None], stopped: Callable[[], bool]) -> Folder:
    """Everything below `root`; notes with their bytes. UnreadableFile if the folder itself can't be read."""
    if not root.is_dir():
        raise UnreadableFile(path=root, why="it is no folder" if root.exists() else "there is no such folder")
    try:
        os.listdir(root)
    except OSError as error:
        raise UnreadableFile(path=root, why=error.strerror or str(error)) from None
    found = Folder()
    paths = list(_walk(root, "", found, {_identity(root)}))
    for number, path in enumerate(paths, start=1):
        if stopped():
            break
        _read_file(root, path, found)
        progress(number, len(paths), path)
    return found


def _walk(root: Path, below: str, found: Folder, above: set[tuple[int, int]]) -> Iterator[str]:
    """The files; links within the folder are followed, others and those back to a folder we are in are reported."""
    try:
        entries = sorted(os.scandir(root / below), key=lambda entry: entry.name)
    except OSError as error:
        found.unreadable.append((below, error.strerror or str(error)))
        return
    for entry in entries:
        path = f"{below}/{entry.name}" if below else entry.name
        if kind_of(path) is FileKind.IGNORED:
            continue
        try:
            path.encode("utf-8")
            if entry.is_symlink() and (why := _why_not_followed(root, entry.path)):
                found.unreadable.append((path, why))
                continue
            if not entry.is_dir():
                if entry.is_file():
                    yield path
                else:
                    found.unreadable.append((path, "it is no file"))
                continue
            who = _identity(Path(entry.path))
        except UnicodeEncodeError:
            found.unreadable.append((path.encode("utf-8", "replace").decode(), "its name is not UTF-8"))
            continue
        except OSError as error:
            found.unreadable.append((path, error.strerror or str(error)))
            continue
        if who in above:
            found.unreadable.append((path, "it is a link to a folder that it lies in"))
        elif path.count("/") >= _DEEPEST:
            found.unreadable.append((path, f"it lies more than {_DEEPEST} folders deep"))
        else:
            found.folders.append(path)
            yield from _walk(root, path, found, above | {who})


def _why_not_followed(root: Path, link: str) -> str:
    """What speaks against following a link; nothing if it stays in the folder."""
    try:
        target = Path(link).resolve(strict=True)
    except FileNotFoundError:
        return "it is a link that leads nowhere"
    except RuntimeError:  # of Python up to 3.12; later ones raise an OSError
        return "it is a link that leads to itself"
    except OSError as error:
        return "it is a link that leads to itself" if error.errno == errno.ELOOP else error.strerror or str(error)
    return "" if target.is_relative_to(root.resolve()) else "it is a link that leads out of the folder"


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _read_file(root: Path, path: str, found: Folder) -> None:
    full = root / path
    try:
        status = full.stat()
        is_note = kind_of(path) is FileKind.NOTE
        with open(full, "rb") as file:
            # one byte more than a note may have is enough to say that it is too large
            data = file.read(MAX_TEXT_BYTES + 1) if is_note else None
            digest = None
            if data is None or len(data) > MAX_TEXT_BYTES:
                file.seek(0)
                digest = _digest(file) if status.st_size <= ATTACHMENT_LIMIT_BYTES else None
    except OSError as error:
        found.unreadable.append((path, error.strerror or str(error)))
        return
    created = min(int(status.st_mtime * 1000), int(getattr(status, "st_birthtime", status.st_mtime) * 1000))
    found.files.append(SourceFile(path, status.st_size, data, digest, max(0, created)))


def _digest(file: BinaryIO) -> bytes:
    whole = blake2b(digest_size=32)
    while piece := file.read(_PIECE_BYTES):
        whole.update(piece)
    return whole.digest()
