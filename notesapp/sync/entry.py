"""An entry of a feed: a fixed header that chains it, and a sealed body. Decides both layouts, full and compact.

Full header (239 bytes, big endian): domain `notesapp/entry/1\\0`, notebook 32, feed 16, index u64, hash of the entry
before 32 (zeros at first), kind u8, flags u8, epoch 32, roster digest 32, body length u32, nonce 24, advisory time ms
u64, body hash 32. entry hash = BLAKE2b-256(header). All but the body hash is the seal's associated data (the body
hash depends on the seal). The chain stays verifiable when a body is erased.

What the entry before and the body already say is left out of the compact header, about 30 bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.primitives import HASH_BYTES, NONCE_BYTES, digest, domain, expect_domain
from notesapp.identity.record import MAX_TIME_MS
from notesapp.sync.wire import BATCH_LIMIT, ENTRY_LIMIT, Cursor, number, unzigzag, zigzag

DOMAIN = domain("entry")
ZERO = bytes(32)
MAX_INDEX = (1 << 53) - 1
MAX_KIND = 7  # three bits of the compact form
ZSTD = 1  # flag: the body was compressed before it was sealed

_FIELDS = struct.Struct(f">{len(DOMAIN)}s32s16sQ32sBB32s32sI24sQ32s")
HEADER_BYTES = _FIELDS.size
BESIDE_BYTES = HEADER_BYTES - HASH_BYTES  # what the seal vouches for: all but the body hash
BODY_LIMIT = ENTRY_LIMIT - HEADER_BYTES

# bits of the compact header's first byte, above the three of the kind
_C_ZSTD, _C_EPOCH, _C_ROSTER, _C_BODILESS = 0x08, 0x10, 0x20, 0x40


class Kind(IntEnum):
    """What an entry says. Kinds up to 7 are chained, stored and passed on even if this version can't read them."""

    OPEN = 1
    CHANGE = 2
    BLOB = 3
    CLOSE = 4


CLEAR_KINDS = frozenset({Kind.OPEN, Kind.CLOSE})  # their bodies are not sealed


class Header(NamedTuple):
    """The fields of a full header, in order, without the domain."""

    notebook: bytes
    feed: bytes
    index: int  # type: ignore[assignment]  # nobody asks these tuples for `tuple.index`
    prev: bytes
    kind: int
    flags: int
    epoch: bytes
    roster: bytes
    body_length: int
    nonce: bytes
    time_ms: int
    body_hash: bytes

    @classmethod
    def read(cls, header: bytes) -> Header:
        """The fields of a full header; `RemoteError` for any other bytes and values out of range."""
        if len(header) != HEADER_BYTES:
            raise RemoteError(reason=f"an entry's header has {len(header)} bytes instead of {HEADER_BYTES}")
        expect_domain(header, DOMAIN)
        it = cls(*_FIELDS.unpack(header)[1:])
        if not 1 <= it.kind <= MAX_KIND:
            raise RemoteError(reason=f"an entry is of the impossible kind {it.kind}")
        if it.flags & ~ZSTD:
            raise RemoteError(reason=f"an entry has unknown flags ({it.flags})")
        if it.index > MAX_INDEX or it.time_ms > MAX_TIME_MS or it.body_length > BODY_LIMIT:
            raise RemoteError(reason="an entry's index, time or length is out of range")
        return it

    def write(self) -> bytes:
        """The 239 bytes."""
        return _FIELDS.pack(DOMAIN, *self)

    def tip(self, hash_: bytes) -> Tip:
        """Where the feed stands after the entry of this header, whose hash is `hash_`."""
        closed = self.kind == Kind.CLOSE
        return Tip(self.notebook, self.feed, self.index, hash_, self.epoch, self.roster, self.time_ms, closed)


class Entry(NamedTuple):
    """A full header, its hash and the body as sealed; `body` is None once it was erased."""

    header: bytes
    body: bytes | None
    hash: bytes

    @classmethod
    def of(cls, header: bytes, body: bytes | None) -> Entry:
        """The entry of these bytes, its hash calculated, nothing checked."""
        return cls(header, body, digest(header))

    @property
    def size(self) -> int:
        """Bytes of header and body."""
        return len(self.header) + len(self.body or b"")


class Tip(NamedTuple):
    """The last entry of a feed as far as it is known: what the next one continues, and may leave out when compact."""

    notebook: bytes
    feed: bytes
    index: int  # type: ignore[assignment]  # nobody asks these tuples for `tuple.index`
    hash: bytes
    epoch: bytes
    roster: bytes
    time_ms: int
    closed: bool = False

    @classmethod
    def before_first(cls, notebook: bytes, feed: bytes) -> Tip:
        """Where a feed stands before its `open` entry."""
        return cls(notebook, feed, -1, ZERO, ZERO, ZERO, 0)

    @classmethod
    def at(cls, entry: Entry) -> Tip:
        """Where a feed stands after this entry of it, which is trusted."""
        return Header.read(entry.header).tip(entry.hash)

    def moved(self, index: int, hash_: bytes) -> Tip:
        """The same defaults at another place of the feed: a store may lay all entries against their `open`."""
        return self._replace(index=index, hash=hash_)


def compact(entry: Entry, before: Tip, *, with_body: bool = True) -> bytes:
    """The header without what `before` and the body say; `LocalError` if the entry isn't the next after `before`.

    With `with_body=False`, or an erased body, its length and hash are written out (33 to 35 bytes more).
    """
    it = Header.read(entry.header)
    if (it.notebook, it.feed, it.index, it.prev) != (before.notebook, before.feed, before.index + 1, before.hash):
        raise LocalError(what="an entry is packed after another than the one before it")
    first = it.kind
    parts = [b"", number(zigzag(it.time_ms - before.time_ms)), it.nonce]
    if it.flags & ZSTD:
        first |= _C_ZSTD
    if it.epoch != before.epoch:
        first |= _C_EPOCH
        parts.append(it.epoch)
    if it.roster != before.roster:
        first |= _C_ROSTER
        parts.append(it.roster)
    if entry.body is None or not with_body:
        first |= _C_BODILESS
        parts += (number(it.body_length), it.body_hash)
    parts[0] = first.to_bytes(1, "big")
    return b"".join(parts)


def expand(cursor: Cursor, before: Tip) -> tuple[Header, bool]:
    """Reads a compact header: (fields, whether the body was left out). With a body, its length and hash are 0 yet."""
    first = cursor.byte()
    if first & 0x80 or not first & MAX_KIND:
        raise RemoteError(reason=f"a compact header begins with {first}")
    time_ms = before.time_ms + unzigzag(cursor.number(2 * MAX_TIME_MS))
    nonce = cursor.take(NONCE_BYTES)
    epoch = cursor.take(32) if first & _C_EPOCH else before.epoch
    roster = cursor.take(32) if first & _C_ROSTER else before.roster
    if (first & _C_EPOCH and epoch == before.epoch) or (first & _C_ROSTER and roster == before.roster):
        raise RemoteError(reason="a compact header repeats what the entry before says")
    bodiless = bool(first & _C_BODILESS)
    length = cursor.number(BODY_LIMIT) if bodiless else 0
    body_hash = cursor.take(HASH_BYTES) if bodiless else ZERO
    if not 0 <= time_ms <= MAX_TIME_MS or before.index >= MAX_INDEX:
        raise RemoteError(reason="an entry's time or index is out of range")
    flags = ZSTD if first & _C_ZSTD else 0
    index, kind = before.index + 1, first & MAX_KIND
    notebook, feed, prev = before.notebook, before.feed, before.hash
    return Header(notebook, feed, index, prev, kind, flags, epoch, roster, length, nonce, time_ms, body_hash), bodiless


def restore(compacted: bytes, body: bytes | None, before: Tip) -> Entry:
    """The entry of one compact header and its body, as a store keeps them apart."""
    cursor = Cursor(compacted)
    it, bodiless = expand(cursor, before)
    cursor.end()
    if body is not None and not bodiless:
        it = it._replace(body_length=len(body), body_hash=digest(body))
    elif not bodiless:
        raise RemoteError(reason="an entry has lost its body")
    return Entry.of(it.write(), body)


def pack(entries: Iterable[Entry], before: Tip) -> bytes:
    """Successive entries of one feed as they go over a link: compact header, body length, body, and so on."""
    parts: list[bytes] = []
    for entry in entries:
        parts.append(compact(entry, before))
        if entry.body is not None:
            parts += (number(len(entry.body)), entry.body)
        before = Tip.at(entry)
    return b"".join(parts)


def unpack(data: bytes, before: Tip, limit: int = BATCH_LIMIT) -> list[Entry]:
    """The inverse of `pack`, at most `limit` bytes: they chain as they are built; only a signed head vouches."""
    if len(data) > limit:
        raise RemoteError(reason=f"a batch of entries has {len(data)} bytes, the limit is {limit}")
    cursor = Cursor(data)
    entries: list[Entry] = []
    while cursor.left:
        if before.closed:
            raise RemoteError(reason="a feed goes on after it was closed")
        it, bodiless = expand(cursor, before)
        body: bytes | None = None
        if not bodiless:
            body = cursor.take(cursor.number(BODY_LIMIT))
            it = it._replace(body_length=len(body), body_hash=digest(body))
        entry = Entry.of(it.write(), body)
        entries.append(entry)
        before = it.tip(entry.hash)
    return entries
