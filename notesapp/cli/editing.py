"""Decides the round trip through a person's editor: a private file out, the smallest splice back in.

The text that comes back is never lost: where it can't be saved, the file stays and its path is told.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from notesapp.cli import output
from notesapp.cli.context import Context
from notesapp.control import calls
from notesapp.errors import BadRequest, CannotWrite, NotText
from notesapp.store.places import Home
from notesapp.text import between, clean

T = TypeVar("T")


def write_in_editor(home: Home, use: Callable[[str], T]) -> T:
    """What `use` makes of that which a person writes in an empty file; BadRequest if it stays empty."""
    with _private_file(home, "") as path:
        text = _edited(path, "")
        if not text.strip():
            raise BadRequest(what="Nothing was written, so no note was made.")
        with _kept_on_failure(path):
            return use(text)


def edit_in_editor(known: Context, name: str) -> None:
    """Opens a note in the editor and brings back what changed, moved to where the note is by then."""
    before = known.ask(calls.Cat(name, to_edit=True))
    with _private_file(known.home, before.text) as path:
        after = clean(_edited(path, before.text))
        splice = between(before.text, after)
        if splice is None:
            return output.say("Nothing was changed.")
        row = calls.SpliceRow(splice.at, splice.removed, splice.inserted)
        with _kept_on_failure(path):
            known.ask(calls.Edit(before.note.id, before.heads, (row,)))
    return output.say(f"Saved: {len(splice.inserted)} letters written, {len(splice.removed)} struck.")


@contextmanager
def _private_file(home: Home, text: str) -> Iterator[Path]:
    """A file that only its owner can read, in the home (temporary folders may be shared); gone afterwards."""
    home.prepare()
    try:
        folder = tempfile.TemporaryDirectory(prefix="edit-", dir=home.folder)
    except OSError as error:
        raise CannotWrite(path=home.folder, why=error.strerror or str(error)) from None
    with folder as inside:
        path = Path(inside) / "note.md"
        try:
            path.write_bytes(text.encode())
        except OSError as error:
            raise CannotWrite(path=path, why=error.strerror or str(error)) from None
        yield path


@contextmanager
def _kept_on_failure(path: Path) -> Iterator[None]:
    """What was written outlives whatever keeps it from being saved, an impatient Ctrl+C too."""
    try:
        yield
    except BaseException:
        output.say(f"Your text is kept in “{_kept(path)}”.")
        raise


def _edited(path: Path, before: str) -> str:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if sys.platform == "win32" else "vi")
    try:
        ended = subprocess.run([*shlex.split(editor), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadRequest(what=f"The editor “{editor}” can't be started ({why}); set EDITOR to another.") from None
    try:
        raw = path.read_bytes()
    except OSError:
        raise BadRequest(what=f"The editor “{editor}” left no file behind, so nothing was changed.") from None
    if ended != 0:
        kept = "" if raw == before.encode() else f" What it wrote is kept in “{_kept(path)}”."
        raise BadRequest(what=f"The editor “{editor}” ended with code {ended}, so nothing was changed.{kept}")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotText(path=_kept(path), why=f"byte {error.start} can't be read") from None
    # most editors end the last line; a note that had no line end there doesn't get one by being looked at
    return text[:-1] if text.endswith("\n") and not before.endswith("\n") else text


def _kept(path: Path) -> Path:
    """Moves the file out of the folder that is about to go; the new path."""
    kept = path.parent.parent / f"{path.parent.name}.md"
    os.replace(path, kept)
    return kept
