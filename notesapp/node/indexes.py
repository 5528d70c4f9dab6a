"""The notebooks' own documents. Decides when they are loaded: at the first act, not to show a list.

Keeps the lists in step: a changed row and the card that shows it become durable together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.loading import Covered, advance, load
from notesapp.node.outbox import Deed, joined
from notesapp.node.snapshots import Snapshots
from notesapp.node.views import NoteView, to_card
from notesapp.notes.change import Change
from notesapp.notes.notebook import Notebook
from notesapp.notes.replica import Replica
from notesapp.notes.rows import NoteRow
from notesapp.notes.schema import Kind
from notesapp.store.rows import Batch, CardRow, EntryRow

_NAME = "notebook-name:"
_FOLDERS = "notebook-folders:"
_REMOVED = "notebook-removed:"


def name_setting(notebook_id: bytes) -> str:
    """The setting under which a notebook's name lies beside its index, so that lists need not load it."""
    return _NAME + notebook_id.hex()


def folders_setting(notebook_id: bytes) -> str:
    """The setting under which a notebook's own folders lie, one a line."""
    return _FOLDERS + notebook_id.hex()


def removed_setting(notebook_id: bytes) -> str:
    """The setting that says that a notebook was taken off the lists."""
    return _REMOVED + notebook_id.hex()


@dataclass(slots=True)
class OpenIndex:
    """One loaded index, and how much of it lies beyond its last snapshot."""

    held: Held
    notebook: Notebook
    seen: dict[bytes, NoteRow] = field(default_factory=dict)
    files: frozenset[tuple[bytes, str]] = frozenset()
    covered: Covered = field(default_factory=dict)
    beyond: int = 0
    beyond_bytes: int = 0
    snapshot_bytes: int = 0


class Indexes:
    """All loaded indexes of a node."""

    def __init__(self, core: Core, snapshots: Callable[[], Snapshots], touch: Callable[[bytes], None]) -> None:
        self._core = core
        self._snapshots = snapshots
        self._touch = touch
        self._open: dict[bytes, OpenIndex] = {}
        self._locks: dict[bytes, asyncio.Lock] = {}

    async def open(self, notebook_id: bytes) -> OpenIndex:
        """The notebook's index, loaded if need be."""
        held = self._core.notebook(notebook_id)
        async with self._locks.setdefault(notebook_id, asyncio.Lock()):
            found = self._open.get(notebook_id)
            if found is None:
                loaded = await load(self._core, held, held.index_id, Kind.INDEX)
                found = OpenIndex(
                    held,
                    Notebook(notebook_id, loaded.replica),
                    covered=loaded.covered,
                    beyond=loaded.beyond,
                    beyond_bytes=loaded.beyond_bytes,
                    snapshot_bytes=loaded.snapshot_bytes,
                )
                found.files = _files(found.notebook)
                self._open[notebook_id] = found
                self._consider(found)
        return found

    def adopt(self, held: Held, notebook: Notebook) -> OpenIndex:
        """An index that was just made."""
        held.look_after(notebook.replica)
        found = self._open[held.notebook_id] = OpenIndex(held, notebook)
        return found

    async def rebuild(self, notebook_id: bytes) -> None:
        """Other entries count than before: the index is read anew, and lists forget what it doesn't know any more."""
        index = await self.open(notebook_id)
        async with self._locks[notebook_id]:  # who wants to act waits; what was done before is on the disk
            acted: tuple[bytes, ...] | None = None
            while acted != index.notebook.replica.heads:
                acted = index.notebook.replica.heads
                await self._core.outbox.settled()
                loaded = await load(self._core, index.held, index.held.index_id, Kind.INDEX)
            index.notebook = Notebook(notebook_id, loaded.replica)
            index.covered, index.seen = loaded.covered, {}
            index.beyond, index.beyond_bytes = loaded.beyond, loaded.beyond_bytes
        rows = self.refresh(index)
        gone = [
            view for view in self._core.library if view.notebook_id == notebook_id and view.note_id not in index.seen
        ]
        for view in gone:
            self._core.library.forget(view.note_id)
        cards = tuple(CardRow(view.note_id, notebook_id, None) for view in gone)
        self._core.hook.list_changed({view.note_id for view in gone})
        await self._core.outbox.put(Deed(rows=joined([rows, Batch(cards=cards)]), fresh={index.held.index_id}))

    def get(self, notebook_id: bytes) -> OpenIndex | None:
        """The index if it is loaded."""
        return self._open.get(notebook_id)

    def deed(self, index: OpenIndex, changes: Iterable[Change]) -> Deed:
        """What makes changes of the index durable, with the cards and the name that they change; lists know at once."""
        raws = tuple(change.raw for change in changes)
        return Deed([(index.held.feed, index.held.index_id, raws)], rows=self.refresh(index))

    async def act(self, notebook_id: bytes, do: Callable[[Notebook], Change]) -> None:
        """Does one thing to the index; durable when it returns."""
        index = await self.open(notebook_id)
        await self._core.outbox.put(self.deed(index, [do(index.notebook)]))

    def refresh(self, index: OpenIndex) -> Batch:
        """Brings the lists in step with the rows; the cards that changed."""
        notebook_id = index.held.notebook_id
        name = index.notebook.name
        settings: dict[str, bytes | None] = {}
        if not index.notebook.replica.created:
            return Batch()  # a joiner's index: its beginning has not come yet
        index.held.name = name
        if notebook_id != self._core.home_notebook and self._core.library.name_of(notebook_id) != name:
            self._core.library.put_notebook(notebook_id, name)
            settings[name_setting(notebook_id)] = name.encode()
            self._core.hook.list_changed(None)
        folders = index.notebook.made_folders()
        if folders != self._core.library.folders_of(notebook_id):
            self._core.library.put_folders(notebook_id, folders)
            settings[folders_setting(notebook_id)] = "\n".join(sorted(folders)).encode()
            self._core.hook.list_changed(None)
        if (removed := index.notebook.removed) != (notebook_id in self._core.library.removed):
            (self._core.library.removed.add if removed else self._core.library.removed.discard)(notebook_id)
            settings[removed_setting(notebook_id)] = b"1" if removed else None
            self._core.hook.list_changed(None)
        if index.files != (files := _files(index.notebook)):
            index.files = files
            self._core.hook.list_changed(set())  # of no note, but of what is kept with them
        changed: list[NoteView] = []
        for note_id, row in index.notebook.rows().items():
            if index.seen.get(note_id) is row:  # rows are values that are made anew when they change
                continue
            index.seen[note_id] = row
            view = self._core.library.get(note_id)
            new = _view(notebook_id, row, view)
            if new != view:
                changed.append(new)
        return Batch(cards=self._listed(changed), settings=settings)

    def keep(self, note_id: bytes) -> Batch:
        """A note stays visible though its row says trash (see `kept`); the card that changed."""
        view = self._core.library.note(note_id)
        return Batch(cards=self._listed([msgspec.structs.replace(view, trashed_ms=None, kept_ms=view.trashed_ms)]))

    def _listed(self, changed: list[NoteView]) -> tuple[CardRow, ...]:
        self._core.library.put(changed)
        if changed:
            self._core.hook.list_changed({view.note_id for view in changed})
        for view in changed:
            self._touch(view.note_id)
        return tuple(CardRow(view.note_id, view.notebook_id, to_card(view)) for view in changed)

    def committed(self, rows: list[EntryRow]) -> None:
        """These entries are durable now."""
        for row in rows:
            found = self._open.get(row.notebook)
            if found is not None and row.note_id == found.held.index_id:
                advance(found.covered, [row])
                found.beyond += 1
                found.beyond_bytes += len(row.body or b"")
                self._consider(found)

    def replica(self, doc_id: bytes) -> tuple[Replica, Covered] | None:
        """The open index of this document id, if nothing of it waits to be saved."""
        for found in self._open.values():
            if found.held.index_id == doc_id and not self._core.outbox.waits(doc_id):
                return found.notebook.replica, found.covered
        return None

    def snapshot_made(self, doc_id: bytes, size: int) -> None:
        """The index has a new snapshot."""
        for found in self._open.values():
            if found.held.index_id == doc_id:
                found.beyond, found.beyond_bytes, found.snapshot_bytes = 0, 0, size

    def _consider(self, found: OpenIndex) -> None:
        self._snapshots().consider(
            found.held, found.held.index_id, Kind.INDEX, found.beyond, found.beyond_bytes, found.snapshot_bytes
        )


def _files(notebook: Notebook) -> frozenset[tuple[bytes, str]]:
    return frozenset((row.attachment_id, row.name) for row in notebook.attachments().values())


def _view(notebook_id: bytes, row: NoteRow, view: NoteView | None) -> NoteView:
    if view is None:
        view = NoteView(row.note_id, notebook_id, title=row.file_name, edited_ms=row.created_ms)
    kept = view.kept and view.kept_ms == row.trashed_ms and not row.deleted  # another trash is judged anew
    return msgspec.structs.replace(
        view,
        folder=row.folder,
        file_name=row.file_name,
        created_ms=row.created_ms,
        pinned=row.pinned,
        trashed_ms=None if kept else row.trashed_ms,
        kept_ms=row.trashed_ms if kept else None,
        moved_to=row.moved_to,
        deleted=row.deleted,
    )
