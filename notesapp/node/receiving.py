"""Takes in what other devices wrote: checked, made durable, and only then shown. Decides the order of the two gates.

First gate: chain, signature and the author's right, before the disk. Second gate: the vetter, in the replica, before
the text. What waits for others stays stored; what is refused by the first gate is the sender's fault and is raised.
"""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.errors import RemoteError
from notesapp.identity.roster import Role
from notesapp.node.core import Core
from notesapp.node.events import Origin
from notesapp.node.held import Held
from notesapp.node.indexes import Indexes
from notesapp.node.loading import advance
from notesapp.node.opened import Opened
from notesapp.node.outbox import Deed
from notesapp.store.rows import Batch, EntryRow, HeadRow
from notesapp.store.store import Store
from notesapp.sync.body import Changed
from notesapp.sync.body import Opened as FeedOpened
from notesapp.sync.entry import Entry, Tip
from notesapp.sync.feed import FeedReader, Vouched
from notesapp.sync.head import SignedHead

_WRITES = frozenset({Role.OWNER, Role.ADMIN, Role.WRITER})


class Receiving:
    """Follows the feeds of other devices in all notebooks of a node."""

    def __init__(self, core: Core, opened: Opened, indexes: Indexes) -> None:
        self._core = core
        self._opened = opened
        self._indexes = indexes
        self._readers: dict[bytes, FeedReader] = {}

    async def take(self, notebook_id: bytes, feed: bytes, entries: Iterable[Entry], signed: bytes) -> None:
        """Successive entries of one feed and the signed head that vouches for them; durable and shown when it returns.

        RemoteError for what no honest device sends; then nothing of it was kept.
        """
        held = self._core.notebook(notebook_id)
        reader = await self._reader(notebook_id, feed)
        try:
            for entry in entries:
                reader.advance(entry)
            self._check_right(held, reader)
            vouched = reader.vouch(signed)
        except RemoteError:
            reader.drop()
            raise
        if isinstance(vouched, Vouched):
            try:
                await self._keep(held, vouched)
            except BaseException:
                self._readers.pop(feed, None)  # it may be ahead of the disk: the next call asks the disk how far it is
                raise

    def _check_right(self, held: Held, reader: FeedReader) -> None:
        if reader.opened is None:
            raise RemoteError(reason="a feed came without its beginning")
        if held.roster.right(reader.opened.device) not in _WRITES:
            raise RemoteError(reason="a device wrote into a notebook where it has no right to")

    async def _reader(self, notebook_id: bytes, feed: bytes) -> FeedReader:
        found = self._readers.get(feed)
        if found is None:
            held = self._core.notebook(notebook_id)
            opening, last, head = await self._core.journal.read(lambda store: _stored(store, feed))
            if opening is None or last is None:
                found = FeedReader(Tip.before_first(notebook_id, feed))
            else:
                self._core.openings.learn([opening])
                whose = held.read(opening)
                if not isinstance(whose, FeedOpened):
                    raise RemoteError(reason="a feed's beginning doesn't say whose it is")
                signed = SignedHead.read(head, whose.device) if head is not None else None
                found = FeedReader(Tip.at(self._core.openings.entry(last)), whose, signed)
            self._readers[feed] = found
        return found

    async def _keep(self, held: Held, vouched: Vouched) -> None:
        rows: list[EntryRow] = []
        bodies: list[tuple[EntryRow, Changed]] = []
        for entry in vouched.entries:
            row = self._core.openings.row(entry, None)
            body = held.read(row)
            if isinstance(body, Changed):
                row = self._core.openings.row(entry, held.doc_id(body.note_id))
                bodies.append((row, body))
            rows.append(row)
        notes = {row.note_id for row, _ in bodies if row.note_id not in (None, held.index_id)}
        head = HeadRow(vouched.head.feed, vouched.head.index, vouched.head.data)
        for_index = [(row, body) for row, body in bodies if row.note_id == held.index_id]
        stale = {note for note in notes if note} | ({held.index_id} if for_index else set())
        # from here on it is ours to pass on, whatever the vetter says of it
        await self._core.outbox.put(Deed(rows=Batch(entries=tuple(rows), heads=(head,)), stale=stale))
        if for_index:
            await self._into_index(held, for_index)
        for note_id in stale - {held.index_id}:
            await self._into_note(note_id, [(row, body) for row, body in bodies if row.note_id == note_id])

    async def _into_index(self, held: Held, changes: list[tuple[EntryRow, Changed]]) -> None:
        loaded = await self._indexes.open(held.notebook_id)
        # what was just stored may have come with it, if it wasn't being loaded already: known changes change nothing
        loaded.notebook.receive([body.raw for _, body in changes], feeds=[row.feed for row, _ in changes])
        advance(loaded.covered, [row for row, _ in changes])
        listed = self._indexes.refresh(loaded)
        await self._core.outbox.put(Deed(rows=listed, fresh={held.index_id}))
        for card in listed.cards:
            await self._opened.keep_if_edited(card.note_id)

    async def _into_note(self, note_id: bytes, changes: list[tuple[EntryRow, Changed]]) -> None:
        found = await self._opened.get_loaded(note_id)
        if found is None:
            self._opened.indexing.overtaken([note_id])
        else:
            self._opened.flush(note_id)  # what was typed comes before what came
            _, received = found.note.receive([body.raw for _, body in changes], feeds=[row.feed for row, _ in changes])
            advance(found.covered, [row for row, _ in changes])
            self._opened.spread(note_id, received.applied, Origin.LINK, received.splices)
        await self._opened.keep_if_edited(note_id)


def _stored(store: Store, feed: bytes) -> tuple[EntryRow | None, EntryRow | None, bytes | None]:
    mark = store.head(feed)
    if mark is None:
        return None, None, None
    head = store.signed_head(feed)
    return store.entry(feed, 0), store.entry(feed, mark.index), head.signed if head is not None else None
