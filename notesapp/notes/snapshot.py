"""Writes and reads a replica's snapshot: what makes it usable at once, the engine's bytes unopened beside it.

Local only, never taken from a peer; still nothing in it is believed before its hash is right. Layout: magic, version,
BLAKE2b-256 of the rest, zstd frame of msgpack.
"""

from __future__ import annotations

import hashlib
from array import array
from typing import Any

import msgspec
import zstandard

from notesapp.errors import LocalError
from notesapp.notes.engine import Engine
from notesapp.notes.graph import Graph
from notesapp.notes.registers import Registers
from notesapp.notes.schema import Kind
from notesapp.notes.sequence import Sequence
from notesapp.notes.state import State

_MAGIC = b"notesapp-snapshot"
_VERSION = 1
_HEAD_BYTES = len(_MAGIC) + 1 + 32
_MAX_BYTES = 1 << 30  # opened; a note at its limits with a long history stays far below


class Damaged(LocalError):
    """A snapshot of a note can't be read ({what}); the note is rebuilt from its journal."""


class _Snapshot(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    kind: str
    newer: bool
    actors: list[bytes]
    hashes: bytes
    numbers: list[bytes]  # actor, seq, last operation, number of deps, deps: each little-endian 32 bits
    containers: list[tuple[str, int, int]]
    text: str
    spans: bytes
    registers: list[Any]
    base: bytes
    tail: list[bytes]
    lost: dict[bytes, str]


def _pack(numbers: list[int]) -> bytes:
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def _unpack(data: bytes) -> list[int]:
    numbers = array("I")
    numbers.frombytes(data)
    return numbers.tolist()


def write(state: State, engine: Engine, newer: bool) -> bytes:
    """The snapshot's bytes."""
    graph = state.graph.dump()
    body = msgspec.msgpack.encode(
        _Snapshot(
            kind=state.kind.value,
            newer=newer,
            actors=graph.actors,
            hashes=graph.hashes,
            numbers=[_pack(column) for column in graph.columns],
            containers=[(name, *ident) for name, ident in state.containers.items()],
            text=state.sequence.text,
            spans=_pack(state.sequence.dump()),
            registers=state.registers.dump(),
            base=engine.base,
            tail=engine.tail,
            lost=engine.lost,
        )
    )
    packed = zstandard.ZstdCompressor(level=3).compress(body)
    return _MAGIC + bytes((_VERSION,)) + hashlib.blake2b(packed, digest_size=32).digest() + packed


def read(data: bytes) -> tuple[State, Engine, bool]:
    """State and engine of a snapshot, and whether a newer program's changes are held; Damaged otherwise."""
    if data[: len(_MAGIC)] != _MAGIC or len(data) < _HEAD_BYTES:
        raise Damaged(what="it isn't a snapshot")
    if data[len(_MAGIC)] != _VERSION:
        raise Damaged(what=f"its format {data[len(_MAGIC)]} is unknown")
    packed = data[_HEAD_BYTES:]
    if hashlib.blake2b(packed, digest_size=32).digest() != data[len(_MAGIC) + 1 : _HEAD_BYTES]:
        raise Damaged(what="its hash is wrong")
    try:
        body = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MAX_BYTES)
        snapshot = msgspec.msgpack.decode(body, type=_Snapshot)
        return _restore(snapshot)
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError, IndexError, TypeError) as error:
        raise Damaged(what=str(error)) from error


def _restore(snapshot: _Snapshot) -> tuple[State, Engine, bool]:
    state = State(Kind(snapshot.kind))
    state.graph = Graph.restore(snapshot.actors, snapshot.hashes, [_unpack(c) for c in snapshot.numbers])
    state.sequence = Sequence.restore(state.graph.actors, _unpack(snapshot.spans), snapshot.text)
    state.registers = Registers.restore(state.graph.actors, snapshot.registers)
    for name, number, actor in snapshot.containers:
        state.make(name, (number, actor))
    if len(snapshot.tail) > len(state.graph):
        raise ValueError("more changes than the past knows")
    engine = Engine(state.graph, snapshot.base, snapshot.tail)
    engine.lost.update(snapshot.lost)
    return state, engine, snapshot.newer
