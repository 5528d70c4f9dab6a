"""Puts a batch into the tables. Decides what each row does to what is there; begins and ends no transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import apsw

from notesapp.errors import LocalError
from notesapp.store.rows import (
    Batch,
    CardRow,
    EntryRow,
    HeadRow,
    PendingRow,
    QuarantineRow,
    RecordRow,
    SnapshotRow,
    TextRow,
)

HEAD = "head"
"""The kind of records that are signed heads along a feed: their scope is the feed, their id the index."""

HEAD_EVERY_BYTES = 256 * 1024
GENERATIONS = 2  # a snapshot that turns out bad leaves the one before


def put_batch(db: apsw.Connection, batch: Batch) -> None:
    """All of `batch`, in the order that its rows refer to each other. The caller holds a transaction."""
    put_entries(db, batch.entries)
    _put_heads(db, batch.heads)
    _put_records(db, batch.records)
    for snapshot in batch.snapshots:
        _put_snapshot(db, snapshot)
    _put_texts(db, batch.texts)
    _put_cards(db, batch.cards)
    _put_pending(db, batch.pending)
    _put_quarantine(db, batch.quarantine)
    put_values(db, "settings", "name", batch.settings)
    put_values(db, "secrets", "name", batch.secrets)
    put_values(db, "peers", "device", batch.peers)
    for step in batch.also:
        step(db)


def put_entries(db: apsw.Connection, entries: Iterable[EntryRow]) -> None:
    """Appends to the feeds. An entry that is already there is left alone; a gap or a fork is a `LocalError`.

    (Whether somebody else's feed forks is judged before the disk; here it would be our own mistake.)
    """
    feeds: dict[bytes, tuple[int, int, bytes]] = {}  # feed -> row number, last index, last hash
    touched: set[bytes] = set()
    for entry in entries:
        known = feeds.get(entry.feed) or _feed(db, entry.feed)
        if known is None:
            no = _new_feed(db, entry)
        else:
            no, last, _ = known
            if entry.index <= last:
                _expect_same(db, no, entry)
                feeds[entry.feed] = known
                continue
            if entry.index != last + 1:
                raise LocalError(what=f"feed {entry.feed.hex()[:8]} jumps from entry {last} to {entry.index}")
        db.execute(
            "INSERT INTO entries(feed, idx, hash, note_id, header, body) VALUES (?, ?, ?, ?, ?, ?)",
            (no, entry.index, entry.hash, entry.note_id, entry.header, entry.body),
        )
        feeds[entry.feed] = (no, entry.index, entry.hash)
        touched.add(entry.feed)
    for feed in touched:
        no, last, hashed = feeds[feed]
        db.execute("UPDATE feeds SET last = ?, hash = ? WHERE no = ?", (last, hashed, no))


def _feed(db: apsw.Connection, feed: bytes) -> tuple[int, int, bytes] | None:
    row = db.execute("SELECT no, last, hash FROM feeds WHERE feed = ?", (feed,)).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def _new_feed(db: apsw.Connection, entry: EntryRow) -> int:
    if entry.index not in (0, 1):  # a feed is held from its beginning; whether that is 0 or 1 is its format's affair
        raise LocalError(what=f"feed {entry.feed.hex()[:8]} would begin with entry {entry.index}")
    db.execute(
        "INSERT INTO feeds(feed, notebook, last, hash) VALUES (?, ?, ?, ?)",
        (entry.feed, entry.notebook, entry.index, entry.hash),
    )
    return db.last_insert_rowid()


def _expect_same(db: apsw.Connection, no: int, entry: EntryRow) -> None:
    row = db.execute("SELECT hash FROM entries WHERE feed = ? AND idx = ?", (no, entry.index)).fetchone()
    if row is None or row[0] != entry.hash:
        raise LocalError(what=f"feed {entry.feed.hex()[:8]} would fork at entry {entry.index}")


def _put_heads(db: apsw.Connection, heads: Iterable[HeadRow]) -> None:
    for head in heads:
        known = _feed(db, head.feed)
        if known is None or known[1] < head.index:
            raise LocalError(what=f"a head of feed {head.feed.hex()[:8]} signs entry {head.index}, not stored")
        db.execute(
            "INSERT INTO heads(feed, idx, signed) VALUES (?, ?, ?) ON CONFLICT (feed) DO UPDATE"
            " SET idx = excluded.idx, signed = excluded.signed WHERE excluded.idx >= idx",
            (known[0], head.index, head.signed),
        )
        _keep_on_the_way(db, known[0], head)


def _keep_on_the_way(db: apsw.Connection, no: int, head: HeadRow) -> None:
    """A long feed keeps heads along the way, so that it can be sent in bounded steps: what no head vouches for waits
    in the reader's memory."""
    before: Any = db.execute("SELECT max(id) FROM records WHERE scope = ? AND kind = ?", (head.feed, HEAD)).get
    since = -1 if before is None else int.from_bytes(before, "big")
    size: Any = db.execute(
        "SELECT sum(length(body)) FROM entries WHERE feed = ? AND idx > ? AND idx <= ?", (no, since, head.index)
    ).get
    if size is not None and size >= HEAD_EVERY_BYTES:
        _put_records(db, [RecordRow(head.feed, head.index.to_bytes(8, "big"), HEAD, head.signed)])


def _put_records(db: apsw.Connection, records: Iterable[RecordRow]) -> None:
    db.executemany(
        "INSERT INTO records(scope, id, kind, data) VALUES (?, ?, ?, ?) ON CONFLICT (scope, id) DO NOTHING",
        ((r.scope, r.id, r.kind, r.data) for r in records),
    )


def _put_snapshot(db: apsw.Connection, row: SnapshotRow) -> None:
    newest = db.execute("SELECT max(generation) FROM snapshots WHERE note_id = ?", (row.note_id,)).fetchone()
    generation = ((newest and newest[0]) or 0) + 1
    db.execute(
        "INSERT INTO snapshots(note_id, generation, frontier, hash, data) VALUES (?, ?, ?, ?, ?)",
        (row.note_id, generation, row.frontier, snapshot_hash(row.frontier, row.data), row.data),
    )
    db.execute("DELETE FROM snapshots WHERE note_id = ? AND generation <= ?", (row.note_id, generation - GENERATIONS))


def snapshot_hash(frontier: bytes, data: bytes) -> bytes:
    """What finds a rotten snapshot when it is read again."""
    return blake2b(len(frontier).to_bytes(4, "big") + frontier + data, digest_size=32).digest()


def _put_texts(db: apsw.Connection, texts: Iterable[TextRow]) -> None:
    db.executemany(
        "INSERT INTO texts(note_id, notebook, text, frontier) VALUES (?, ?, ?, ?) ON CONFLICT (note_id) DO UPDATE"
        " SET notebook = excluded.notebook, text = excluded.text, frontier = excluded.frontier",
        ((t.note_id, t.notebook, t.text, t.frontier) for t in texts),
    )


def _put_cards(db: apsw.Connection, cards: Iterable[CardRow]) -> None:
    for card in cards:
        if card.data is None:
            db.execute("DELETE FROM cards WHERE note_id = ?", (card.note_id,))
        else:
            db.execute("REPLACE INTO cards VALUES (?, ?, ?)", (card.note_id, card.notebook, card.data))


def _put_pending(db: apsw.Connection, pending: Iterable[PendingRow]) -> None:
    for row in pending:
        if row.data is None:
            db.execute("DELETE FROM pending WHERE scope = ? AND id = ?", (row.scope, row.id))
        else:
            db.execute(
                "INSERT INTO pending VALUES (?, ?, ?) ON CONFLICT (scope, id) DO UPDATE SET data = excluded.data",
                (row.scope, row.id, row.data),
            )


def _put_quarantine(db: apsw.Connection, rows: Iterable[QuarantineRow]) -> None:
    db.executemany(
        "INSERT INTO quarantine(scope, id, reason, kept_ms, data) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (scope, id) DO NOTHING",  # the first reason is the true one
        ((r.scope, r.id, r.reason, r.kept_ms, r.data) for r in rows),
    )


def put_values(
    db: apsw.Connection, table: str, name: str, values: Mapping[str, bytes | None] | Mapping[bytes, bytes | None]
) -> None:
    """Sets or (None) takes away values of one of our own name-and-value tables."""
    for key, value in values.items():
        if value is None:
            db.execute(f"DELETE FROM {table} WHERE {name} = ?", (key,))
        else:
            db.execute(f"REPLACE INTO {table} VALUES (?, ?)", (key, value))
