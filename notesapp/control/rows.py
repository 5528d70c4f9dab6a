"""What commands answer, as values that print as JSON. Decides their fields; ids are hex, times ms since 1970."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True):
    """An answer."""


class NoteRow(Row, frozen=True):
    """A note as `ls` shows it."""

    id: str
    title: str
    notebook: str
    folder: str
    file_name: str
    tags: tuple[str, ...]
    snippet: str
    created_ms: int
    edited_ms: int
    pinned: bool
    trashed_ms: int | None
    words: int
    tasks_open: int
    tasks_done: int


class NotebookRow(Row, frozen=True):
    """A notebook and how many notes it has, in the trash and outside."""

    id: str
    name: str
    notes: int
    trashed: int
    shared: bool
    folders: tuple[str, ...]


class NoteText(Row, frozen=True):
    """A note's text and the heads at which it stands, from which edits may be made."""

    note: NoteRow
    text: str
    heads: tuple[bytes, ...]


class HitRow(Row, frozen=True):
    """A note found; ranges are (start, end) in code points of title and snippet."""

    note: NoteRow
    title_ranges: tuple[tuple[int, int], ...]
    snippet: str
    ranges: tuple[tuple[int, int], ...]


class Hits(Row, frozen=True):
    """The best hits, and how many notes match in all."""

    hits: tuple[HitRow, ...]
    total: int


class Count(Row, frozen=True):
    """How many."""

    count: int


class RenamedRow(Row, frozen=True):
    """A renamed note, and where links to it were changed."""

    note: NoteRow
    notes_changed: int
    links_changed: int


class FileReport(Row, frozen=True):
    """What happened to one file: `outcome` is one word, `why` a sentence if it needs one."""

    path: str
    outcome: str
    why: str = ""


class ImportRow(Row, frozen=True):
    """What an import did, or would do."""

    dry_run: bool
    notes_new: int
    notes_changed: int
    notes_same: int
    attachments: int
    links_resolved: int
    links_unresolved: int
    skipped: int
    files: tuple[FileReport, ...]
    unresolved: tuple[str, ...] = ()


class ExportRow(Row, frozen=True):
    """What an export wrote."""

    path: str
    notes: int
    attachments: int
    written: int
    same: int
    files: tuple[FileReport, ...]


class MirrorRow(Row, frozen=True):
    """A mirror of a notebook; what its last writing did, if that was asked for."""

    notebook: str
    path: str
    written_ms: int
    trouble: str
    notes: int = 0
    attachments: int = 0
    written: int = 0
    same: int = 0
    removed: int = 0
    files: tuple[FileReport, ...] = ()


class BackupRow(Row, frozen=True):
    """A backup file."""

    path: str
    size_bytes: int
    made_ms: int
    kind: str = ""


class FindingRow(Row, frozen=True):
    """One thing that the doctor looked at: `state` is ok, warn or bad; `remedy` is the sentence's end, or empty."""

    state: str
    sentence: str
    remedy: str = ""


class KitRow(Row, frozen=True):
    """The recovery kit: 24 words."""

    words: tuple[str, ...]


class VersionRow(Row, frozen=True):
    """A stretch of work on a note, the newest first: when it ended, by whom, how much it wrote and struck."""

    number: int
    at_ms: int
    author: str
    inserted: int
    removed: int
    heads: tuple[bytes, ...]


class AttachmentRow(Row, frozen=True):
    """A file kept with a notebook; `markdown` is how a note refers to it."""

    name: str
    size: int
    mime: str
    added_ms: int
    markdown: str


class StatusRow(Row, frozen=True):
    """How the node is."""

    version: str
    home: str
    pid: int
    running: bool
    window: bool
    notes: int
    unsaved: int
    troubles: tuple[str, ...]


class Done(Row, frozen=True):
    """It is done."""

    said: str = ""
