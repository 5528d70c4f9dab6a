"""Decides which files an export writes: every note as Markdown, every attachment, at paths that all systems take.

Texts are written as they are, with one exception: where a note's file must get another name than the one that links
use (a clash, a character that Windows refuses), the links to it are rewritten. Writes no file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notesapp.notes import file_names, links
from notesapp.notes.file_names import name_key
from notesapp.notes.markup import parse
from notesapp.notes.resolve import Place, Resolver
from notesapp.notes.vault import Remark
from notesapp.text import apply


@dataclass(frozen=True, slots=True)
class ExportNote:
    """A note to be written; without a file name its title becomes one."""

    note_id: bytes
    folder: str
    file_name: str
    text: str


@dataclass(frozen=True, slots=True)
class ExportAttachment:
    """An attachment to be written; `name` is its path relative to the notebook's top."""

    attachment_id: bytes
    name: str


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file to write: its relative path, and the note's bytes or the attachment whose bytes belong there."""

    path: str
    data: bytes | None
    note_id: bytes | None = None
    attachment_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """All files in the order of their paths, folders that would otherwise be missing, and what became different."""

    files: tuple[ExportFile, ...]
    folders: tuple[str, ...]
    remarks: tuple[Remark, ...]


def plan_export(
    notes: Iterable[ExportNote],
    attachments: Iterable[ExportAttachment] = (),
    *,
    folders: Iterable[str] = (),
    portable: bool = True,
) -> ExportPlan:
    """Plan the files of an export. `portable=False` keeps names that only Linux and macOS take (never `/` or NUL)."""
    rooms = _Rooms(portable)
    written: list[ExportFile] = []
    for file in sorted(attachments, key=lambda file: (file.name, file.attachment_id)):
        path = rooms.place(*_split(file.name))
        written.append(ExportFile(path, None, attachment_id=file.attachment_id))
    placed: list[tuple[ExportNote, str, str]] = []
    for note in sorted(notes, key=lambda note: (note.folder, note.file_name, note.note_id)):
        name = note.file_name or file_names.name_from_title(parse(note.text).title)
        placed.append((note, name, rooms.place(note.folder, file_names.note_file(name))))
    for note, text, path in _with_links(placed):
        written.append(ExportFile(path, text.encode("utf-8", "surrogatepass"), note_id=note.note_id))
    empty = {rooms.folder(folder) for folder in folders}
    written.sort(key=lambda file: file.path)
    return ExportPlan(tuple(written), tuple(sorted(empty - {""})), tuple(rooms.remarks))


class _Rooms:
    """Gives every file a path that nobody else has, in any letter case, files and folders alike."""

    def __init__(self, portable: bool) -> None:
        self.portable = portable
        self.remarks: list[Remark] = []
        self._taken: dict[str, set[str]] = {}
        self._folders: dict[str, str] = {"": ""}

    def folder(self, path: str) -> str:
        """The folder on disk for a folder of the notebook; two that differ in letter case only become two."""
        if path in self._folders:
            return self._folders[path]
        above, _, name = path.rpartition("/")
        parent = self.folder(above)
        taken = self._taken.setdefault(parent, set())
        safe = self._fit(parent, name)
        unique = file_names.unique_name(safe, taken) if self.portable or safe in taken else safe
        taken.add(name_key(unique) if self.portable else unique)
        self._folders[path] = f"{parent}/{unique}" if parent else unique
        return self._folders[path]

    def place(self, folder: str, file: str) -> str:
        """A path for a new file."""
        parent = self.folder(folder)
        taken = self._taken.setdefault(parent, set())
        safe = self._fit(parent, file)
        unique = file_names.unique_name(safe, taken) if self.portable else _unique_exactly(safe, taken)
        taken.add(name_key(unique) if self.portable else unique)
        path = f"{parent}/{unique}" if parent else unique
        wanted = f"{folder}/{file}" if folder else file
        if path != wanted:
            self.remarks.append(Remark(wanted, f"Written as “{path}”."))
        return path

    def _fit(self, parent: str, name: str) -> str:
        if not self.portable:
            return name.replace("/", "-").replace("\x00", "")
        safe = name
        if not file_names.is_safe(name):
            stem, ending = file_names.split_ending(name)
            safe = file_names.safe_name(stem) + ending
        room = file_names.PATH_CHARS - len(parent) - 1
        return safe if len(safe) <= room else file_names.shorten_file(safe, max(room, 24))


def _unique_exactly(file: str, taken: set[str]) -> str:
    stem, ending = file_names.split_ending(file)
    number, unique = 2, file
    while unique in taken:
        unique = f"{stem} {number}{ending}"
        number += 1
    return unique


def _with_links(placed: list[tuple[ExportNote, str, str]]) -> Iterable[tuple[ExportNote, str, str]]:
    """All notes with their texts and paths; links to notes whose files are called differently get the new names."""
    renamed: dict[bytes, str] = {}
    for note, name, path in placed:
        file = path.rpartition("/")[2]
        new_name = file_names.note_name(file) or file
        if new_name != name and file_names.is_linkable(new_name):
            renamed[note.note_id] = new_name
    resolver = Resolver(Place(note.note_id, note.folder, name) for note, name, _ in placed)
    for note, _, path in placed:
        text = note.text
        if renamed and "[" in text:

            def new_name_for(target: str, folder: str = note.folder) -> str | None:
                place = resolver.resolve(target, folder)
                return renamed.get(place.id) if place else None

            for splice in links.relink(text, new_name_for):
                text = apply(text, splice)
        yield note, text, path


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name
