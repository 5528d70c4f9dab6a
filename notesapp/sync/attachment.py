"""Attachments: files cut into sealed chunks that are fetched on demand. Decides the cut, the seals and the list.

A file of at most 200 MB is cut into chunks of 256 KB (the last one shorter). Each is sealed under the attachment's own
random key, with its number as the nonce, and is known by the BLAKE2b-256 of its sealed bytes. The `Manifest` in the
feed's `blob` entry holds key, size and list, so a chunk can come from anybody, in any order, and be checked at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Annotated

import msgspec

from notesapp.errors import LocalError, RemoteError, TooLarge
from notesapp.identity.primitives import HASH_BYTES, KEY_BYTES, TAG_BYTES, Entropy, digest, domain, seal, unseal
from notesapp.identity.record import Bytes16, Bytes32, Form

CHUNK_DOMAIN = domain("chunk")
CHUNK_BYTES = 256 * 1024
SIZE_LIMIT = 200_000_000
CHUNKS_LIMIT = -(-SIZE_LIMIT // CHUNK_BYTES)
MANIFEST_LIMIT = CHUNKS_LIMIT * HASH_BYTES + 256


class Manifest(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The body of a `blob` entry: `chunks` are the hashes of the sealed chunks, one after the other."""

    attachment_id: Bytes16
    key: Bytes32
    size: Annotated[int, msgspec.Meta(ge=0, le=SIZE_LIMIT)]
    content_hash: Bytes32
    chunks: Annotated[bytes, msgspec.Meta(max_length=CHUNKS_LIMIT * HASH_BYTES)]

    def __repr__(self) -> str:
        return f"Manifest({self.attachment_id.hex()}, {self.size} bytes)"

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The chunks' names, in order."""
        return tuple(self.chunks[at : at + HASH_BYTES] for at in range(0, len(self.chunks), HASH_BYTES))


_MANIFEST: Form[Manifest] = Form(Manifest, MANIFEST_LIMIT, "an attachment's list of chunks")


def write_manifest(manifest: Manifest) -> bytes:
    """The bytes of the list."""
    return _MANIFEST.encode(manifest)


def read_manifest(data: bytes) -> Manifest:
    """The list in these bytes; `RemoteError` unless it names exactly the chunks that its size has."""
    manifest = _MANIFEST.decode(data)
    if len(manifest.chunks) != HASH_BYTES * _chunk_count(manifest.size):
        raise RemoteError(reason="an attachment's list of chunks doesn't fit its size")
    return manifest


@dataclass(frozen=True, slots=True)
class Chunk:
    """One sealed chunk, and the hash that names it."""

    hash: bytes
    sealed: bytes = field(repr=False)


class Sealer:
    """Cuts and seals one file while it is read: feed it pieces of any size, take chunks, then the manifest."""

    def __init__(self, attachment_id: bytes, entropy: Entropy, name: str = "") -> None:
        self._id = attachment_id
        self._key = entropy(KEY_BYTES)
        self._name = name or "The attachment"
        self._content = blake2b(digest_size=HASH_BYTES)
        self._hashes: list[bytes] = []
        self._rest = bytearray()
        self._size = 0
        self._done = False

    def add(self, piece: bytes) -> Iterator[Chunk]:
        """The chunks that became full; `TooLarge` before anything is sealed beyond 200 MB. Consume it wholly."""
        if self._done:
            raise LocalError(what="an attachment was added to after its end")
        if self._size + len(piece) > SIZE_LIMIT:
            raise TooLarge(what=self._name, size="more than 200 MB", limit="200 MB")
        self._size += len(piece)
        self._content.update(piece)
        self._rest += piece
        full = len(self._rest) // CHUNK_BYTES
        whole, self._rest = bytes(self._rest[: full * CHUNK_BYTES]), self._rest[full * CHUNK_BYTES :]
        return (self._seal(whole[at : at + CHUNK_BYTES]) for at in range(0, len(whole), CHUNK_BYTES))

    def finish(self) -> tuple[tuple[Chunk, ...], Manifest]:
        """The last chunk, if anything is left, and the manifest."""
        if len(self._hashes) != (self._size - len(self._rest)) // CHUNK_BYTES:
            raise LocalError(what="an attachment was ended before its chunks were taken")
        self._done = True
        last = (self._seal(bytes(self._rest)),) if self._rest else ()
        chunks = b"".join(self._hashes)
        return last, Manifest(self._id, self._key, self._size, self._content.digest(), chunks)

    def _seal(self, plain: bytes) -> Chunk:
        number = len(self._hashes)
        sealed = seal(plain, self._key, _nonce(number), CHUNK_DOMAIN + self._id)
        chunk = Chunk(digest(sealed), sealed)
        self._hashes.append(chunk.hash)
        return chunk


def open_chunk(manifest: Manifest, number: int, sealed: bytes) -> bytes:
    """The bytes of one chunk; `RemoteError` unless it is exactly the one that the manifest names."""
    expected = manifest.chunks[number * HASH_BYTES : (number + 1) * HASH_BYTES]
    if not 0 <= number < _chunk_count(manifest.size) or digest(sealed) != expected:
        raise RemoteError(reason=f"chunk {number} of an attachment is another than the one announced")
    plain = unseal(sealed, manifest.key, _nonce(number), CHUNK_DOMAIN + manifest.attachment_id)
    if len(plain) != min(CHUNK_BYTES, manifest.size - number * CHUNK_BYTES):
        raise RemoteError(reason=f"chunk {number} of an attachment has {len(plain)} bytes")
    return plain


def open_all(manifest: Manifest, sealed: Iterable[bytes]) -> Iterator[bytes]:
    """The file from all its chunks in order; `RemoteError` at the end if the whole isn't what was announced."""
    content = blake2b(digest_size=HASH_BYTES)
    count = 0
    for number, chunk in enumerate(sealed):
        plain = open_chunk(manifest, number, chunk)
        content.update(plain)
        count += 1
        yield plain
    if count != _chunk_count(manifest.size) or content.digest() != manifest.content_hash:
        raise RemoteError(reason="an attachment is not the one that was announced")


def sealed_bytes(size: int) -> int:
    """What an attachment of `size` bytes takes on disk and on the wire."""
    return size + TAG_BYTES * _chunk_count(size)


def _chunk_count(size: int) -> int:
    return -(-size // CHUNK_BYTES)


def _nonce(number: int) -> bytes:
    return number.to_bytes(24, "big")
