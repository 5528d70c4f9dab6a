"""Decides how a document comes from the disk: newest snapshot and what came after, else the one before, else all.

A long way is first shortened in a helper process, which gives back a snapshot; the replica itself is always made here,
because it can't cross processes. What can't be taken in is told, never dropped in silence.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from notesapp.errors import LocalError, NotesError
from notesapp.node.core import Core
from notesapp.node.entries import Stored, read_document
from notesapp.node.held import Held
from notesapp.node.refusals import tell_refused
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind
from notesapp.store.rows import EntryRow, SnapshotRow
from notesapp.store.store import Store
from notesapp.sync.body import Changed

logger = logging.getLogger(__name__)

_AT_ONCE = 100  # changes taken in before other work of the loop gets a turn

Covered = dict[bytes, int]
"""For each feed, the index of the last entry of one document that is in hand."""


@dataclass(slots=True)
class Loaded:
    """A replica, which entries it holds, how many of them lie beyond the newest snapshot, and that one's size."""

    replica: Replica
    covered: Covered
    beyond: int
    beyond_bytes: int
    snapshot_bytes: int


def pack_frontier(covered: Mapping[bytes, int]) -> bytes:
    """A snapshot's or text's frontier as bytes."""
    return msgspec.msgpack.encode(sorted(covered.items()))


def unpack_frontier(data: bytes) -> Covered:
    """The inverse; nothing for no bytes."""
    return dict(msgspec.msgpack.decode(data, type=list[tuple[bytes, int]])) if data else {}


async def load(
    core: Core, held: Held, doc_id: bytes, kind: Kind, usable: Callable[[SnapshotRow], bool] = lambda snapshot: True
) -> Loaded:
    """The document as it stands on the disk, by `usable` snapshots; LocalError if no way leads to it."""
    snapshots = await core.journal.read(lambda store: [row for row in store.snapshots(doc_id) if usable(row)])
    for snapshot in (*snapshots, None):
        covered = unpack_frontier(snapshot.frontier) if snapshot is not None else {}
        stored = await core.journal.read(lambda store, beyond=covered: read_document(store, doc_id, beyond))  # type: ignore[misc]  # a default argument has no type in a lambda
        try:
            loaded = await _build(core, held, kind, snapshot, covered, stored)
        except NotesError as error:
            logger.error("! document %s: %s", doc_id.hex()[:8], error)
            continue
        if loaded.replica.created or (kind is Kind.INDEX and snapshot is None):
            return loaded  # (a joiner's index is empty until its creating change comes, by whatever feed)
    raise LocalError(what=f"the document {doc_id.hex()[:8]} is not in the store")


async def _build(
    core: Core, held: Held, kind: Kind, snapshot: SnapshotRow | None, covered: Covered, stored: Stored
) -> Loaded:
    actor = held.feed.actor
    replica = Replica.load(snapshot.data, actor) if snapshot is not None else Replica.empty(kind, actor)
    held.look_after(replica)
    core.openings.learn(stored.openings)
    for start in range(0, len(stored.rows), _AT_ONCE):
        rows = stored.rows[start : start + _AT_ONCE]
        take_in(core, held, replica, rows)
        if len(rows) == _AT_ONCE:
            await asyncio.sleep(0)
    advance(covered, stored.rows)
    size = sum(len(row.body or b"") for row in stored.rows)
    return Loaded(replica, covered, len(stored.rows), size, len(snapshot.data) if snapshot is not None else 0)


def take_in(core: Core, held: Held, replica: Replica, rows: Iterable[EntryRow]) -> None:
    """Lets a replica that nobody looks at yet have the changes in these rows."""
    changes = [(row.feed, body.raw) for row in rows if isinstance(body := held.read(row), Changed)]
    received = replica.receive([raw for _, raw in changes], feeds=[feed for feed, _ in changes])
    tell_refused(core, held, changes, received.refused)


def advance(covered: Covered, rows: Iterable[EntryRow]) -> None:
    """The rows are in hand too."""
    for row in rows:
        covered[row.feed] = max(covered.get(row.feed, -1), row.index)


def raws_beyond(core: Core, held: Held, stored: Stored) -> list[tuple[bytes, bytes]]:
    """(feed, raw change) of stored entries, unsealed: what a helper process may be given."""
    core.openings.learn(stored.openings)
    return [(row.feed, body.raw) for row in stored.rows if isinstance(body := held.read(row), Changed)]


def newest_snapshot(store: Store, doc_id: bytes) -> tuple[SnapshotRow | None, Stored]:
    """A document's newest good snapshot and the entries beyond it. Blocking."""
    snapshot = next(store.snapshots(doc_id), None)
    beyond = unpack_frontier(snapshot.frontier) if snapshot is not None else {}
    return snapshot, read_document(store, doc_id, beyond)
