"""Decides what the keys of a notebook's index mean: rows of notes, of attachments, of empty folders.

Every field may come from a stranger: a wrong type, an impossible name or number counts as not written. A row of a note
exists when its `created` does; a row that has a `folder` and no `created` marks a folder that may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from notesapp.notes.file_names import clean_folder, name_key
from notesapp.text import clean

MAX_NAME_CHARS = 1_000
MAX_MS = 253_402_300_799_999  # the end of the year 9999: later times can't be shown
MAX_ATTACHMENT_BYTES = 200_000_000

_KEY = re.compile(r"([0-9a-f]{32})\.([a-z_]{1,32})", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What the index says of one note. `moved_to` is where it went (notebook id, note id); None if it is here."""

    note_id: bytes
    created_ms: int
    folder: str = ""
    file_name: str = ""
    pinned: bool = False
    trashed_ms: int | None = None
    moved_to: bytes | None = None
    deleted: bool = False
    trashed_heads: tuple[bytes, ...] | None = None

    @property
    def listed(self) -> bool:
        """Whether it belongs into the list of notes, as far as the index knows (see `kept_by_edit`)."""
        return self.trashed_ms is None and self.moved_to is None and not self.deleted


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """What the index says of one attachment: `name` is its path relative to the notebook's top."""

    attachment_id: bytes
    name: str
    size: int
    mime: str
    hash: bytes
    added_ms: int


def split_key(key: str) -> tuple[bytes, str] | None:
    """The id and the field of a flat key; None if it isn't one."""
    found = _KEY.fullmatch(key)
    return (bytes.fromhex(found[1]), found[2]) if found else None


def folder_mark(folder: str) -> bytes:
    """The id under which an empty folder is written: the same on every device, so that two who make one make one."""
    return blake2b(b"notesapp/folder/1|" + name_key(folder).encode("utf-8", "replace"), digest_size=16).digest()


def note_row(note_id: bytes, fields: Mapping[str, object]) -> NoteRow | None:
    """The row that these fields (without the id) make; None if they are no note."""
    created_ms = _moment(fields.get("created"))
    if created_ms is None:
        return None
    heads = fields.get("trashed_heads")
    moved_to = fields.get("moved_to")
    return NoteRow(
        note_id=note_id,
        created_ms=created_ms,
        folder=folder_of(fields),
        file_name=_name(fields.get("file_name")).replace("/", "-").replace("\\", "-"),
        pinned=fields.get("pinned") is True,
        trashed_ms=_moment(fields.get("trashed")),
        moved_to=moved_to if isinstance(moved_to, bytes) and moved_to else None,
        deleted=fields.get("deleted") is True,
        trashed_heads=split_heads(heads) if isinstance(heads, bytes) else None,
    )


def attachment_row(attachment_id: bytes, fields: Mapping[str, object]) -> AttachmentRow | None:
    """The row that these fields make; None if name, size or hash are missing or impossible."""
    name, size, digest = clean_folder(_name(fields.get("name"))), fields.get("size"), fields.get("hash")
    if not name or not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= MAX_ATTACHMENT_BYTES:
        return None
    if not isinstance(digest, bytes) or len(digest) != 32:
        return None
    mime = fields.get("mime")
    return AttachmentRow(
        attachment_id=attachment_id,
        name=name,
        size=size,
        mime=_name(mime) if mime else "application/octet-stream",
        hash=digest,
        added_ms=_moment(fields.get("added")) or 0,
    )


def folder_of(fields: Mapping[str, object]) -> str:
    """The folder path of a row, safe to use whoever wrote it."""
    return clean_folder(_name(fields.get("folder")))


def join_heads(heads: Iterable[bytes]) -> bytes:
    """Heads as one value: sorted, 32 bytes each."""
    return b"".join(sorted(heads))


def split_heads(value: bytes) -> tuple[bytes, ...] | None:
    """The way back; None if the length is impossible."""
    if len(value) % 32:
        return None
    return tuple(value[at : at + 32] for at in range(0, len(value), 32))


def _name(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return _CONTROL.sub("", clean(value[:MAX_NAME_CHARS]))


def _moment(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_MS:
        return value
    return None
