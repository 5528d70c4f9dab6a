"""The folder of a plain-file mirror, file by file. Decides what may be written or removed there, and writes whole.

Only what an earlier pass wrote, unchanged since, is replaced or removed: what somebody else put there or changed stays.
A marker says whose mirror the folder is, so that an unplugged disk's empty mount point is never filled. Blocking.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from notesapp.errors import BadRequest, CannotWrite, MirrorGone
from notesapp.node.exporting import explained, make_folder, write_file
from notesapp.node.mirror_memory import Wrote
from notesapp.notes.vault import digest_of

MARKER = ".notesapp-mirror"
_SAYS = "Notesapp writes the notes of a notebook here; what is changed here doesn't go back. Notebook: "


@dataclass(frozen=True, slots=True)
class Piece:
    """One file as it should be; `data` None: an attachment's bytes, to be had by its name in the notebook."""

    path: str
    digest: bytes
    doc_id: bytes
    place: str = ""
    data: bytes | None = None
    attachment: str = ""


def begin(root: Path, notebook_id: bytes, apart: Iterable[Path]) -> None:
    """Makes the folder a mirror's; BadRequest if it is a file or lies in, or around, one of `apart`."""
    real = root.resolve()
    for other in apart:
        there = other.resolve()
        if real.is_relative_to(there) or there.is_relative_to(real):
            raise BadRequest(what=f"“{root}” and “{other}” would lie in each other; choose another folder.")
    if root.exists() and not root.is_dir():
        raise BadRequest(what=f"“{root}” is a file; name a folder for the mirror.")
    told = _told(root)
    if told is not None and told != _SAYS + notebook_id.hex():
        raise BadRequest(what=f"“{root}” is the mirror of another notebook; choose another folder.")
    make_folder(root)
    write_file(root, MARKER, (_SAYS + notebook_id.hex() + "\n").encode(), (), overwrite=True)


def check(root: Path, notebook_id: bytes) -> None:
    """MirrorGone unless the folder is there and is this notebook's mirror."""
    if _told(root) != _SAYS + notebook_id.hex():
        raise MirrorGone(path=root)


def leave(root: Path, notebook_id: bytes) -> None:
    """The folder is a mirror no more; its files stay."""
    if _told(root) == _SAYS + notebook_id.hex():
        try:
            (root / MARKER).unlink(missing_ok=True)
        except OSError as error:
            raise explained(root / MARKER, error) from None


def stale(root: Path, pieces: Iterable[Piece], known: Mapping[str, Wrote]) -> list[Piece]:
    """Those pieces whose file isn't as we left it, or has other content now."""
    return [piece for piece in pieces if not _is_as_left(root, piece, known.get(piece.path))]


def put(root: Path, piece: Piece, data: bytes, wrote: Wrote | None) -> tuple[str, Wrote]:
    """(written, same or kept; what to remember). The whole new file appears at once, or the old one stays."""
    ours = wrote.digests if wrote is not None else ()
    outcome, digest = write_file(root, piece.path, data, ours, overwrite=False)
    if outcome == "kept":
        return outcome, Wrote(ours, piece.doc_id, piece.place)
    try:
        seen = (root / piece.path).stat()
    except OSError as error:
        raise explained(root / piece.path, error) from None
    return outcome, Wrote((digest,), piece.doc_id, piece.place, seen.st_mtime_ns, seen.st_size)


def remove(root: Path, path: str, wrote: Wrote) -> str:
    """removed, gone or kept; folders that become empty go too."""
    file = root / path
    try:
        if not file.parent.resolve().is_relative_to(root.resolve()):
            raise CannotWrite(path=file, why="it would lie outside the folder, behind a link")
        if not file.is_file() or file.is_symlink():
            return "kept" if file.exists() or file.is_symlink() else "gone"
        if digest_of(file.read_bytes()) not in wrote.digests:
            return "kept"
        file.unlink()
        for folder in file.relative_to(root).parents:
            if folder == Path() or any((root / folder).iterdir()):
                break
            (root / folder).rmdir()
    except OSError as error:
        raise explained(file, error) from None
    return "removed"


def _is_as_left(root: Path, piece: Piece, wrote: Wrote | None) -> bool:
    if wrote is None or wrote.digests != (piece.digest,):
        return False
    try:
        seen = os.stat(root / piece.path)
    except OSError:
        return False
    return (seen.st_mtime_ns, seen.st_size) == (wrote.mtime_ns, wrote.size)


def _told(root: Path) -> str | None:
    try:
        return (root / MARKER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
