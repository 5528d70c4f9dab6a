"""The encrypted store of ids and bytes. Decides what one transaction is and how rows are found again.

Synchronous, for one thread at a time: the journal owns the writing one. Leaves to others what the bytes mean, when to
save (journal), the search index, attachments and backups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import apsw

from notesapp.errors import LocalError
from notesapp.store import database, schema, writing
from notesapp.store.paging import ENTRY, entries
from notesapp.store.places import Home
from notesapp.store.rows import (
    Batch,
    CardRow,
    EntryRow,
    HeadRow,
    Mark,
    PendingRow,
    QuarantineRow,
    RecordRow,
    SnapshotRow,
    TextRow,
)


class Store:
    """All that this device keeps; `db` is its `apsw.Connection`, shared with search, blobs and backup."""

    def __init__(self, db: apsw.Connection, path: Path, *, read_only: bool, unclean: bool = False) -> None:
        self.db = db
        self.path = path
        self.read_only = read_only
        self.unclean = unclean  # the last run ended without `close`: check more before trusting

    @classmethod
    def open(
        cls,
        home: Home,
        key: bytes,
        *,
        vfs: str | None = None,
        before_migration: Callable[[apsw.Connection, int], None] = lambda db, found: None,
    ) -> Self:
        """The writing store of `home`, made or moved up to this version if need be.

        `key`: 32 bytes. Raises StoreNewer (nothing was changed), StoreDamaged, CannotWrite, DiskFull.
        """
        path = home.database
        try:
            _look_first(path, key, vfs)
            db = database.open_writer(path, key, vfs=vfs)
            try:
                schema.bring_up(db, before_migration)
                store = cls(db, path, read_only=False, unclean=_begin(db))
            except BaseException:
                db.close()
                raise
        except (*database.DISK_TROUBLE, *database.DAMAGE) as error:
            raise database.explain(error, path) from error
        return store

    @classmethod
    def open_reader(cls, home: Home, key: bytes, *, vfs: str | None = None) -> Self:
        """A store that can only be read, beside the writing one, which has been opened before."""
        path = home.database
        try:
            return cls(database.open_reader(path, key, vfs=vfs), path, read_only=True)
        except (*database.DISK_TROUBLE, *database.DAMAGE) as error:
            raise database.explain(error, path) from error

    def close(self) -> None:
        """Writes down that the end was clean, and lets go of the files. Never raises for trouble of the disk."""
        try:
            if not self.read_only:
                self.db.execute("REPLACE INTO meta VALUES ('running', x'00')")
        except apsw.Error:
            self.unclean = True  # the flag stays up: the next start checks more, nothing is lost by that
        try:
            self.db.close()
        except apsw.Error:
            self.unclean = True  # a last checkpoint failed: the WAL stays and is replayed at the next start

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # writing

    def write(self, batch: Batch) -> None:
        """All of `batch` in one transaction; on return it survives a power cut. Raises `apsw.Error`, `LocalError`."""
        if failed := self.write_group((batch,))[0]:
            raise failed

    def write_group(self, batches: tuple[Batch, ...]) -> list[Exception | None]:
        """All `batches` in one commit, each whole or not at all; what kept one of them out stands in its place.

        One that fails by itself takes none of the others with it. Trouble of the disk raises, and then none is in.
        """
        if self.read_only:
            raise LocalError(what="a write through a reading connection")
        outcome: list[Exception | None] = []
        self.db.execute("BEGIN IMMEDIATE")
        try:
            for batch in batches:
                outcome.append(self._write_one(batch))
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # SQLite may have rolled back by itself
                self.db.execute("ROLLBACK")
            raise
        return outcome

    @contextmanager
    def whole(self) -> Iterator[None]:
        """All that the block writes, in one transaction, or nothing: DiskFull, CannotWrite or StoreDamaged say why."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:  # SQLite rolls back by itself when the disk is full
                    self.db.execute("ROLLBACK")
                raise
        except apsw.Error as error:
            if (cause := database.trouble_behind(error)) is not None:
                raise database.explain(cause, self.path) from error
            raise

    def put(self, batch: Batch) -> None:
        """All of `batch`, inside `whole`."""
        writing.put_batch(self.db, batch)

    def _write_one(self, batch: Batch) -> Exception | None:
        try:
            with self.db:
                writing.put_batch(self.db, batch)
        except (*database.DISK_TROUBLE, *database.DAMAGE, MemoryError, apsw.NoMemError):
            raise
        except Exception as error:
            # a full disk makes SQLite roll back by itself, and the savepoint that is gone then hides the reason
            if (cause := database.trouble_behind(error)) is not None:
                raise cause from None
            if not self.db.in_transaction:  # then the batches before this one are gone too
                raise
            return error
        return None

    # entries

    def entry(self, feed: bytes, index: int) -> EntryRow | None:
        """One entry, or None."""
        return next(self.entries(feed, index, index), None)

    def entries(self, feed: bytes, first: int = 0, last: int = 2**62) -> Iterator[EntryRow]:
        """The stored entries of a feed from `first` to `last`, both included, in order."""
        return entries(self.db, feed, first, last)

    def entries_of(self, note_id: bytes, beyond: Mapping[bytes, int] | None = None) -> Iterator[EntryRow]:
        """A note's entries with an index above `beyond[feed]`, in order of arrival (causes before effects)."""
        found: list[int] = []
        feeds: dict[int, bytes] = dict(
            self.db.execute(
                "SELECT DISTINCT f.no, f.feed FROM entries e JOIN feeds f ON f.no = e.feed WHERE e.note_id = ?",
                (note_id,),
            )
        )
        for no, feed in feeds.items():
            rows = self.db.execute(
                "SELECT arrival FROM entries WHERE note_id = ? AND feed = ? AND idx > ?",
                (note_id, no, (beyond or {}).get(feed, -1)),
            )
            found.extend(arrival for (arrival,) in rows)
        for arrival in sorted(found):
            row = self.db.execute(f"{ENTRY} WHERE e.arrival = ?", (arrival,)).fetchone()
            if row is not None:
                yield EntryRow(*row)

    def erase_note(self, note_id: bytes) -> int:
        """Takes away for ever the bodies of a note's entries (their headers keep the chain), text and snapshots.

        Returns how many bodies.
        """
        self.db.execute("UPDATE entries SET body = NULL WHERE note_id = ? AND body IS NOT NULL", (note_id,))
        erased = self.db.changes()
        self.db.execute("DELETE FROM texts WHERE note_id = ?", (note_id,))
        self.db.execute("DELETE FROM snapshots WHERE note_id = ?", (note_id,))
        return erased

    def head(self, feed: bytes) -> Mark | None:
        """The last stored entry of a feed."""
        row = self.db.execute("SELECT last, hash FROM feeds WHERE feed = ?", (feed,)).fetchone()
        return None if row is None else Mark(*row)

    def feed_number(self, feed: bytes) -> int:
        """Feeds are numbered as they came to this store."""
        return int(self.db.execute("SELECT no FROM feeds WHERE feed = ?", (feed,)).get)

    def signed_head(self, feed: bytes) -> HeadRow | None:
        """The newest signed head of a feed."""
        row = self.db.execute(
            "SELECT f.feed, h.idx, h.signed FROM heads h JOIN feeds f ON f.no = h.feed WHERE f.feed = ?", (feed,)
        ).fetchone()
        return None if row is None else HeadRow(*row)

    def frontier(self, notebook: bytes) -> dict[bytes, Mark]:
        """What is held of every feed of a notebook."""
        rows = self.db.execute("SELECT feed, last, hash FROM feeds WHERE notebook = ? ORDER BY feed", (notebook,))
        return {feed: Mark(last, hashed) for feed, last, hashed in rows}

    def note_ids(self, notebook: bytes) -> set[bytes]:
        """The notes that entries of a notebook speak of."""
        rows = self.db.execute(
            "SELECT DISTINCT e.note_id FROM entries e JOIN feeds f ON f.no = e.feed"
            " WHERE f.notebook = ? AND e.note_id IS NOT NULL",
            (notebook,),
        )
        return {row[0] for row in rows}

    def entry_counts(self, notebook: bytes) -> dict[bytes, int]:
        """How many entries each note of a notebook has."""
        rows = self.db.execute(
            "SELECT e.note_id, count(*) FROM entries e JOIN feeds f ON f.no = e.feed"
            " WHERE f.notebook = ? AND e.note_id IS NOT NULL GROUP BY e.note_id",
            (notebook,),
        )
        return dict(rows)

    # records, snapshots, texts

    def records(self, scope: bytes, kind: str | None = None) -> Iterator[RecordRow]:
        """The signed records of a notebook or person, in order of arrival."""
        rows = self.db.execute(
            "SELECT scope, id, kind, data FROM records WHERE scope = ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY arrival",
            (scope, kind),
        )
        return (RecordRow(*row) for row in rows)

    def scopes(self, kind: str) -> set[bytes]:
        """The notebooks or persons that have a record of this kind."""
        return {row[0] for row in self.db.execute("SELECT DISTINCT scope FROM records WHERE kind = ?", (kind,))}

    def snapshots(self, note_id: bytes) -> Iterator[SnapshotRow]:
        """A note's snapshots, the newest first; a rotten one is left out (use `rotten_snapshots` to speak of it)."""
        for frontier, data, hashed in self._snapshot_rows(note_id):
            if writing.snapshot_hash(frontier, data) == hashed:
                yield SnapshotRow(note_id, frontier, data)

    def rotten_snapshots(self, note_id: bytes) -> int:
        """How many of a note's snapshots no longer have their hash."""
        rows = self._snapshot_rows(note_id)
        return sum(writing.snapshot_hash(frontier, data) != hashed for frontier, data, hashed in rows)

    def _snapshot_rows(self, note_id: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
        sql = "SELECT frontier, data, hash FROM snapshots WHERE note_id = ? ORDER BY generation DESC"
        return ((row[0], row[1], row[2]) for row in self.db.execute(sql, (note_id,)))

    def text(self, note_id: bytes) -> TextRow | None:
        """A note's text as last written down, for instant display."""
        row = self.db.execute(
            "SELECT note_id, notebook, text, frontier FROM texts WHERE note_id = ?", (note_id,)
        ).fetchone()
        return None if row is None else TextRow(*row)

    def texts(self, notebook: bytes | None = None) -> Iterator[TextRow]:
        """All texts, or those of a notebook."""
        rows = self.db.execute(
            "SELECT note_id, notebook, text, frontier FROM texts WHERE ?1 IS NULL OR notebook = ?1", (notebook,)
        )
        return (TextRow(*row) for row in rows)

    def cards(self) -> Iterator[CardRow]:
        """What the list of notes shows."""
        return (CardRow(*row) for row in self.db.execute("SELECT note_id, notebook, data FROM cards"))

    # small values

    def pending(self, scope: bytes) -> Iterator[PendingRow]:
        """What is still to be done in `scope`, in the order in which it came."""
        rows = self.db.execute("SELECT scope, id, data FROM pending WHERE scope = ? ORDER BY rowid", (scope,))
        return (PendingRow(*row) for row in rows)

    def quarantine(self, scope: bytes) -> Iterator[QuarantineRow]:
        """What was refused but kept."""
        rows = self.db.execute(
            "SELECT scope, id, reason, data, kept_ms FROM quarantine WHERE scope = ? ORDER BY rowid", (scope,)
        )
        return (QuarantineRow(*row) for row in rows)

    def fact(self, name: str) -> bytes | None:
        """What the store itself was told to remember (when it was checked, that it was restored)."""
        return self._value("SELECT value FROM meta WHERE name = ?", name)

    def drop_fact(self, name: str) -> None:
        """Forgets it."""
        self.db.execute("DELETE FROM meta WHERE name = ?", (name,))

    def setting(self, name: str) -> bytes | None:
        """A setting of this device."""
        return self._value("SELECT value FROM settings WHERE name = ?", name)

    def settings(self) -> dict[str, bytes]:
        """All settings of this device."""
        return dict(self.db.execute("SELECT name, value FROM settings"))

    def secret(self, name: str) -> bytes | None:
        """A secret (keys, seeds). Never shown, logged or exported."""
        return self._value("SELECT value FROM secrets WHERE name = ?", name)

    def peers(self) -> dict[bytes, bytes]:
        """What is remembered of other devices."""
        return dict(self.db.execute("SELECT device, data FROM peers"))

    def _value(self, sql: str, name: str) -> bytes | None:
        row = self.db.execute(sql, (name,)).fetchone()
        return None if row is None else row[0]


def _begin(db: apsw.Connection) -> bool:
    """Raises the flag of a running program; True if it was up already."""
    row = db.execute("SELECT value FROM meta WHERE name = 'running'").fetchone()
    db.execute("REPLACE INTO meta VALUES ('running', x'01')")
    return row is not None and row[0] == b"\x01"


def _look_first(path: Path, key: bytes, vfs: str | None) -> None:
    """Refuses a newer database without touching it: a writing connection tidies up when it opens and closes."""
    if not path.exists() or not path.stat().st_size:
        return
    try:
        db = database.open_reader(path, key, vfs=vfs)
    except apsw.ReadOnlyError:
        return  # the power went while the file was made: only a writer can undo that
    try:
        schema.refuse_newer(db)
    finally:
        db.close()
