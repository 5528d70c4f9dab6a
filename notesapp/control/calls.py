"""What may be asked of a node, as values. Decides names, arguments and answers; does nothing (see `commands`).

A note is named as a person does: 4 letters of its id, title, file name or folder/name. A notebook: name or id.
Paths are taken against the caller's folder.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from notesapp.control.rows import (
    AttachmentRow,
    BackupRow,
    Count,
    Done,
    ExportRow,
    FindingRow,
    Hits,
    ImportRow,
    KitRow,
    MirrorRow,
    NotebookRow,
    NoteRow,
    NoteText,
    RenamedRow,
    StatusRow,
    VersionRow,
)

R = TypeVar("R", covariant=True)


class Call(msgspec.Struct, Generic[R], frozen=True, forbid_unknown_fields=True):
    """A question whose answer is an `R`."""


class SpliceRow(msgspec.Struct, frozen=True, array_like=True):
    """A splice as it travels: code points."""

    at: int
    removed: str
    inserted: str


class New(Call[NoteRow], frozen=True):
    """Writes a new note."""

    text: str = ""
    notebook: str | None = None
    folder: str = ""
    file_name: str | None = None


class Ls(Call[tuple[NoteRow, ...]], frozen=True):
    """Lists notes: pinned first, then the newest edit."""

    notebook: str | None = None
    folder: str | None = None
    tag: str | None = None
    pinned: bool | None = None
    trashed: bool = False
    limit: int | None = None
    deleted: bool = False  # instead: those that others deleted for ever, and whose texts still lie here


class Notebooks(Call[tuple[NotebookRow, ...]], frozen=True):
    """Lists notebooks."""


class NewNotebook(Call[NotebookRow], frozen=True):
    """Makes a notebook."""

    name: str


class RenameNotebook(Call[NotebookRow], frozen=True):
    """Gives a notebook another name."""

    notebook: str
    name: str


class Tags(Call[dict[str, int]], frozen=True):
    """Counts the tags."""


class Find(Call[NoteRow], frozen=True):
    """Tells which note a person means."""

    note: str


class Cat(Call[NoteText], frozen=True):
    """Reads a note, or an earlier version of it (a number of `History`)."""

    note: str
    version: int | None = None
    to_edit: bool = False  # refused where nothing could be saved afterwards


class Append(Call[NoteRow], frozen=True):
    """Adds text at a note's end, on a line of its own."""

    note: str
    text: str


class Edit(Call[NoteText], frozen=True):
    """Applies splices made on the text at `heads`, one after another; they are moved to where the text is now."""

    note: str
    heads: tuple[bytes, ...]
    splices: tuple[SpliceRow, ...]


class Search(Call[Hits], frozen=True):
    """Finds notes by their words."""

    query: str
    limit: int = 50
    offset: int = 0


class Tag(Call[NoteRow], frozen=True):
    """Puts tags on a note and takes others away."""

    note: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Mv(Call[NoteRow], frozen=True):
    """Moves a note to a folder, a notebook, or both."""

    note: str
    folder: str | None = None
    notebook: str | None = None


class Pin(Call[NoteRow], frozen=True):
    """Pins a note to the top of lists, or lets go of it."""

    note: str
    pinned: bool = True


class Trash(Call[NoteRow], frozen=True):
    """Puts a note into the trash."""

    note: str


class Untrash(Call[NoteRow], frozen=True):
    """Takes a note out of the trash; `deleted`: writes one again that others deleted for ever."""

    note: str
    deleted: bool = False


class EmptyTrash(Call[Count], frozen=True):
    """Deletes for ever what is in the trash: here at once, on other devices 30 days after they hear of it."""

    notebook: str | None = None


class Rename(Call[RenamedRow], frozen=True):
    """Gives a note another name and updates the links to it."""

    note: str
    name: str
    update_links: bool = True


class Import(Call[ImportRow], frozen=True):
    """Reads a folder of Markdown, or an Obsidian vault, into a notebook, which is made if there is none."""

    path: str
    notebook: str | None = None
    dry_run: bool = False
    into: str = ""


class Export(Call[ExportRow], frozen=True):
    """Writes notes and attachments into a folder of Markdown."""

    path: str
    notebook: str | None = None
    overwrite: bool = False


class ExportHistory(Call[Done], frozen=True):
    """Writes one note with its whole history into an Automerge file."""

    note: str
    path: str
    overwrite: bool = False


class Mirrors(Call[tuple[MirrorRow, ...]], frozen=True):
    """Lists the notebooks that are mirrored into folders of plain files."""


class Mirror(Call[MirrorRow], frozen=True):
    """Mirrors a notebook one way into a folder from now on."""

    notebook: str
    path: str


class StopMirror(Call[MirrorRow], frozen=True):
    """Mirrors a notebook no more; what was written stays."""

    notebook: str


class Backup(Call[BackupRow], frozen=True):
    """Makes a backup now, among the daily ones or at a path."""

    path: str | None = None


class Backups(Call[tuple[BackupRow, ...]], frozen=True):
    """Lists the backups that are kept."""


class Passphrase(Call[Done], frozen=True):
    """Sets, changes or (new = None) takes away the passphrase."""

    old: str | None = None
    new: str | None = None


class RecoveryKit(Call[KitRow], frozen=True):
    """Tells the recovery kit's words."""


class Doctor(Call[tuple[FindingRow, ...]], frozen=True):
    """Looks whether everything is well."""


class History(Call[tuple[VersionRow, ...]], frozen=True):
    """Lists the stretches of work on a note."""

    note: str


class Attach(Call[AttachmentRow], frozen=True):
    """Keeps a file with a notebook, and refers to it at the end of a note if one is named."""

    path: str
    note: str | None = None
    notebook: str | None = None


class Attachments(Call[tuple[AttachmentRow, ...]], frozen=True):
    """Lists the files kept with a notebook."""

    notebook: str | None = None


class SaveAttachment(Call[Done], frozen=True):
    """Writes an attachment to a path."""

    name: str
    path: str
    notebook: str | None = None
    overwrite: bool = False


class Show(Call[Done], frozen=True):
    """Brings the window forward with what it was started for."""

    argument: str = ""


class QuickNote(Call[NoteRow], frozen=True):
    """Writes text at the end of the quick note, which is made if there is none."""

    text: str


class Status(Call[StatusRow], frozen=True):
    """Tells how the node is."""


class Notices(Call[tuple[str, ...]], frozen=True):
    """Tells what repairs of the store did, until a person has seen it in the doctor."""


class Shutdown(Call[Done], frozen=True):
    """Asks the running node to end; it saves everything first."""
