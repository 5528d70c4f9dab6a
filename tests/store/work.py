"""A small life of a store that tests can check at any point: commit `n` is recognised in every table it touches."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from notesapp.store.places import Home
from notesapp.store.rows import Batch, EntryRow, HeadRow, Mark, SnapshotRow, TextRow
from notesapp.store.store import Store

KEY = bytes(range(32))
NOTEBOOK = b"N" * 32
FEED = b"F" * 16
NOTE = b"O" * 16


def new_home(folder: Path) -> Home:
    home = Home.find(folder)
    home.prepare()
    return home


def entry(number: int, *, feed: bytes = FEED, note: bytes | None = NOTE, size: int | None = None) -> EntryRow:
    body = blake2b(number.to_bytes(8, "big"), digest_size=64).digest() * (1 + (number * 7 % 40))
    body = body if size is None else (body * (size // len(body) + 1))[:size]
    header = b"header %d" % number
    return EntryRow(NOTEBOOK, feed, number, blake2b(header + body, digest_size=32).digest(), header, body, note)


def batch(number: int) -> Batch:
    """Commit `number` (from 0) of the life."""
    row = entry(number)
    return Batch(
        entries=(row,),
        heads=(HeadRow(FEED, number, b"signed %d" % number),),
        texts=(TextRow(NOTE, NOTEBOOK, text(number), b"%d" % number),),
        snapshots=(SnapshotRow(NOTE, b"%d" % number, bytes([number % 256]) * 3000),) if number % 10 == 9 else (),
        settings={"last": b"%d" % number},
        marks={FEED: Mark(row.index, row.hash)},
    )


def text(number: int) -> str:
    return f"{number} " * (1 + number * 37 % 400)


def last_whole_commit(store: Store) -> int:
    """Up to which commit everything is there, -1 if nothing is; fails if any table disagrees with the others."""
    head = store.head(FEED)
    if head is None:
        assert store.setting("last") is None
        assert store.text(NOTE) is None
        return -1
    last = head.index
    assert [(e.index, e.hash, e.body) for e in store.entries(FEED)] == [
        (n, entry(n).hash, entry(n).body) for n in range(last + 1)
    ]
    assert head.hash == entry(last).hash
    assert store.setting("last") == b"%d" % last
    signed = store.signed_head(FEED)
    assert signed is not None
    assert signed.signed == b"signed %d" % last
    stored = store.text(NOTE)
    assert stored is not None
    assert stored.text == text(last)
    assert store.rotten_snapshots(NOTE) == 0
    assert [s.frontier for s in store.snapshots(NOTE)] == [b"%d" % n for n in range(last, -1, -1) if n % 10 == 9][:2]
    return last
