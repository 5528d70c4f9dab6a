"""Signed records that name what they follow. Decides their envelope, limits and ids; leaves order and rights to others.

A record is `domain | payload | signature`: the payload a msgpack array, the signature Ed25519 over all bytes before it.
Its id is BLAKE2b-256 of all its bytes. Records name their previous heads and a Lamport number, 1 + the largest of
theirs, so that a set of records is a directed acyclic graph with one order on which everybody agrees. What was
signed is kept and passed on as it came; nothing is encoded again to be verified.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

import msgspec

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.primitives import SIGNATURE_BYTES, digest, expect_domain, verify

RECORD_LIMIT = 4096  # bytes, signature included
HEADS_LIMIT = 32  # previous heads that one record may name: 1 KB of its 4
MAX_TIME_MS = 253_402_300_799_999  # the end of the year 9999: a later one breaks calendars
MAX_LAMPORT = (1 << 53) - 1  # what every msgpack reader, JavaScript's included, holds exactly

Bytes16 = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Bytes64 = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Kind = Annotated[str, msgspec.Meta(min_length=1, max_length=16, pattern=r"^[a-z][a-z-]*\Z")]
Heads = Annotated[tuple[Bytes32, ...], msgspec.Meta(max_length=HEADS_LIMIT)]
Lamport = Annotated[int, msgspec.Meta(ge=1, le=MAX_LAMPORT)]
TimeMs = Annotated[int, msgspec.Meta(ge=0, le=MAX_TIME_MS)]

T = TypeVar("T")
_ENCODER = msgspec.msgpack.Encoder()


class Form(Generic[T]):
    """One msgpack format, in array form: encodes, and decodes strictly within a limit of bytes."""

    def __init__(self, kind: type[T], limit: int, name: str) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._limit = limit
        self._name = name

    def encode(self, value: T) -> bytes:
        """The bytes of `value`; `LocalError` beyond the limit."""
        data = _ENCODER.encode(value)
        if len(data) > self._limit:
            raise LocalError(what=f"{self._name} has {len(data)} bytes, the limit is {self._limit}")
        return data

    def decode(self, data: bytes) -> T:
        """The value; `RemoteError` for anything that isn't exactly one value of this form."""
        if len(data) > self._limit:
            raise RemoteError(reason=f"{self._name} has {len(data)} bytes, the limit is {self._limit}")
        try:
            return self._decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise RemoteError(reason=f"{self._name} is malformed: {error}") from None


def clamp_time(now_ms: int) -> int:
    """A wall clock's time as it may stand in a record: advisory, and never outside the calendar."""
    return min(max(now_ms, 0), MAX_TIME_MS)


class Payload(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What is signed, in this order. `scope` is the notebook or the person, `body` the kind's own msgpack array."""

    kind: Kind
    scope: Bytes32
    author: Bytes32
    prev: Heads
    lamport: Lamport
    body: bytes
    time_ms: TimeMs


_PAYLOAD: Form[Payload] = Form(Payload, RECORD_LIMIT, "a record")


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose signature was verified: its exact bytes (`data`), their id and what they say."""

    id: bytes
    data: bytes
    kind: str
    scope: bytes
    author: bytes
    prev: tuple[bytes, ...]
    lamport: int
    body: bytes
    time_ms: int


def write(prefix: bytes, payload: Payload, sign: Callable[[bytes], bytes]) -> Record:
    """Signs a new record with its author's `sign`; `LocalError` above 4 KB."""
    message = prefix + _PAYLOAD.encode(payload)
    data = message + sign(message)
    if len(data) > RECORD_LIMIT:
        raise LocalError(what=f"a record has {len(data)} bytes, the limit is {RECORD_LIMIT}")
    return _record(data, payload)


def read(prefix: bytes, data: bytes) -> Record:
    """The record in these bytes; `RemoteError` for size, domain, form or signature, `NewerFormat` for later ones."""
    if len(data) > RECORD_LIMIT:
        raise RemoteError(reason=f"a record has {len(data)} bytes, the limit is {RECORD_LIMIT}")
    expect_domain(data, prefix)
    payload = _PAYLOAD.decode(data[len(prefix) : -SIGNATURE_BYTES])
    if not verify(data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:], payload.author):
        raise RemoteError(reason="a record's signature is not its author's")
    return _record(data, payload)


def known(prefix: bytes, data: bytes) -> Record:
    """The record in bytes that were verified when they came."""
    return _record(data, _PAYLOAD.decode(data[len(prefix) : -SIGNATURE_BYTES]))


def _record(data: bytes, it: Payload) -> Record:
    return Record(digest(data), data, it.kind, it.scope, it.author, it.prev, it.lamport, it.body, it.time_ms)
