"""Brings into lists and texts what others wrote, once it is durable. Decides the order of the two gates.

The first gate (chain, signature, the author's right) was passed before it comes here. Second gate: the vetter, in the
replica, before the text. What waits for others stays stored; what doesn't count any more is un-read: what was made of
it is made anew without it, because Automerge can't un-apply.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import apsw

from notesapp.errors import LocalError
from notesapp.node import shelf
from notesapp.node.attachments import blob_name
from notesapp.node.core import Core
from notesapp.node.events import NoteReceived, Origin
from notesapp.node.held import Held
from notesapp.node.indexes import Indexes
from notesapp.node.loading import advance
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.node.own_feed import NOBODY
from notesapp.node.refusals import tell_refused
from notesapp.notes.intake import Received
from notesapp.store.blobs import Blobs
from notesapp.store.rows import EntryRow
from notesapp.store.store import Store
from notesapp.sync.attachment import Manifest
from notesapp.sync.body import Attached, Changed
from notesapp.sync.entry import Entry

logger = logging.getLogger(__name__)

_AT_ONCE = 25  # changes of an index between two looks at the loop
_LOOKED_AT = 50  # entries unsealed between two: 5 ms of notes of 5 kB


@dataclass(slots=True)
class Taken:
    """Entries of one batch, as rows, and what they say that can be read here."""

    rows: list[EntryRow] = field(default_factory=list)
    changes: list[tuple[EntryRow, Changed]] = field(default_factory=list)
    docs: set[bytes] = field(default_factory=set)
    also: tuple[Callable[[apsw.Connection], None], ...] = ()


class Receiving:
    """What others wrote, in all notebooks of a node."""

    def __init__(self, core: Core, opened: Opened, indexes: Indexes) -> None:
        self._core = core
        self._opened = opened
        self._indexes = indexes

    async def look_at(self, held: Held, entries: Iterable[Entry]) -> Taken:
        """Entries as they are to be stored; nothing is changed yet."""
        taken = Taken()
        for number, entry in enumerate(entries, 1):
            if number % _LOOKED_AT == 0:
                await asyncio.sleep(0)
            self._look(held, self._core.openings.row(entry, None), taken)
        return taken

    def _look(self, held: Held, row: EntryRow, taken: Taken) -> None:
        try:
            body = held.look(row)
        except LocalError as error:  # sealed wrongly by its author: kept and passed on, never read
            logger.warning("! an entry can't be read: %s", error)
            body = None
        match body:
            case Changed(note_id, _):
                row = _about(row, held.doc_id(note_id))
                taken.changes.append((row, body))
                taken.docs.add(held.doc_id(note_id))
            case Attached(manifest):
                row = _about(row, manifest.attachment_id)
                taken.also += (_expecting(manifest, held.notebook_id),)
            case _:
                pass
        taken.rows.append(row)

    async def show(self, held: Held, taken: Sequence[Taken], counted: Mapping[bytes, int]) -> None:
        """These are durable: what counts of them comes into lists and texts."""
        for_index: list[tuple[EntryRow, Changed]] = []
        by_note: dict[bytes, list[tuple[EntryRow, Changed]]] = {}
        for one in taken:
            for row, body in one.changes:
                if row.index > counted.get(row.feed, -1) or row.note_id is None:
                    continue
                if row.note_id == held.index_id:
                    for_index.append((row, body))
                else:
                    by_note.setdefault(row.note_id, []).append((row, body))
        open_first = sorted(by_note, key=lambda note_id: self._opened.get(note_id) is None)
        for note_id in open_first:
            if self._opened.get(note_id) is None:
                break
            await self._into_note(held, note_id, by_note.pop(note_id))
        if for_index:
            await self._into_index(held, for_index)
        for note_id, changes in by_note.items():
            await self._into_note(held, note_id, changes)

    async def _into_index(self, held: Held, changes: list[tuple[EntryRow, Changed]]) -> None:
        loaded = await self._indexes.open(held.notebook_id)
        # what was just stored may have come with it, if it wasn't being loaded already: known changes change nothing
        for start in range(0, len(changes), _AT_ONCE):
            some = changes[start : start + _AT_ONCE]
            received = loaded.notebook.receive([body.raw for _, body in some], feeds=[row.feed for row, _ in some])
            self._tell_refused(held, some, received)
            advance(loaded.covered, [row for row, _ in some])
            await asyncio.sleep(0)
        listed = self._indexes.refresh(loaded)
        await self._core.outbox.put(Deed(rows=listed, fresh={held.index_id}))
        for card in listed.cards:
            await self._opened.keep_if_edited(card.note_id)

    async def _into_note(self, held: Held, note_id: bytes, changes: list[tuple[EntryRow, Changed]]) -> None:
        found = await self._opened.get_loaded(note_id)
        if found is None:
            self._opened.indexing.overtaken([note_id])
        else:
            self._opened.flush(note_id)  # what was typed comes before what came
            _, received = found.note.receive([body.raw for _, body in changes], feeds=[row.feed for row, _ in changes])
            self._tell_refused(held, changes, received)
            advance(found.covered, [row for row, _ in changes])
            self._opened.spread(note_id, received.applied, Origin.LINK, received.splices)
        if any(self._is_from_others(row.feed) for row, _ in changes):
            self._core.hook.tell(NoteReceived(note_id))
        self._opened.came(note_id)
        await self._opened.keep_if_edited(note_id)

    def _tell_refused(self, held: Held, changes: Iterable[tuple[EntryRow, Changed]], received: Received) -> None:
        if received.refused:
            tell_refused(self._core, held, [(row.feed, body.raw) for row, body in changes], received.refused)

    def _is_from_others(self, feed: bytes) -> bool:
        device = self._core.openings.device(feed)
        return device is None or self._core.persona.log.device(device) is None

    # -- what counts otherwise than before ------------------------------------------------------------------------

    async def reread(self, held: Held, spans: Iterable[tuple[bytes, int, int]]) -> None:
        """Makes anew what was made of these entries (feed, first, last), which count now, or don't any more."""
        spans = list(spans)

        def forget(store: Store) -> set[bytes]:
            docs = {doc for span in spans for doc in shelf.notes_between(store, *span)}
            shelf.forget_derived(store, docs)
            return docs

        docs = await self._core.journal.write_with(forget)
        await self._made_anew(held, docs)

    async def read_unread(self, held: Held) -> None:
        """Keys came: reads what could only be kept until now."""
        rows = await self._core.journal.read(lambda store: list(shelf.unread(store, held.notebook_id)))
        openings = await self._core.journal.read(
            lambda store: [store.entry(feed, 0) for feed in {row.feed for row in rows}]
        )
        self._core.openings.learn(row for row in openings if row is not None)
        taken = Taken()
        for row in rows:
            self._look(held, row, taken)
        named = [row for row in taken.rows if row.note_id is not None]
        if not named:
            return
        await self._core.journal.write_with(lambda store: shelf.name_notes(store, named, taken.also))
        await self._made_anew(held, taken.docs)

    async def _made_anew(self, held: Held, docs: set[bytes]) -> None:
        if held.index_id in docs:
            await self._indexes.rebuild(held.notebook_id)
        for doc_id in docs - {held.index_id}:
            await self._opened.rebuild(doc_id)
        await self._core.outbox.put(Deed(stale=docs - {held.index_id}))
        self._opened.indexing.overtaken(docs - {held.index_id})

    def set_actors(self, held: Held) -> None:
        """The own feed is another one, or there are keys to write at last: open replicas are edited in its name."""
        actor = held.feed.actor
        if actor == NOBODY:
            return  # what was typed before the keys went is still made in the name of the feed of then
        if (index := self._indexes.get(held.notebook_id)) is not None:
            index.notebook.replica.actor = actor
        self._opened.set_actor(held, actor)


def _about(row: EntryRow, note_id: bytes) -> EntryRow:
    return EntryRow(row.notebook, row.feed, row.index, row.hash, row.header, row.body, note_id)


def _expecting(manifest: Manifest, holder: bytes) -> Callable[[apsw.Connection], None]:
    """The step that notes an announced file, so that its chunks may come when they are asked for."""
    return lambda db: Blobs(db).mark(blob_name(manifest), holder)
