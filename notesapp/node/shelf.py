"""What a notebook's `Book` needs from the disk: feeds, heads, proofs, and what is to be sent. Blocking, on a store.

Decides the kinds of rows in which this is kept. A feed without any signed head can't be passed on, so it isn't told of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apsw
import msgspec

from notesapp.errors import RemoteError
from notesapp.identity.keys import Device
from notesapp.node.entries import Openings, roster_named
from notesapp.store.rows import Batch, EntryRow, HeadRow, PendingRow, RecordRow
from notesapp.store.store import Store
from notesapp.store.writing import HEAD
from notesapp.sync.body import Opened, read_entry
from notesapp.sync.book import Stored
from notesapp.sync.entry import Entry, Header, Tip, pack, unpack
from notesapp.sync.head import SignedHead

STATE, FORK = "state", "fork"
"""The kinds of records that are rosters named by entries (by digest), and proofs of two histories."""

TAIL = b"tail"
"""Scope of the pending rows that hold, by feed, the bodiless entries that lead from its last one to its head."""

LEDGER = b"ledger "
"""Beginning of the scope, which ends with the notebook, of what its devices are known to have."""


class _Tail(msgspec.Struct, array_like=True, frozen=True):
    packed: bytes
    head: bytes


@dataclass(frozen=True, slots=True)
class Shelved:
    """All that lies on the disk of one notebook and isn't in its records."""

    feeds: tuple[Stored, ...]
    openings: tuple[EntryRow, ...]  # of all feeds, also of those that can't be passed on
    states: tuple[bytes, ...]
    forks: tuple[bytes, ...]
    ledger: tuple[bytes, ...]


def read(store: Store, notebook_id: bytes, device: Device) -> Shelved:
    """What there is of a notebook."""
    openings = Openings()
    known = list(store.frontier(notebook_id))
    feeds = [_stored(store, feed, openings, device) for feed in known]
    firsts = (store.entry(feed, 0) for feed in known)
    return Shelved(
        tuple(one for one in feeds if one is not None),
        tuple(one for one in firsts if one is not None),
        tuple(row.data for row in store.records(notebook_id, STATE)),
        tuple(row.data for row in store.records(notebook_id, FORK)),
        tuple(row.data or b"" for row in store.pending(LEDGER + notebook_id)),
    )


def tail_row(feed: bytes, before: Tip, extra: Sequence[Entry], head: SignedHead) -> PendingRow:
    """The row of what leads from a feed's last entry to its head; without `extra` it is taken away."""
    if not extra:
        return PendingRow(TAIL, feed, None)
    return PendingRow(TAIL, feed, msgspec.msgpack.encode(_Tail(pack(extra, before), head.data)))


def batch(store: Store, notebook: bytes, feed: bytes, first: int, limit: int) -> tuple[Tip | None, list[Entry], bytes]:
    """(tip before `first`, entries from there to a head, its signature), about `limit` bytes; nothing if none is."""
    openings = Openings()
    openings.learn(row for row in [store.entry(feed, 0)] if row is not None)
    before = _tip(store, notebook, feed, first - 1, openings)
    entries: list[Entry] = []
    size, head = 0, None
    for row in store.entries(feed, first):
        entries.append(openings.entry(row))
        size += entries[-1].size
        if size >= limit and head is None:
            head = head_from(store, feed, row.index)
            if head is None:
                continue  # only a tail leads to the head
        if head is not None and row.index >= head.index:
            break
    if head is None and entries:
        last = Header.read(entries[-1].header).index
        head = head_from(store, feed, last)
    if before is None:
        return None, [], b""
    if head is not None:
        return before, entries, head.signed[-64:]
    tail = _tail(store, feed, _tip(store, notebook, feed, first + len(entries) - 1, openings))
    return (before, [*entries, *tail[0]], tail[1].signature) if tail is not None else (None, [], b"")


def head_from(store: Store, feed: bytes, index: int) -> HeadRow | None:
    """The first signed head that is kept at this index or after it; None if none vouches for that entry."""
    row: Any = store.db.execute(
        "SELECT id, data FROM records WHERE scope = ? AND kind = ? AND id >= ? ORDER BY id LIMIT 1",
        (feed, HEAD, index.to_bytes(8, "big")),
    ).fetchone()
    if row is not None:
        return HeadRow(feed, int.from_bytes(row[0], "big"), row[1])
    newest = store.signed_head(feed)
    return newest if newest is not None and newest.index >= index else None


def hash_at(store: Store, feed: bytes, index: int) -> bytes | None:
    """The hash of one entry."""
    found: Any = store.db.execute(
        "SELECT e.hash FROM entries e JOIN feeds f ON f.no = e.feed WHERE f.feed = ? AND e.idx = ?", (feed, index)
    ).get
    return None if found is None else bytes(found)


def branch(store: Store, notebook: bytes, feed: bytes, first: int) -> tuple[bytes | None, bytes]:
    """A signed head at `first` or soon after, and the full headers from `first` to it."""
    _, entries, _ = batch(store, notebook, feed, first, 0)
    if not entries:
        return None, b""
    head = head_from(store, feed, first)
    return (head.signed if head is not None else None), b"".join(entry.header for entry in entries)


def notes_between(store: Store, feed: bytes, first: int, last: int) -> set[bytes]:
    """The documents that these entries of a feed speak of."""
    rows = store.db.execute(
        "SELECT DISTINCT e.note_id FROM entries e JOIN feeds f ON f.no = e.feed"
        " WHERE f.feed = ? AND e.idx BETWEEN ? AND ? AND e.note_id IS NOT NULL",
        (feed, first, last),
    )
    return {row[0] for row in rows}


def unread(store: Store, notebook: bytes) -> Iterator[EntryRow]:
    """The entries of a notebook of which nobody knows here what they are about: their keys were not here."""
    for feed in store.frontier(notebook):
        yield from (row for row in store.entries(feed, 1) if row.note_id is None)


def name_notes(store: Store, rows: Iterable[EntryRow], also: Iterable[Callable[[apsw.Connection], None]]) -> None:
    """What these entries are about is known at last."""
    with store.whole():
        for row in rows:
            store.db.execute(
                "UPDATE entries SET note_id = ? WHERE idx = ? AND feed = (SELECT no FROM feeds WHERE feed = ?)",
                (row.note_id, row.index, row.feed),
            )
        for step in also:
            step(store.db)


def forget_derived(store: Store, doc_ids: set[bytes]) -> None:
    """Snapshots and texts that were made of entries which don't count any more."""
    with store.whole():
        for doc_id in doc_ids:
            store.db.execute("DELETE FROM snapshots WHERE note_id = ?", (doc_id,))
            store.db.execute("DELETE FROM texts WHERE note_id = ?", (doc_id,))


def state_row(notebook: bytes, name: bytes, data: bytes) -> RecordRow:
    """A roster that entries name."""
    return RecordRow(notebook, name, STATE, data)


def fork_row(notebook: bytes, id_: bytes, data: bytes) -> RecordRow:
    """A proof of two histories."""
    return RecordRow(notebook, id_, FORK, data)


def forget_fork(notebook: bytes, id_: bytes) -> Callable[[apsw.Connection], None]:
    """The step that takes a proof away in whose place a better one comes: whoever makes many keeps one each."""
    where = notebook, id_, FORK
    return lambda db: _run(db, "DELETE FROM records WHERE scope = ? AND id = ? AND kind = ?", where)


def ledger_batch(notebook: bytes, lines: dict[bytes, bytes]) -> Batch:
    """What devices are known to have."""
    return Batch(pending=tuple(PendingRow(LEDGER + notebook, device, line) for device, line in lines.items()))


def _stored(store: Store, feed: bytes, openings: Openings, device: Device) -> Stored | None:
    first, mark = store.entry(feed, 0), store.head(feed)
    if first is None or mark is None:
        return None
    openings.learn([first])
    opening = openings.entry(first)
    opened = read_entry(opening, {})
    tip = _tip(store, first.notebook, feed, mark.index, openings)
    if not isinstance(opened, Opened) or tip is None:
        return None
    head = _newest_head(store, feed, opened, tip, device)
    if head is None:
        return None
    base = Header.read(opening.header)
    under = [(0, base.roster)]
    rows = store.db.execute(
        "SELECT e.idx, e.header FROM entries e JOIN feeds f ON f.no = e.feed WHERE f.feed = ? ORDER BY e.idx", (feed,)
    )
    for index, header in rows:
        if index and (name := roster_named(header, base.roster)) != under[-1][1]:
            under.append((index, name))
    return Stored(tip, opened, head, tuple(under), base.time_ms)


def _newest_head(store: Store, feed: bytes, opened: Opened, tip: Tip, device: Device) -> SignedHead | None:
    try:
        if (tail := _tail(store, feed, tip)) is not None:
            return tail[1]
        row = store.signed_head(feed)
        if row is not None and row.index == tip.index:
            return SignedHead.read(row.signed, opened.device)
    except RemoteError:
        return None
    return SignedHead.make(tip, device) if opened.device == device.device_id else None


def _tail(store: Store, feed: bytes, before: Tip | None) -> tuple[list[Entry], SignedHead] | None:
    data: Any = store.db.execute("SELECT data FROM pending WHERE scope = ? AND id = ?", (TAIL, feed)).get
    first = store.entry(feed, 0)
    if data is None or first is None or before is None or first.body is None:
        return None
    tail = msgspec.msgpack.decode(data, type=_Tail)
    return unpack(tail.packed, before), SignedHead.read(tail.head, first.body[:32])


def _tip(store: Store, notebook: bytes, feed: bytes, index: int, openings: Openings) -> Tip | None:
    if index < 0:
        return Tip.before_first(notebook, feed)
    row = store.entry(feed, index)
    return None if row is None else Tip.at(openings.entry(row))


def _run(db: apsw.Connection, statement: str, values: tuple[bytes, bytes, str]) -> None:
    db.execute(statement, values)
