"""What entries say, sealed and read. Decides compression and its limits; a change stays raw bytes here.

A body is packed with zstd where that pays, then sealed under its epoch's content key, with the header (but for the body
hash) as associated data. `open` and `close` are clear. Bodies: open = device 32, nonce 16; change = note id 16, raw
change; blob = the attachment's manifest; close = nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import zstandard

from notesapp.errors import LocalError, RemoteError, TooLarge
from notesapp.identity.primitives import NONCE_BYTES as SEAL_NONCE_BYTES
from notesapp.identity.primitives import TAG_BYTES, Entropy, digest, seal, unseal
from notesapp.sync.attachment import Manifest, read_manifest
from notesapp.sync.entry import BESIDE_BYTES, BODY_LIMIT, CLEAR_KINDS, ZERO, ZSTD, Entry, Header, Kind, Tip

PLAIN_LIMIT = 64 * 1024 * 1024  # bytes of a body after unpacking
RATIO_LIMIT = 200  # unpacked to packed: more is a bomb
NOTE_ID_BYTES = 16
FEED_NONCE_BYTES = 16
INDEX_ID = bytes(NOTE_ID_BYTES)  # the notebook's own index stands where a note's id would
_PACK_FROM = 256  # bytes; shorter changes don't get shorter
_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """A feed begins: whose it is, and the nonce that makes its id."""

    device: bytes
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Changed:
    """One raw change of a note (or of the index, `INDEX_ID`); not vetted."""

    note_id: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment is announced."""

    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Closed:
    """A feed ends."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The body is gone; the chain holds without it."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A kind of a later version: kept and passed on."""

    kind: int


Body = Opened | Changed | Attached | Closed | Erased | Unread


@dataclass(frozen=True, slots=True)
class Under:
    """What a writer seals under: the epoch's id and content key, and the digest of the roster that he knows."""

    epoch: bytes
    content_key: bytes
    roster: bytes


def feed_id(notebook: bytes, device: bytes, nonce: bytes) -> bytes:
    """BLAKE2b-128("feed" | notebook | device | nonce16): the feed's name and the actor of its changes."""
    return blake2b(b"feed" + notebook + device + nonce, digest_size=16).digest()


def write_entry(before: Tip, kind: Kind, plain: bytes, under: Under, time_ms: int, entropy: Entropy) -> Entry:
    """The next entry of a feed, sealed if its kind is; `TooLarge` above 1 MiB."""
    flags, packed = (0, plain) if kind in CLEAR_KINDS else _pack(plain)
    length = len(packed) + (0 if kind in CLEAR_KINDS else TAG_BYTES)
    if length > BODY_LIMIT:
        raise TooLarge(what="One change", size=f"{length} bytes", limit=f"{BODY_LIMIT} bytes")
    nonce = entropy(SEAL_NONCE_BYTES)
    where = (before.notebook, before.feed, before.index + 1, before.hash)
    header = Header(*where, kind, flags, under.epoch, under.roster, length, nonce, time_ms, ZERO).write()
    beside = header[:BESIDE_BYTES]
    body = packed if kind in CLEAR_KINDS else seal(packed, under.content_key, nonce, beside)
    return Entry.of(beside + digest(body), body)


def read_entry(entry: Entry, content_keys: Mapping[bytes, bytes]) -> Body | None:
    """What an entry says, with the content keys by epoch id; None if the key of its epoch isn't among them.

    `RemoteError` if the body isn't the header's, its seal is broken, or what it says is malformed.
    """
    it = Header.read(entry.header)
    if entry.body is None:
        return Erased()
    check_body(it, entry.body)
    if it.kind > Kind.CLOSE:
        return Unread(it.kind)
    if it.kind in CLEAR_KINDS:
        return _parse(it.kind, entry.body)
    key = content_keys.get(it.epoch)
    if key is None:
        return None
    plain = unseal(entry.body, key, it.nonce, entry.header[:BESIDE_BYTES])
    return _parse(it.kind, _unpack(plain) if it.flags & ZSTD else plain)


def check_body(it: Header, body: bytes) -> None:
    """`RemoteError` unless this is the body that the header names."""
    if len(body) != it.body_length or digest(body) != it.body_hash:
        raise RemoteError(reason="an entry's body is another than its header says")


def _parse(kind: int, plain: bytes) -> Body:
    match kind:
        case Kind.OPEN:
            if len(plain) != 32 + FEED_NONCE_BYTES:
                raise RemoteError(reason="a feed's beginning has a wrong length")
            return Opened(plain[:32], plain[32:])
        case Kind.CHANGE:
            if len(plain) <= NOTE_ID_BYTES:
                raise RemoteError(reason="a change is empty")
            return Changed(plain[:NOTE_ID_BYTES], plain[NOTE_ID_BYTES:])
        case Kind.BLOB:
            return Attached(read_manifest(plain))
        case Kind.CLOSE:
            if plain:
                raise RemoteError(reason="a feed's end says something")
            return Closed()
        case _:
            raise LocalError(what=f"an entry of the kind {kind} was to be read")


@cache
def _packer() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_LEVEL)


@cache
def _unpacker() -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor()


def _pack(plain: bytes) -> tuple[int, bytes]:
    """(flags, bytes): packed if that is shorter and nobody would take it for a bomb."""
    if len(plain) < _PACK_FROM:
        return 0, plain
    packed = _packer().compress(plain)
    if len(packed) >= len(plain) or len(plain) > RATIO_LIMIT * len(packed):
        return 0, plain
    return ZSTD, packed


def _unpack(packed: bytes) -> bytes:
    """The inverse of `_pack`: the announced size is checked before a byte is unpacked, and kept to."""
    try:
        size = zstandard.get_frame_parameters(packed).content_size
        if size in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR):
            raise RemoteError(reason="a packed body doesn't say how large it is")
        if size > PLAIN_LIMIT or size > RATIO_LIMIT * len(packed):
            raise RemoteError(reason=f"a packed body of {len(packed)} bytes would unpack to {size}")
        plain = _unpacker().decompress(packed, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise RemoteError(reason=f"a packed body can't be unpacked: {error}") from None
    if len(plain) != size:
        raise RemoteError(reason="a packed body unpacks to another size than it says")
    return plain
