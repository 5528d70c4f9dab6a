"""Keeps the sealed chunks of attachments. Decides what is complete, what is still wanted and what may be thrown away.

Knows hashes and sealed bytes only: chunking, keys and names are made elsewhere. A blob is a list of chunk hashes; each
chunk is committed by itself: 200 MB pass through with one chunk in memory, and a broken transfer goes on where it
stopped. Time comes from the caller (ms since 1970). All methods run in the caller's transaction, if there is one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from notesapp.errors import AttachmentsFull, LocalError, RemoteError, TooLarge

SCHEMA = """
CREATE TABLE IF NOT EXISTS blobs(
  no INTEGER PRIMARY KEY,
  hash BLOB UNIQUE CHECK (length(hash) = 32),
  size INTEGER NOT NULL,
  touched_ms INTEGER NOT NULL,
  loose_ms INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS blob_parts(
  no INTEGER NOT NULL REFERENCES blobs(no) ON DELETE CASCADE, at INTEGER NOT NULL, chunk BLOB NOT NULL,
  PRIMARY KEY (no, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blob_parts_of_chunk ON blob_parts(chunk);
CREATE TABLE IF NOT EXISTS blob_chunks(hash BLOB NOT NULL UNIQUE, data BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS blob_marks(
  hash BLOB NOT NULL, holder BLOB NOT NULL, PRIMARY KEY (hash, holder)
) STRICT, WITHOUT ROWID;
"""

LIMIT_BYTES = 200_000_000  # of the attachment as the person knows it
CHUNK_BYTES = 256 * 1024
SEALED_BYTES = CHUNK_BYTES + 1024  # nonce, tag and framing of a sealed chunk stay far below 1 kB
PARTS_LIMIT = -(-LIMIT_BYTES // CHUNK_BYTES)
KEPT_MS = 30 * 24 * 3600 * 1000  # after the last reference: an undo, a trash, a device that was away
PARTIAL_MS = 7 * 24 * 3600 * 1000  # an upload that nobody went on with


@dataclass(frozen=True, slots=True)
class Usage:
    """What attachments take on this device, in sealed bytes; `loose` ones have no reference any more."""

    blobs: int
    complete: int
    stored_bytes: int
    loose_bytes: int
    quota_bytes: int | None


@dataclass(frozen=True, slots=True)
class Swept:
    """What a collection threw away."""

    blobs: int
    chunks: int
    freed_bytes: int


def chunk_hash(data: bytes) -> bytes:
    """The name of a sealed chunk: BLAKE2b-256 of its bytes."""
    return hashlib.blake2b(data, digest_size=32).digest()


class Blobs:
    """The attachments of one store; writes only on the writing connection."""

    def __init__(self, db: apsw.Connection, quota_bytes: int | None = None) -> None:
        self._db = db
        self._quota = quota_bytes

    # -- an attachment of our own: its hashes are known only at the end

    def begin(self, size: int, now_ms: int) -> int:
        """Start keeping an attachment of `size` bytes; the number names the upload. `TooLarge`, `AttachmentsFull`."""
        self._check_room(size)
        self._db.execute("INSERT INTO blobs(size, touched_ms) VALUES(?,?)", (size, now_ms))
        return self._db.last_insert_rowid()

    def add(self, upload: int, sealed: bytes, now_ms: int) -> bytes:
        """Append the next sealed chunk (at most 256 KB + seal) and return its hash."""
        if len(sealed) > SEALED_BYTES:
            raise LocalError(what=f"a sealed chunk of {len(sealed)} bytes, and the limit is {SEALED_BYTES}")
        row: Any = self._db.execute("SELECT hash FROM blobs WHERE no = ?", (upload,)).fetchone()
        if row is None or row[0] is not None:
            raise LocalError(what=f"upload {upload} is not under way")
        parts = self._db.execute("SELECT count(*) FROM blob_parts WHERE no = ?", (upload,)).get
        if parts >= PARTS_LIMIT:
            raise TooLarge(
                what="the attachment", size=f"more than {_megabytes(LIMIT_BYTES)}", limit=_megabytes(LIMIT_BYTES)
            )
        name = chunk_hash(sealed)
        with self._db:
            self._keep(name, sealed)
            self._db.execute("INSERT INTO blob_parts VALUES(?,?,?)", (upload, parts, name))
            self._db.execute("UPDATE blobs SET touched_ms = ? WHERE no = ?", (now_ms, upload))
        return name

    def uploaded(self, upload: int) -> tuple[bytes, ...]:
        """The hashes of the chunks that an upload has so far, in order: where to go on after a break."""
        rows: list[Any] = self._db.execute(
            "SELECT chunk FROM blob_parts WHERE no = ? ORDER BY at", (upload,)
        ).fetchall()
        return tuple(chunk for (chunk,) in rows)

    def finish(self, upload: int, content: bytes, now_ms: int) -> None:
        """The upload is complete under the content hash (32 bytes); the same attachment twice is kept once."""
        with self._db:
            if self._number(content) is not None:
                self._drop(upload)
                self._db.execute("UPDATE blobs SET touched_ms = ? WHERE hash = ?", (now_ms, content))
                return
            self._db.execute("UPDATE blobs SET hash = ?, touched_ms = ? WHERE no = ?", (content, now_ms, upload))
            if self._db.changes() != 1:
                raise LocalError(what=f"upload {upload} is not under way")
            self._settle(content, now_ms)

    def abandon(self, upload: int) -> None:
        """Throw an unfinished upload away at once (the person cancelled)."""
        with self._db:
            row: Any = self._db.execute("SELECT hash FROM blobs WHERE no = ?", (upload,)).fetchone()
            if row is not None and row[0] is None:
                self._drop(upload)

    # -- an attachment that others have: its hashes are known first

    def expect(self, content: bytes, size: int, chunks: Sequence[bytes], now_ms: int) -> tuple[bytes, ...]:
        """Note which chunks make up an attachment and return those to fetch. `TooLarge`, `AttachmentsFull`."""
        if len(content) != 32 or any(len(name) != 32 for name in chunks) or len(chunks) > PARTS_LIMIT:
            raise RemoteError(reason="an attachment's list of chunks is malformed")
        if self._number(content) is None:
            self._check_room(size)
            with self._db:
                self._db.execute("INSERT INTO blobs(hash, size, touched_ms) VALUES(?,?,?)", (content, size, now_ms))
                number = self._db.last_insert_rowid()
                self._db.executemany(
                    "INSERT INTO blob_parts VALUES(?,?,?)", ((number, at, name) for at, name in enumerate(chunks))
                )
                self._settle(content, now_ms)
        return self.missing(content)

    def receive(self, sealed: bytes, now_ms: int) -> bytes:
        """Keep a fetched chunk and return its hash; `RemoteError` if nothing here wants such bytes."""
        if len(sealed) > SEALED_BYTES:
            raise RemoteError(reason=f"a chunk of {len(sealed)} bytes")
        name = chunk_hash(sealed)
        if not self._db.execute("SELECT count(*) FROM blob_parts WHERE chunk = ?", (name,)).get:
            raise RemoteError(reason="a chunk that nobody asked for")
        with self._db:
            self._keep(name, sealed)
            self._db.execute(
                "UPDATE blobs SET touched_ms = ? WHERE no IN (SELECT no FROM blob_parts WHERE chunk = ?)",
                (now_ms, name),
            )
        return name

    def missing(self, content: bytes) -> tuple[bytes, ...]:
        """The hashes of the chunks still to fetch, in order; empty if complete. `LocalError` if unknown."""
        rows: list[Any] = self._db.execute(
            "SELECT p.chunk FROM blob_parts p LEFT JOIN blob_chunks c ON c.hash = p.chunk"
            " WHERE p.no = ? AND c.hash IS NULL ORDER BY p.at",
            (self._known(content),),
        ).fetchall()
        return tuple(dict.fromkeys(chunk for (chunk,) in rows))

    # -- reading

    def has(self, content: bytes) -> bool:
        """Whether the whole attachment is here."""
        return self._number(content) is not None and not self.missing(content)

    def chunks(self, content: bytes) -> tuple[bytes, ...]:
        """The hashes of all its chunks, in order."""
        return self.uploaded(self._known(content))

    def chunk(self, name: bytes) -> bytes | None:
        """One sealed chunk, or None if it is not here; `LocalError` if the disk changed it."""
        row: Any = self._db.execute("SELECT data FROM blob_chunks WHERE hash = ?", (name,)).fetchone()
        if row is not None and chunk_hash(row[0]) != name:
            raise LocalError(what="a stored chunk of an attachment does not match its hash")
        return bytes(row[0]) if row is not None else None

    def chunk_of(self, holder: bytes, name: bytes) -> bytes | None:
        """The same, if it belongs to an attachment to which `holder` refers: what others may be given there."""
        refers = self._db.execute(
            "SELECT EXISTS(SELECT 1 FROM blob_parts p JOIN blobs b ON b.no = p.no JOIN blob_marks m ON m.hash = b.hash"
            " WHERE p.chunk = ? AND m.holder = ?)",
            (name, holder),
        ).get
        return self.chunk(name) if refers else None

    def read(self, content: bytes) -> Iterator[bytes]:
        """The sealed chunks one after the other, each verified; `LocalError` if one is missing."""
        for name in self.chunks(content):
            sealed = self.chunk(name)
            if sealed is None:
                raise LocalError(what="an attachment was read before all of it had arrived")
            yield sealed

    def complete_of(self, holder: bytes) -> dict[bytes, frozenset[bytes]]:
        """The attachments to which `holder` refers and that are here as a whole, each with its chunks' hashes."""
        found: dict[bytes, set[bytes]] = {}
        away: set[bytes] = set()
        for name, chunk, here in self._db.execute(
            "SELECT m.hash, p.chunk, c.hash IS NOT NULL FROM blob_marks m JOIN blobs b ON b.hash = m.hash"
            " JOIN blob_parts p ON p.no = b.no LEFT JOIN blob_chunks c ON c.hash = p.chunk WHERE m.holder = ?",
            (holder,),
        ):
            found.setdefault(name, set()).add(chunk)
            if not here:
                away.add(name)
        return {name: frozenset(chunks) for name, chunks in found.items() if name not in away}

    # -- what is wanted

    def mark(self, content: bytes, holder: bytes) -> None:
        """`holder` (a note, a notebook) refers to the attachment: keep it, also if it is yet to come."""
        self._db.execute("INSERT OR IGNORE INTO blob_marks VALUES(?,?)", (content, holder))
        self._db.execute("UPDATE blobs SET loose_ms = NULL WHERE hash = ?", (content,))

    def unmark(self, content: bytes, holder: bytes, now_ms: int) -> None:
        """`holder` refers to it no more; after the last one the 30 days begin."""
        self._db.execute("DELETE FROM blob_marks WHERE hash = ? AND holder = ?", (content, holder))
        self._settle(content, now_ms)

    def sweep(self, now_ms: int) -> Swept:
        """Throw away what lost its last reference 30 days ago, and uploads nobody went on with for 7 days."""
        with self._db:
            before = self._stored_bytes()
            count = self._db.execute("SELECT count(*) FROM blob_chunks").get
            rows: list[Any] = self._db.execute(
                "SELECT no FROM blobs WHERE (hash IS NULL AND touched_ms <= ?) OR (loose_ms <= ?)",
                (now_ms - PARTIAL_MS, now_ms - KEPT_MS),
            ).fetchall()
            for (number,) in rows:
                self._drop(number)
            left = self._db.execute("SELECT count(*) FROM blob_chunks").get
        return Swept(len(rows), count - left, before - self._stored_bytes())

    def usage(self) -> Usage:
        """What attachments take on this device."""
        blobs, complete = self._db.execute(
            "SELECT count(*), sum(hash IS NOT NULL AND NOT EXISTS(SELECT 1 FROM blob_parts p LEFT JOIN blob_chunks c"
            " ON c.hash = p.chunk WHERE p.no = blobs.no AND c.hash IS NULL)) FROM blobs"
        ).get
        loose = self._db.execute(
            "SELECT coalesce(sum(length(data)), 0) FROM blob_chunks WHERE hash IN (SELECT p.chunk FROM blob_parts p"
            " JOIN blobs b ON b.no = p.no WHERE b.loose_ms IS NOT NULL)"
        ).get
        return Usage(blobs, complete or 0, self._stored_bytes(), loose, self._quota)

    # -- inside

    def _check_room(self, size: int) -> None:
        if not 0 <= size <= LIMIT_BYTES:
            raise TooLarge(what="the attachment", size=_megabytes(size), limit=_megabytes(LIMIT_BYTES))
        if self._quota is not None and self._stored_bytes() + size > self._quota:
            raise AttachmentsFull(used=_megabytes(self._stored_bytes()), quota=_megabytes(self._quota))

    def _stored_bytes(self) -> int:
        return int(self._db.execute("SELECT coalesce(sum(length(data)), 0) FROM blob_chunks").get)

    def _number(self, content: bytes) -> int | None:
        row: Any = self._db.execute("SELECT no FROM blobs WHERE hash = ?", (content,)).fetchone()
        return row and int(row[0])

    def _known(self, content: bytes) -> int:
        number = self._number(content)
        if number is None:
            raise LocalError(what="an attachment was asked for that this store has never heard of")
        return number

    def _keep(self, name: bytes, sealed: bytes) -> None:
        self._db.execute("INSERT OR IGNORE INTO blob_chunks VALUES(?,?)", (name, sealed))

    def _settle(self, content: bytes, now_ms: int) -> None:
        """A blob without marks is loose from now on (or stays loose since when it was)."""
        self._db.execute(
            "UPDATE blobs SET loose_ms = iif(EXISTS(SELECT 1 FROM blob_marks WHERE hash = ?1), NULL,"
            " coalesce(loose_ms, ?2)) WHERE hash = ?1",
            (content, now_ms),
        )

    def _drop(self, number: int) -> None:
        """Remove a blob and those of its chunks that no other blob has."""
        self._db.execute(
            "DELETE FROM blob_chunks WHERE hash IN (SELECT chunk FROM blob_parts WHERE no = ?1)"
            " AND hash NOT IN (SELECT chunk FROM blob_parts WHERE no <> ?1)",
            (number,),
        )
        self._db.execute("DELETE FROM blob_parts WHERE no = ?", (number,))
        self._db.execute("DELETE FROM blobs WHERE no = ?", (number,))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
