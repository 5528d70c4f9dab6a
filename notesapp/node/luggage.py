"""Brings along what a device wrote before it was linked. Decides what is packed, and into which notebooks it goes.

Notebooks belong to the person who began them, so what is brought along is made anew: text, name, folder, pin, trash and
attachments, without earlier versions. All of it is packed in the one commit that makes this device another person's,
and unpacked note by note: a kill at any moment loses and doubles nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import apsw
import msgspec

from notesapp.errors import AttachmentAway, BadRequest, NotesError
from notesapp.node.acts import Acts
from notesapp.node.attachments import Attachments, blob_name
from notesapp.node.core import Core
from notesapp.node.importing import merged
from notesapp.node.indexes import Indexes, OpenIndex
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed, joined
from notesapp.node.persona import Persona
from notesapp.node.starting import FIRST_NOTEBOOK
from notesapp.node.views import NoteView
from notesapp.store.blobs import Blobs
from notesapp.store.rows import Batch, PendingRow
from notesapp.sync.attachment import Manifest, read_manifest, write_manifest

logger = logging.getLogger(__name__)

BOXES, NOTES = b"brought-box", b"brought-note"
"""Scopes of the pending rows that hold what is packed: notebooks, and their notes."""

_GROUP = 32  # notes unpacked before the loop gets a turn and a commit is asked for


class _Box(msgspec.Struct, frozen=True, array_like=True):
    """A notebook of before; `notebook` is the new one once it is made."""

    name: str
    folders: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]  # names, and their lists of chunks
    notebook: bytes = b""


class _Item(msgspec.Struct, frozen=True, array_like=True):
    """A note of before, and the box in which it lies."""

    box: bytes
    text: str
    folder: str
    file_name: str
    created_ms: int
    pinned: bool
    trashed_ms: int | None


@dataclass(frozen=True, slots=True)
class _Packed:
    """A box, what its notebook knew of files when it was packed, and those of them that lie here."""

    box: _Box
    files: frozenset[tuple[bytes, str]]
    manifests: tuple[Manifest, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What this device has that was not written on another device of its person: to be said before it is linked."""

    notes: int
    shared: tuple[str, ...]  # notebooks with other people, which can't come along


class Luggage:
    """See the module. `device_name` is what this device is called."""

    def __init__(self, core: Core, opened: Opened, indexes: Indexes, acts: Acts, files: Attachments) -> None:
        self._core = core
        self._opened = opened
        self._indexes = indexes
        self._acts = acts
        self._files = files
        self._one = asyncio.Lock()
        self.device_name: Callable[[], str] = str

    def own(self) -> Own:
        """What there is to be brought along, and what is in the way."""
        core = self._core
        shared = [
            core.library.name_of(key) if key != core.home_notebook else "your other devices"
            for key, one in core.held.items()
            if one.role is not None and (len(one.roster.members) > 1 or (key == core.home_notebook and self._company()))
        ]
        # The blank note of a first start is nothing to ask about; should it be written in just now, it is packed.
        return Own(sum(view.shown and view.size_chars > 0 for view in core.library), tuple(shared))

    def _company(self) -> bool:
        """Whether this device has others beside it already, which would go on without it."""
        log = self._core.persona.log
        own = log.device(self._core.persona.device.device_id)
        return own is not None and own.active and len(log.active) > 1

    async def check(self, bring: bool) -> None:
        """BadRequest unless this device may be linked: it has nothing, or its person wants it brought along."""
        own = self.own()
        if own.shared and (own.notes or own.shared != ("your other devices",)):
            names = ", ".join(f"“{name}”" for name in own.shared)
            raise BadRequest(
                what=f"This device shares notes with others ({names}), who know it as somebody else: leave them first "
                "(`notesapp leave`), link it, and be invited again."
            )
        if own.notes and not bring:
            raise BadRequest(
                what=f"This device has notes of its own ({own.notes}): `notesapp link-device WORDS --bring` brings "
                "them along, as new notes without their earlier versions."
            )
        await self.pack()

    # -- packing ------------------------------------------------------------------------------------------------------

    async def pack(self) -> Batch:
        """Rows that hold everything; BadRequest if a note can't be read now. Nothing waits after the last look."""
        packed, texts = await self._boxes(), await self._texts()
        while not self._are(packed):
            packed, texts = await self._boxes(), await self._texts()
        rows: list[PendingRow] = []
        views = [view for view in self._core.library if view.shown and texts[view.note_id]]
        full = {view.notebook_id for view in views} | {key for key, one in packed.items() if one.box.files}
        rows += [PendingRow(BOXES, key, msgspec.msgpack.encode(one.box)) for key, one in packed.items() if key in full]
        for view in views:
            item = _Item(
                view.notebook_id,
                texts[view.note_id],
                view.folder,
                view.file_name,
                view.created_ms,
                view.pinned,
                view.trashed_ms,
            )
            rows.append(PendingRow(NOTES, view.note_id, msgspec.msgpack.encode(item)))
        now_ms = self._core.clock()

        def let_go(db: apsw.Connection) -> None:
            for holder, one in packed.items():
                for manifest in one.manifests:  # unpacked long before the 30 days are over
                    Blobs(db).unmark(blob_name(manifest), holder, now_ms)

        return Batch(pending=tuple(rows), also=(let_go,))

    async def _boxes(self) -> dict[bytes, _Packed]:
        packed: dict[bytes, _Packed] = {}
        for notebook_id in self._core.library.names():
            index = await self._indexes.open(notebook_id)
            files, folders = index.files, tuple(sorted(index.notebook.made_folders()))
            manifests = await self._manifests(index)
            written = tuple((name, write_manifest(manifest)) for name, manifest in manifests.items())
            box = _Box(self._core.library.name_of(notebook_id), folders, written)
            packed[notebook_id] = _Packed(box, files, tuple(manifests.values()))
        return packed

    def _are(self, packed: dict[bytes, _Packed]) -> bool:
        """Whether these are still all notebooks, with what is in them beside notes."""
        names = self._core.library.names()
        return names.keys() == packed.keys() and all(
            (index := self._indexes.get(key)) is not None
            and (one.box.name, one.files) == (names[key], index.files)
            and one.box.folders == tuple(sorted(index.notebook.made_folders()))
            for key, one in packed.items()
        )

    async def _texts(self) -> dict[bytes, str]:
        """What all notes say, at one moment: looked at again until nothing was written meanwhile."""
        while True:
            self._opened.flush_all()
            texts: dict[bytes, str] = {}
            for notebook_id in self._core.library.names():
                found, missing = await self._opened.indexing.texts(notebook_id)
                for note_id, why in missing.items():
                    what = f"“{self._core.library.note(note_id).title}” can't be brought along now: {why}"
                    raise BadRequest(what=what)
                texts |= found
            if all(self._is(texts, view) for view in self._core.library if view.shown):
                return texts

    def _is(self, texts: dict[bytes, str], view: NoteView) -> bool:
        open_now = self._opened.get(view.note_id)
        return view.note_id in texts and (open_now is None or open_now.note.text == texts[view.note_id])

    async def _manifests(self, index: OpenIndex) -> dict[str, Manifest]:
        found: dict[str, Manifest] = {}
        for row in index.notebook.attachments().values():
            try:
                found[row.name] = await self._files.manifest(index, row)
            except AttachmentAway:
                logger.warning("! the attachment %s is not here and can't be brought along", row.attachment_id.hex())
        return found

    async def go(self, become: Callable[[Iterable[bytes]], tuple[Persona, Batch]]) -> Persona:
        """The commit by which this device becomes another person's (`become`, of notebooks to be forgotten).

        Everything is packed in it. Returns what it is then.
        """
        core = self._core
        packed = await self.pack()
        persona, rows = become(list(core.held))  # not before: one may have been made meanwhile
        # from here on nothing is written into what is on its way to be another person's
        before = {key: core.held.pop(key) for key in list(core.held) if key != core.home_notebook}
        for view in core.library:
            self._opened.forget(view.note_id)
        try:
            await core.outbox.put(Deed(rows=joined([rows, packed])))
        except NotesError:
            core.held.update(before)
            raise
        return persona

    # -- unpacking ----------------------------------------------------------------------------------------------------

    async def unpack(self) -> None:
        """Makes what was packed, in notebooks of the person of now; goes on where a kill stopped it."""
        async with self._one:
            core = self._core
            boxes = await core.journal.read(lambda store: list(store.pending(BOXES)))
            if not boxes:
                return
            try:
                for row in boxes:
                    await self._unpack(row.id, msgspec.msgpack.decode(row.data or b"", type=_Box))
            except NotesError as error:
                logger.warning("! not everything was brought along yet: %s", error)
                core.trouble("brought along", error)
                return
            core.over("brought along")

    async def _unpack(self, box_id: bytes, box: _Box) -> None:
        core = self._core
        notebook_id = box.notebook or await self._acts.create_notebook(
            self._free_name(box.name),
            lambda made: _left(BOXES, box_id, msgspec.structs.replace(box, notebook=made)),
        )
        index = await self._indexes.open(notebook_id)
        there = index.notebook.made_folders()
        if new := [index.notebook.add_folder(one) for one in box.folders if one not in there]:
            await core.outbox.put(self._indexes.deed(index, new))
        named = {row.name for row in index.notebook.attachments().values()}
        for name, data in box.files:
            if name not in named:
                await core.outbox.put(self._files.named(index, read_manifest(data), name)[0])
        rows = await core.journal.read(lambda store: list(store.pending(NOTES)))
        items = [(row.id, msgspec.msgpack.decode(row.data or b"", type=_Item)) for row in rows]
        for number, (old_id, item) in enumerate((key, item) for key, item in items if item.box == box_id):
            await self._unpack_note(index, old_id, item)
            if number % _GROUP == _GROUP - 1:
                await core.outbox.settled()
        await core.outbox.settled()
        await core.outbox.put(Deed(rows=_left(BOXES, box_id, None)))

    async def _unpack_note(self, index: OpenIndex, old_id: bytes, item: _Item) -> None:
        note_id, made = await self._acts.made_note(
            index, item.text, item.folder, item.file_name, created_ms=item.created_ms, keep_open=False
        )
        # from here on nothing waits: the note is made and leaves the luggage in one commit
        deeds = [made, Deed(rows=_left(NOTES, old_id, None))]
        if item.pinned:
            deeds.append(self._indexes.deed(index, [index.notebook.pin(note_id)]))
        if item.trashed_ms is not None:
            deeds.append(self._indexes.deed(index, [index.notebook.trash(note_id, now_ms=item.trashed_ms)]))
        self._core.outbox.put(merged(deeds))

    def _free_name(self, name: str) -> str:
        """Every device begins with a notebook of the same name, so that one says where it is from."""
        taken = {*self._core.library.names().values(), FIRST_NOTEBOOK}
        if name not in taken:
            return name
        of = f"{name} ({self.device_name() or 'brought along'})"
        number, free = 2, of
        while free in taken:
            number, free = number + 1, f"{of} {number}"
        return free


def _left(scope: bytes, row_id: bytes, box: _Box | None) -> Batch:
    return Batch(pending=(PendingRow(scope, row_id, None if box is None else msgspec.msgpack.encode(box)),))
