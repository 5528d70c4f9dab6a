"""Decides what becomes durable together, in which order, and when a note may be called saved.

Everything that a screen or a command changes passes here: while one group is being committed the next one gathers; a
group is sealed, its feeds' heads are signed once, and it goes to the journal as one transaction. The journal waits out
a full disk by itself; what it refuses for another reason is our bug, and stays visible until the program ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from notesapp.errors import LocalError, NotesError
from notesapp.node.events import Failed, Saved, Saving, Status
from notesapp.store.rows import Batch, EntryRow, HeadRow, Mark, PendingRow
from notesapp.sync.attachment import Manifest

logger = logging.getLogger(__name__)

STALE_TEXT = b"stale-text"
"""Scope of the pending rows that name notes whose stored text and card are older than their entries."""

_MOMENT_S = 0.5  # a disk that refuses may have taken this much all the same, from the reserve
_GROUP_BYTES = 3 * 1024 * 1024  # one head vouches for a group: with what a peer gets before it, 4 MiB are a batch
_ENTRY_BYTES = 64  # of a change beside its own bytes: header, seal


class Sealer(Protocol):
    """One notebook's own feed, as far as committing goes."""

    def seal(self, doc_id: bytes, raws: Iterable[bytes]) -> list[EntryRow]:
        """The changes as entries of the feeds that made them, the opening before them if one is new."""

    def announce(self, manifest: Manifest) -> list[EntryRow]:
        """The entry of an attachment."""

    def heads(self) -> tuple[tuple[HeadRow, ...], dict[bytes, Mark]]:
        """Signed heads that vouch for what was sealed since the last ones, and the marks for the high-water file."""


@dataclass(slots=True)
class Deed:
    """Something that is durable as a whole or not at all: changes of documents, and rows that go with them."""

    changes: list[tuple[Sealer, bytes, tuple[bytes, ...]]] = field(default_factory=list)  # feed, document, changes
    announced: list[tuple[Sealer, Manifest]] = field(default_factory=list)
    rows: Batch = field(default_factory=Batch)
    rows_of: list[Callable[[list[EntryRow]], Batch]] = field(default_factory=list)  # rows that name the sealed entries
    stale: set[bytes] = field(default_factory=set)  # notes whose stored text these changes overtake
    fresh: set[bytes] = field(default_factory=set)  # notes whose text in `rows` is up to date
    sealed: list[tuple[Sealer, list[EntryRow]]] = field(default_factory=list)

    @property
    def docs(self) -> set[bytes]:
        """The documents that it changes."""
        return {doc_id for _, doc_id, _ in self.changes}

    @property
    def size(self) -> int:
        """About how many bytes it writes."""
        changes = sum(len(raw) + _ENTRY_BYTES for _, _, raws in self.changes for raw in raws)
        return changes + sum(len(manifest.chunks) + 2 * _ENTRY_BYTES for _, manifest in self.announced) + _ENTRY_BYTES


class Outbox:
    """The way to the journal. `on_status(doc_id)` is called when a document's status may have changed."""

    def __init__(
        self,
        submit: Callable[[Batch], asyncio.Future[None]],
        on_status: Callable[[bytes], None],
        on_commit: Callable[[list[EntryRow], tuple[HeadRow, ...]], None],
    ) -> None:
        self._submit = submit
        self._on_status = on_status
        self._on_commit = on_commit
        self._queue: list[tuple[Deed, asyncio.Future[None]]] = []
        self._flying: list[tuple[Deed, asyncio.Future[None]]] = []
        self._unsaved: Counter[bytes] = Counter()
        self._failed: dict[bytes, NotesError] = {}
        self._marked: set[bytes] = set()
        self._heads: tuple[HeadRow, ...] = ()  # those that vouch for the group that is being committed
        self._next: asyncio.Handle | None = None
        self.trouble: NotesError | None = None
        self._refused = asyncio.Event()
        self._left: set[asyncio.Future[None]] = set()  # nobody else keeps them from being forgotten while they run

    def put(self, deed: Deed) -> asyncio.Future[None]:
        """Queues a deed; the future is done when it is durable. It may be dropped: failures are kept by document."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        done.add_done_callback(_seen)
        self._queue.append((deed, done))
        for doc_id in deed.docs:
            self._unsaved[doc_id] += 1
        if not self._flying and self._next is None:
            self._next = loop.call_soon(self._fly)  # what is put in this turn of the loop goes together
        waited = asyncio.shield(done)  # who gives up waiting takes nothing back
        waited.add_done_callback(_seen)
        return waited

    def status(self, doc_id: bytes) -> Status:
        """Whether all that was put of this document is durable."""
        if doc_id in self._failed:
            return Failed(self._failed[doc_id])
        if not self._unsaved.get(doc_id):
            return Saved()
        return Failed(self.trouble) if self.trouble is not None else Saving()

    def waits(self, doc_id: bytes) -> bool:
        """Whether something of this document is not durable."""
        return bool(self._unsaved.get(doc_id)) or doc_id in self._failed

    @property
    def unsaved(self) -> int:
        """How many documents have something that is not durable."""
        return sum(1 for count in self._unsaved.values() if count) + len(self._failed)

    @property
    def waiting(self) -> int:
        """How many changes of documents are in memory and not on the disk."""
        return self._unsaved.total()

    def set_trouble(self, trouble: NotesError | None) -> None:
        """The disk refuses (or takes again): every unsaved document's status changes with it."""
        self.trouble = trouble
        if trouble is None:
            self._refused.clear()
        else:
            self._refused.set()
        for doc_id, count in tuple(self._unsaved.items()):
            if count:
                self._on_status(doc_id)

    async def settled(self) -> None:
        """Returns when everything put so far is durable; raises what kept something of that out."""
        waiting = [done for _, done in (*self._flying, *self._queue)]
        if waiting:
            await asyncio.gather(*map(asyncio.shield, waiting))

    async def patiently(self, work: Awaitable[None]) -> None:
        """Waits for `work`, but only a moment once the disk refuses: then it goes on by itself."""
        task = asyncio.ensure_future(work)
        self._left.add(task)
        task.add_done_callback(self._left.discard)
        task.add_done_callback(_seen)
        refused = asyncio.ensure_future(self._refused.wait())
        try:
            await asyncio.wait({task, refused}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait({task}, timeout=_MOMENT_S)
        finally:
            refused.cancel()
        if task.done():
            task.result()

    def failure(self, doc_id: bytes | None = None) -> NotesError | None:
        """What kept something of this document (or of any) out in this run: it is on no disk, however often asked."""
        return next(iter(self._failed.values()), None) if doc_id is None else self._failed.get(doc_id)

    def _fly(self) -> None:
        self._next = None
        size = 0
        while self._queue and (not size or size + self._queue[0][0].size <= _GROUP_BYTES):
            deed, done = self._queue.pop(0)
            self._flying.append((deed, done))
            size += deed.size
        try:
            batch = self._sealed([deed for deed, _ in self._flying])
        except NotesError as error:
            self._landed(error)
            return
        except Exception as error:
            logger.exception("! a deed can't be sealed")
            self._landed(LocalError(what=f"a deed can't be sealed: {type(error).__name__}: {error}"))
            return
        self._submit(batch).add_done_callback(self._answered)

    def _answered(self, answer: asyncio.Future[None]) -> None:
        if answer.cancelled():
            self._landed(LocalError(what="a commit was cancelled"))
            return
        error = answer.exception()
        if error is None or isinstance(error, NotesError):
            self._landed(error)
        else:
            self._landed(LocalError(what=f"a commit was refused: {type(error).__name__}: {error}"))

    def _landed(self, error: NotesError | None) -> None:
        landed, self._flying = self._flying, []
        touched: set[bytes] = set()
        for deed, done in landed:
            for doc_id in deed.docs:
                touched.add(doc_id)
                self._unsaved[doc_id] -= 1
                if not self._unsaved[doc_id]:
                    del self._unsaved[doc_id]
                if error is not None:
                    self._failed[doc_id] = error
            if not done.done():
                done.set_result(None) if error is None else done.set_exception(error)
        heads = self._heads
        if self._queue and self._next is None:  # first of all: whatever a listener does, the next ones go on
            self._next = asyncio.get_running_loop().call_soon(self._fly)
        try:
            if error is None:
                self._on_commit([row for deed, _ in landed for _, rows in deed.sealed for row in rows], heads)
        finally:
            for doc_id in touched:
                self._on_status(doc_id)

    def _sealed(self, deeds: list[Deed]) -> Batch:
        entries: list[EntryRow] = []
        pending: list[PendingRow] = []
        sealers: dict[int, Sealer] = {}
        for deed in deeds:
            for sealer, doc_id, raws in deed.changes:
                rows = sealer.seal(doc_id, raws)
                deed.sealed.append((sealer, rows))
                entries += rows
                sealers[id(sealer)] = sealer
            for sealer, manifest in deed.announced:
                rows = sealer.announce(manifest)
                deed.sealed.append((sealer, rows))
                entries += rows
                sealers[id(sealer)] = sealer
            made = [row for _, rows in deed.sealed for row in rows]
            deed.rows = joined([deed.rows, *[rows_of(made) for rows_of in deed.rows_of]])
            pending += [PendingRow(STALE_TEXT, note_id, b"") for note_id in deed.stale - self._marked]
            self._marked |= deed.stale
            pending += [PendingRow(STALE_TEXT, note_id, None) for note_id in deed.fresh]
            self._marked -= deed.fresh
        heads: list[HeadRow] = []
        marks: dict[bytes, Mark] = {}
        for sealer in sealers.values():
            signed, mark = sealer.heads()
            heads += signed
            marks |= mark
        self._heads = tuple(heads)
        return joined(
            [Batch(entries=tuple(entries), heads=self._heads, pending=tuple(pending), marks=marks)]
            + [deed.rows for deed in deeds]
        )


def joined(batches: Iterable[Batch]) -> Batch:
    """One batch with the rows of all, in order."""
    every = list(batches)
    return Batch(
        entries=tuple(row for b in every for row in b.entries),
        heads=tuple(row for b in every for row in b.heads),
        records=tuple(row for b in every for row in b.records),
        snapshots=tuple(row for b in every for row in b.snapshots),
        texts=tuple(row for b in every for row in b.texts),
        cards=tuple(row for b in every for row in b.cards),
        pending=tuple(row for b in every for row in b.pending),
        quarantine=tuple(row for b in every for row in b.quarantine),
        settings={name: value for b in every for name, value in b.settings.items()},
        secrets={name: value for b in every for name, value in b.secrets.items()},
        peers={name: value for b in every for name, value in b.peers.items()},
        marks={name: value for b in every for name, value in b.marks.items()},
        also=tuple(step for b in every for step in b.also),
    )


def _seen(done: asyncio.Future[None]) -> None:
    """Failures are kept by document; asyncio need not complain that nobody asked this future."""
    if not done.cancelled():
        done.exception()
