"""Reads files that a person gives as notes: Markdown, text, web pages. Decides what is text and how HTML becomes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notesapp.errors import NotesError, NotText, TooLarge, UnreadableFile
from notesapp.ui.editor.html_in import markdown_of
from notesapp.ui.sayings import said

LIMIT_BYTES = 8_000_000  # a web page is mostly marks; a note's own limit comes later
HTML = frozenset({".html", ".htm", ".xhtml"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as a note: its name without ending, its text."""

    name: str
    text: str


def read_file(path: Path) -> Incoming:
    """One file as a note; UnreadableFile, TooLarge or NotText say why it can't be one."""
    try:
        size = path.stat().st_size
        if size > LIMIT_BYTES:
            raise TooLarge(what=f"“{path.name}”", size=f"{size / 1e6:.0f} MB", limit="2 MB of text")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path=path, why=error.strerror or str(error)) from error
    if b"\0" in data[:4096]:
        raise NotText(path=path, why="it holds bytes that no text has")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText(path=path, why="another encoding") from None
    if path.suffix.lower() in HTML:
        text = markdown_of(text)
    return Incoming(path.stem, text)


def read_files(paths: Sequence[Path]) -> tuple[list[Incoming], list[str]]:
    """All that can be read, and one sentence for each that can't."""
    notes: list[Incoming] = []
    wrong: list[str] = []
    for path in paths:
        try:
            notes.append(read_file(path))
        except NotesError as error:
            wrong.append(said(error.sentence))
    return notes, wrong
