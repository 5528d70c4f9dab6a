"""Decides when a document gets a new snapshot: after 500 entries, or three times the bytes of the last one.

Built in a helper process from what is durable (the old snapshot and the entries beyond it), proved there, and compared
here with the open replica where both hold the same entries. One at a time; a failure costs only the snapshot.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from notesapp.errors import NotesError
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.loading import Covered, advance, newest_snapshot, pack_frontier, raws_beyond, unpack_frontier
from notesapp.node.outbox import Deed
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.store.rows import Batch, SnapshotRow

logger = logging.getLogger(__name__)

ENTRIES = 500
_TIMES = 3
_SMALL_BYTES = 256 * 1024  # below, only the number of entries counts
_DEADLINE_S = 300.0  # some histories cost the engine minutes; nobody waits for this

Open = Callable[[bytes], tuple[Replica, Covered] | None]


class Snapshots:
    """Makes snapshots in the background. `opened(doc_id)` is the open replica and what it holds that is durable."""

    def __init__(self, core: Core, opened: Open, made: Callable[[bytes, int], None]) -> None:
        self._core = core
        self._opened = opened
        self._made = made
        self._wanted: dict[bytes, tuple[Held, Kind]] = {}
        self._task: asyncio.Task[None] | None = None

    def consider(self, held: Held, doc_id: bytes, kind: Kind, beyond: int, beyond_bytes: int, last_bytes: int) -> None:
        """The document has so many entries and bytes beyond its last snapshot of `last_bytes`."""
        if beyond < ENTRIES and beyond_bytes < max(_SMALL_BYTES, _TIMES * last_bytes):
            return
        if doc_id in self._wanted or self._core.journal.low_space or not self._core.tasks.is_open:
            return
        self._wanted[doc_id] = (held, kind)
        if self._task is None or self._task.done():
            self._task = self._core.tasks.start(self._run(), "making snapshots")

    async def drain(self, deadline_s: float) -> None:
        """Waits for the snapshots under way, at most so long."""
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task], timeout=deadline_s)

    async def _run(self) -> None:
        while self._wanted:
            doc_id, (held, kind) = next(iter(self._wanted.items()))
            try:
                await self.make(held, doc_id, kind)
            except NotesError as error:
                logger.warning("! no snapshot of %s: %s", doc_id.hex()[:8], error)
            finally:
                self._wanted.pop(doc_id, None)

    async def make(self, held: Held, doc_id: bytes, kind: Kind) -> bool:
        """Makes one now; False if nothing was to be gained, or changes in it still wait for others."""
        snapshot, stored = await self._core.journal.read(lambda store: newest_snapshot(store, doc_id))
        if not stored.rows:
            return False
        base = snapshot.data if snapshot is not None else None
        built = await self._core.workers.run(
            "build_snapshot", _DEADLINE_S, kind=kind.value, base=base, changes=raws_beyond(self._core, held, stored)
        )
        if built["held"]:
            return False
        covered = unpack_frontier(snapshot.frontier) if snapshot is not None else {}
        advance(covered, stored.rows)
        opened = self._opened(doc_id)
        if opened is not None and opened[1] == covered and list(opened[0].heads) != built["heads"]:
            logger.error("! the snapshot of %s differs from its replica and is thrown away", doc_id.hex()[:8])
            return False
        if (view := self._core.library.get(doc_id)) is not None and view.deleted:
            return False  # deleted for ever while it was being made
        row = SnapshotRow(doc_id, pack_frontier(covered), built["data"])
        await self._core.outbox.put(Deed(rows=Batch(snapshots=(row,))))
        self._made(doc_id, len(built["data"]))
        return True
