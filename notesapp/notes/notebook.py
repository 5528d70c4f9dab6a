"""Decides how a notebook's index is written and read: which notes there are, where, pinned, in the trash.

Two people who move one note at once get the engine's winner, the same on every device. What a note says is its own
matter; who may write is the roster's. Rows are cached and only those are read again whose keys have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from notesapp.errors import BadRequest, NoSuchNote
from notesapp.notes.change import Change
from notesapp.notes.file_names import clean_folder, name_key, tidy_folder
from notesapp.notes.intake import Received
from notesapp.notes.replica import Replica
from notesapp.notes.rows import (
    MAX_NAME_CHARS,
    AttachmentRow,
    NoteRow,
    attachment_row,
    folder_mark,
    folder_of,
    join_heads,
    note_row,
    split_key,
)
from notesapp.text import clean

Scalar = str | int | bool | bytes | None
_Row = TypeVar("_Row")
_GONE = object()
KEPT_BY_EDIT = "Somebody put this note into the trash while it was being edited, so it was kept."


class Notebook:
    """The index of one notebook on this device."""

    def __init__(self, notebook_id: bytes, replica: Replica) -> None:
        self.notebook_id = notebook_id
        self.replica = replica
        self._notes = _Table(replica, "notes")
        self._attachments = _Table(replica, "attachments")
        self._note_rows: dict[bytes, NoteRow] = {}
        self._attachment_rows: dict[bytes, AttachmentRow] = {}
        self._marks: dict[bytes, str] = {}  # folders that were made by themselves
        self._stale = True

    @classmethod
    def create(cls, notebook_id: bytes, actor: bytes, name: str) -> Notebook:
        """A new notebook's index, its creating change included."""
        return cls(notebook_id, Replica.create_index(actor, _checked_name(name)))

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the notebook is called; "" until its first change is here."""
        name = self.replica.fields().get("name")
        return clean(name)[:MAX_NAME_CHARS] if isinstance(name, str) else ""

    @property
    def removed(self) -> bool:
        """Whether its person took it off the lists; it is back as soon as a note in it is."""
        return self.replica.fields().get("removed") is not None

    def rows(self) -> Mapping[bytes, NoteRow]:
        """All notes by id, trashed, moved and deleted ones too: a view that follows later calls."""
        self._refresh()
        return MappingProxyType(self._note_rows)

    def attachments(self) -> Mapping[bytes, AttachmentRow]:
        """All attachments by id."""
        self._refresh()
        return MappingProxyType(self._attachment_rows)

    def folders(self) -> tuple[str, ...]:
        """All folder paths, sorted: those of listed notes, those made by themselves, and what lies above them."""
        self._refresh()
        paths = {row.folder for row in self._note_rows.values() if row.listed} | set(self._marks.values())
        for path in list(paths):
            while "/" in path:
                path = path.rpartition("/")[0]
                paths.add(path)
        return tuple(sorted(paths - {""}, key=name_key))

    def made_folders(self) -> frozenset[str]:
        """The folders that were made by themselves: they stay though no note lies in them."""
        self._refresh()
        return frozenset(self._marks.values())

    # -- writing -----------------------------------------------------------------------------------------------------

    def add_note(
        self, note_id: bytes, *, now_ms: int, folder: str = "", file_name: str = "", pinned: bool = False
    ) -> Change:
        """Put a new note into the index; blanks around its file name stay, as a file may be called so."""
        fields: dict[str, Scalar] = {"created": now_ms}
        if clean_folder(folder):
            fields["folder"] = clean_folder(folder)
        if file_name:
            fields["file_name"] = _checked_name(file_name, exact=True)
        if pinned:
            fields["pinned"] = True
        return self._put({note_id: fields}, root=self._back())

    def set_folder(self, note_ids: Iterable[bytes], folder: str) -> Change:
        """Move notes into a folder ("" is the top)."""
        return self._put({self._known(note_id): {"folder": clean_folder(folder)} for note_id in note_ids})

    def rename_file(self, note_id: bytes, file_name: str) -> Change:
        """Give a note another file name; the links to it are the node's matter (`links.rename_links`)."""
        return self._put({self._known(note_id): {"file_name": _checked_name(file_name)}})

    def pin(self, note_id: bytes, pinned: bool = True) -> Change:
        """Keep a note at the top of the list, or no longer."""
        return self._put({self._known(note_id): {"pinned": pinned}})

    def trash(self, note_id: bytes, *, now_ms: int, heads: Iterable[bytes] = ()) -> Change:
        """Put a note into the trash; `heads` are those of its text as this device knows it (see `kept_by_edit`)."""
        fields: dict[str, Scalar] = {"trashed": now_ms, "trashed_heads": join_heads(heads)}
        return self._put({self._known(note_id): fields})

    def untrash(self, note_id: bytes) -> Change:
        """Take a note out of the trash."""
        return self._put({self._known(note_id): {"trashed": None, "trashed_heads": None}}, root=self._back())

    def remove(self, heads: Mapping[bytes, Iterable[bytes]], *, now_ms: int) -> Change:
        """Take the notebook off the lists and put its notes into the trash; `heads` are those of each note's text."""
        rows: dict[bytes, dict[str, Scalar]] = {
            self._known(note_id): {"trashed": now_ms, "trashed_heads": join_heads(known)}
            for note_id, known in heads.items()
        }
        return self._put(rows, root={"removed": now_ms})

    def delete(self, note_ids: Iterable[bytes]) -> Change:
        """Delete notes for ever (the erasing of their text is the store's)."""
        return self._put({self._known(note_id): {"deleted": True} for note_id in note_ids})

    def move_away(self, note_id: bytes, moved_to: bytes) -> Change:
        """Say that a note went into another notebook: `moved_to` is the notebook's id and the note's id there."""
        return self._put({self._known(note_id): {"moved_to": moved_to}})

    def rename(self, name: str) -> Change:
        """Call the notebook something else."""
        return self.replica.put({("name",): _checked_name(name)})

    def add_folder(self, folder: str) -> Change:
        """Make a folder that stays though it is empty."""
        path = tidy_folder(folder)
        if not path:
            raise BadRequest(what="A folder needs a name.")
        return self._put({folder_mark(path): {"folder": path, "deleted": False}})

    def remove_folder(self, folder: str) -> Change:
        """Forget a folder and those below it; the notes in them move to the folder above."""
        path = clean_folder(folder)
        above = path.rpartition("/")[0]
        return self._move_folders(path, lambda _: above, lambda _: None)

    def rename_folder(self, folder: str, new_path: str) -> Change:
        """Give a folder another path; notes and folders in it go with it."""
        path, new_path = tidy_folder(folder), clean_folder(new_path)
        if not path or not new_path or (_is_below(new_path, path) and new_path != path):
            raise BadRequest(what=f"The folder “{folder}” can't become “{new_path}”.")

        def moved(held: str) -> str:
            return new_path + held[len(path) :]

        return self._move_folders(path, moved, moved)

    def add_attachment(
        self, attachment_id: bytes, *, name: str, size: int, mime: str, digest: bytes, now_ms: int
    ) -> Change:
        """Put an attachment into the index; `name` is its path from the top, `digest` 32 bytes of its content."""
        fields: dict[str, Scalar] = {"name": clean_folder(name), "size": size, "mime": mime, "hash": digest}
        return self._put({attachment_id: {**fields, "added": now_ms}}, "attachments")

    def remove_attachment(self, attachment_id: bytes) -> Change:
        """Take an attachment out of the index."""
        fields: dict[str, Scalar] = dict.fromkeys(("name", "size", "mime", "hash", "added"))
        return self._put({attachment_id: fields}, "attachments")

    def receive(self, raws: Iterable[bytes], *, feeds: Iterable[bytes] | None = None) -> Received:
        """Apply others' changes, carried by `feeds`; rows are read again when they are asked for."""
        received = self.replica.receive(raws, feeds=feeds)
        self._stale = self._stale or received.fields_changed
        return received

    # -- inside ------------------------------------------------------------------------------------------------------

    def _known(self, note_id: bytes) -> bytes:
        self._refresh()
        if note_id not in self._note_rows:
            raise NoSuchNote(name=note_id.hex()[:8])
        return note_id

    def _back(self) -> Mapping[str, Scalar]:
        return {"removed": None} if self.removed else {}

    def _put(
        self,
        rows: Mapping[bytes, Mapping[str, Scalar]],
        table: str = "notes",
        root: Mapping[str, Scalar] = MappingProxyType({}),
    ) -> Change:
        fields = {f"{row_id.hex()}.{field}": value for row_id, row in rows.items() for field, value in row.items()}
        if not fields and not root:
            raise BadRequest(what="Nothing was chosen.")
        self._refresh()
        puts: dict[tuple[str, ...], Scalar] = {(table, key): value for key, value in fields.items()}
        change = self.replica.put(puts | {(key,): value for key, value in root.items()})
        held = self._notes if table == "notes" else self._attachments
        for key, value in fields.items():
            held.wrote(key, value)
        self._take(rows if table == "notes" else (), rows if table != "notes" else ())
        return change

    def _move_folders(
        self, path: str, note_folder: Callable[[str], str], mark_folder: Callable[[str], str | None]
    ) -> Change:
        self._refresh()
        changes: dict[bytes, dict[str, Scalar]] = {}
        for row in self._note_rows.values():
            if _is_below(row.folder, path):
                changes[row.note_id] = {"folder": note_folder(row.folder)}
        for mark_id, held in self._marks.items():
            if _is_below(held, path):
                changes[mark_id] = {"deleted": True}
                if (new := mark_folder(held)) is not None:
                    changes.setdefault(folder_mark(new), {}).update(folder=new, deleted=False)
        if not changes:
            raise BadRequest(what=f"There is no folder “{path}”.")
        return self._put(changes)

    def _refresh(self) -> None:
        if not self._stale:
            return
        self._stale = False
        self._take(self._notes.changed(), self._attachments.changed())

    def _take(self, notes: Iterable[bytes], attachments: Iterable[bytes]) -> None:
        for row_id in notes:
            fields = self._notes.row(row_id)
            row = note_row(row_id, fields)
            _keep(self._note_rows, row_id, row)
            marks = row is None and fields.get("deleted") is not True and folder_of(fields)
            _keep(self._marks, row_id, marks or None)
        for row_id in attachments:
            _keep(self._attachment_rows, row_id, attachment_row(row_id, self._attachments.row(row_id)))


class _Table:
    """The flat keys of one map of the index, grouped by row; knows which rows have changed since it was asked."""

    def __init__(self, replica: Replica, name: str) -> None:
        self._replica = replica
        self._name = name
        self._held: dict[str, object] = {}
        self._rows: dict[bytes, dict[str, object]] = {}

    def changed(self) -> set[bytes]:
        """Read the map again; the ids of the rows that differ."""
        new: dict[str, object] = dict(self._replica.fields(self._name))
        old, self._held = self._held, new
        ids: set[bytes] = set()
        for key, value in new.items():
            before = old.get(key, _GONE)
            if (before is not value and before != value) or type(before) is not type(value):
                self._take(key, value, ids)
        for key in old.keys() - new.keys():
            self._take(key, _GONE, ids)
        return ids

    def wrote(self, key: str, value: object) -> None:
        """Follow an own put: it stands over everything that was there, so nothing needs to be read again."""
        self._held[key] = value
        self._take(key, value, set())

    def row(self, row_id: bytes) -> Mapping[str, object]:
        """The fields of one row."""
        return self._rows.get(row_id, {})

    def _take(self, key: str, value: object, ids: set[bytes]) -> None:
        split = split_key(key)
        if split is None:
            return
        row_id, field = split
        ids.add(row_id)
        if value is _GONE:
            self._rows.get(row_id, {}).pop(field, None)
        else:
            self._rows.setdefault(row_id, {})[field] = value


def kept_by_edit(row: NoteRow, replica: Replica) -> bool:
    """Whether a trashed note stays visible (`KEPT_BY_EDIT`): it was edited by somebody who didn't know of the trash.

    True once this device has all that the trasher had of the text, and more. Cheap test for unloaded notes: heads that
    equal `trashed_heads` can only mean False.
    """
    if row.trashed_ms is None or row.deleted or not row.trashed_heads:
        return False
    if set(replica.heads) == set(row.trashed_heads):
        return False
    if any(head not in replica for head in row.trashed_heads):
        return False  # we know less than the trasher did: wait for the rest
    return bool(replica.changes_since(row.trashed_heads))


def _keep(rows: dict[bytes, _Row], row_id: bytes, row: _Row | None) -> None:
    if row is None:
        rows.pop(row_id, None)
    else:
        rows[row_id] = row


def _is_below(folder: str, path: str) -> bool:
    return folder == path or folder.startswith(path + "/")


def _checked_name(name: str, *, exact: bool = False) -> str:
    name = clean(name).replace("\n", " ")
    name = name if exact else name.strip()
    if not name.strip():
        raise BadRequest(what="A name can't be empty.")
    if len(name) > MAX_NAME_CHARS:
        raise BadRequest(what=f"A name can't be longer than {MAX_NAME_CHARS} characters.")
    return name
