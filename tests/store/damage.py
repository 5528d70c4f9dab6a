"""A store with something of everything in it, ways to hurt it, and what is left: for the tests of recovery."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from notesapp.errors import StoreDamaged
from notesapp.store import chains, database
from notesapp.store.blobs import Blobs
from notesapp.store.places import Home
from notesapp.store.recovery import Report, open_store
from notesapp.store.rows import Batch, CardRow, EntryRow, HeadRow, RecordRow, SnapshotRow, TextRow
from notesapp.store.search import Indexed, Search
from notesapp.store.store import Store

KEY = bytes(range(32))
NOW = 1_790_000_000_000
DAY = 24 * 3600 * 1000
NOTEBOOK = b"N" * 32
TABLES = ("feeds", "entries", "records", "texts", "snapshots", "settings", "secrets", "cards", "blob_chunks", "heads")


def entry_hash(feed: bytes, index: int, previous: bytes, header: bytes, body: bytes) -> bytes:
    """A chain like the real one: the hash of an entry covers the hash before it."""
    return hashlib.blake2b(feed + index.to_bytes(8, "big") + previous + header + body, digest_size=32).digest()


def is_genuine(entry: EntryRow, previous: bytes | None) -> bool:
    """The judge that the node would bring."""
    made = entry_hash(entry.feed, entry.index, previous or b"", entry.header, entry.body or b"")
    return made == entry.hash and (entry.note_id is None or entry.header.startswith(entry.note_id))


def chain(rng: random.Random, feed: bytes, first: int, count: int, previous: bytes = b"") -> tuple[EntryRow, ...]:
    """`count` linked entries of a feed."""
    made = []
    for index in range(first, first + count):
        note_id = rng.randrange(40).to_bytes(16, "big")
        header, body = note_id + rng.randbytes(20), rng.randbytes(rng.choice((40, 90, 200, 6000)))
        previous = entry_hash(feed, index, previous, header, body)
        made.append(EntryRow(NOTEBOOK, feed, index, previous, header, body, note_id))
    return tuple(made)


def filled_home(folder: Path, *, seed: int = 1, entries: int = 300) -> Home:
    """A home whose store was closed cleanly."""
    home = Home(folder)
    home.prepare()
    rng = random.Random(seed)
    with Store.open(home, KEY) as store:
        for n in range(3):
            write_some(store, rng, n, entries)
        blobs = Blobs(store.db)
        upload = blobs.begin(600_000, NOW)
        for _ in range(3):
            blobs.add(upload, rng.randbytes(20_000), NOW)
        blobs.finish(upload, b"B" * 32, NOW)
        search = Search(store.db)
        search.update(Indexed(text.note_id, NOTEBOOK, text.text[:20], text.text) for text in store.texts())
    return home


def write_some(store: Store, rng: random.Random, n: int, entries: int) -> None:
    """A feed more, with all that goes with it."""
    feed = bytes([n]) * 16
    mark = store.head(feed)
    new = chain(rng, feed, mark.index + 1 if mark else 0, entries, mark.hash if mark else b"")
    store.write(
        Batch(
            entries=new,
            heads=(HeadRow(feed, new[-1].index, b"signed" + rng.randbytes(64)),),
            records=tuple(RecordRow(NOTEBOOK, rng.randbytes(32), "add", rng.randbytes(200)) for _ in range(10)),
            snapshots=tuple(SnapshotRow(i.to_bytes(16, "big"), b"f", rng.randbytes(3000)) for i in range(20)),
            texts=tuple(
                TextRow(
                    i.to_bytes(16, "big"), NOTEBOOK, f"Note {i}\n" + "wörter und 文字 " * rng.randrange(5, 300), b"f"
                )
                for i in range(40)
            ),
            cards=tuple(CardRow(i.to_bytes(16, "big"), NOTEBOOK, rng.randbytes(60)) for i in range(40)),
            settings={f"setting {n}.{i}": rng.randbytes(10) for i in range(5)},
            secrets={f"secret {n}": rng.randbytes(32)},
        )
    )


def rows_of(home: Home) -> dict[str, set[Any]]:
    """All that lasts, by content; entries by feed and index, those set aside included."""
    db = database.open_reader(home.database, KEY)
    try:
        found: dict[str, set[Any]] = {}
        for table in TABLES:
            found[table] = set(db.execute(f"SELECT * FROM {table}"))
        found["feeds"] = set(db.execute("SELECT feed, notebook FROM feeds"))
        found["entries"] = set(
            db.execute("SELECT f.feed, e.idx, e.hash, e.body FROM entries e JOIN feeds f ON f.no = e.feed")
        )
        kept = db.execute("SELECT scope, id, data FROM quarantine WHERE reason = ?", (chains.BEHIND_A_HOLE,))
        for feed, index, data in kept:
            _, hashed, _, _, body = msgspec.msgpack.decode(data)
            found["entries"].add((feed, int.from_bytes(index, "big"), hashed, body))
        return found
    finally:
        db.close()


def copy_home(source: Home, target: Path) -> Home:
    """The same files elsewhere."""
    shutil.copytree(source.folder, target)
    return Home(target)


Rows = Mapping[str, set[Any]]
Damage = Callable[[random.Random, bytearray], None]


def flip_bits(rng: random.Random, data: bytearray) -> None:
    for _ in range(rng.choice((1, 1, 3, 20))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def zero_pages(rng: random.Random, data: bytearray) -> None:
    for _ in range(rng.choice((1, 2, 6))):
        at = rng.randrange(len(data)) // 4096 * 4096
        data[at : at + 4096] = bytes(len(data[at : at + 4096]))


def cut_off(rng: random.Random, data: bytearray) -> None:
    del data[rng.randrange(1, len(data)) :]


def overwrite(rng: random.Random, data: bytearray) -> None:
    """Another program's bytes in the middle of the file."""
    at = rng.randrange(len(data))
    new = rng.randbytes(rng.choice((100, 5000, 20_000)))[: len(data) - at]
    data[at : at + len(new)] = new


DAMAGES: tuple[Damage, ...] = (flip_bits, zero_pages, cut_off, overwrite)


def hurt(path: Path, damage: Damage, seed: int) -> None:
    """Damage a file, always the same way for a seed."""
    data = bytearray(path.read_bytes())
    damage(random.Random(seed), data)
    path.write_bytes(data)


def lost_in_silence(before: Rows, after: Rows, report: Report) -> list[str]:
    """Tables of which more rows are gone than the report says."""
    silent = []
    for table in TABLES:
        lost = len(before[table] - after[table])
        tally = report.tallies.get(table)
        if lost and (tally is None or (tally.exact and tally.lost < lost)):
            silent.append(f"{table}: {lost} lost, told: {tally}")
    return silent


def survives(folder: Path, base: Home, before: Rows, damage: Damage, seed: int) -> None:
    """One damage: the store opens sound, invents nothing, and tells of every row that is gone."""
    home = copy_home(base, folder)
    hurt(home.database, damage, seed)
    try:
        store, report = open_store(home, KEY, NOW, verify_entry=is_genuine, check=True)
    except StoreDamaged:  # only where nothing at all is left, and then nothing was touched
        assert damage is cut_off
        assert home.database.stat().st_size < 40 * 4096
        return
    assert store.db.pragma("integrity_check") == "ok"
    store.close()
    after = rows_of(home)
    assert lost_in_silence(before, after, report) == []
    for table in ("entries", "records", "texts", "secrets", "blob_chunks"):
        assert after[table] <= before[table], f"{table} has rows that never were (seed {seed})"
    assert report.healthy or (report.kept and (report.kept / "notes.db").exists())
    shutil.rmtree(home.folder)
