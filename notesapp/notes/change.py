"""Reads and writes the frame of an Automerge change: who, after what, which columns. Knows nothing of a document.

Only one byte form of a change is accepted, so its hash names it. The columns stay bytes; `ops` reads them.
Format: automerge.org/automerge-binary-format-spec (change chunk, type 1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from notesapp.notes.columns import Refused, count_rows, read_unsigned, write_unsigned

MAGIC = b"\x85\x6f\x4a\x83"
ACTOR_BYTES = 16  # a feed id
HASH_BYTES = 32
MAX_CHANGE_BYTES = 1 << 20  # a feed entry's limit
MAX_OPS = 20_000  # a longer paste is split
MAX_DEPS = 1_024
MAX_OP_NUMBER = 2**30  # the engine counts in 32 bits and corrupts its heap at the end of them

OBJECT_ACTOR, OBJECT_COUNTER, KEY_ACTOR, KEY_COUNTER, KEY_STRING = 1, 2, 17, 19, 21
INSERT, ACTION, VALUE_META, VALUE = 52, 66, 86, 87
PRED_COUNT, PRED_ACTOR, PRED_COUNTER = 112, 113, 115
EXPAND, MARK_NAME = 148, 165
_KNOWN = frozenset((OBJECT_ACTOR, OBJECT_COUNTER, KEY_ACTOR, KEY_COUNTER, KEY_STRING, INSERT, ACTION)) | frozenset(
    (VALUE_META, VALUE, PRED_COUNT, PRED_ACTOR, PRED_COUNTER, EXPAND, MARK_NAME)
)


@dataclass(frozen=True, slots=True)
class Change:
    """One Automerge change as stored and sent; `raw` are its bytes, never re-encoded."""

    hash: bytes
    actor: bytes
    seq: int
    deps: tuple[bytes, ...]
    start_op: int
    max_op: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """A change with its columns cut out but not yet read; `rows` operations."""

    change: Change
    others: tuple[bytes, ...]
    columns: Mapping[int, bytes]
    rows: int


def read_frame(raw: bytes) -> Frame:
    """The frame of one change, in time proportional to its bytes; Refused with the reason otherwise."""
    if len(raw) > MAX_CHANGE_BYTES:
        raise Refused(reason="it is larger than a change may be")
    if len(raw) < 12 or raw[:4] != MAGIC:
        raise Refused(reason="it isn't a change")
    if raw[8] != 1:
        raise Refused(reason="it is deflated" if raw[8] == 2 else "it isn't a change chunk")
    length, at = read_unsigned(raw, 9)
    if at + length != len(raw):
        raise Refused(reason="its length is wrong")
    digest = hashlib.sha256(memoryview(raw)[8:]).digest()
    if digest[:4] != raw[4:8]:
        raise Refused(reason="its checksum is wrong")
    deps, at = _read_deps(raw, at)
    actor, at = _read_actor(raw, at)
    seq, at = read_unsigned(raw, at)
    start_op, at = read_unsigned(raw, at)
    if raw[at : at + 2] != b"\x00\x00":
        raise Refused(reason="it carries a time or a message")
    others, at = _read_others(raw, at + 2, actor)
    columns, at = _read_columns(raw, at)
    if at != len(raw):
        raise Refused(reason="bytes follow its columns")
    if not seq or not start_op:
        raise Refused(reason="its numbers start at 0")
    rows = count_rows(columns[ACTION]) if ACTION in columns else 0
    if rows > MAX_OPS:
        raise Refused(reason="it has too many operations")
    max_op = start_op + rows - 1
    if max_op > MAX_OP_NUMBER:
        raise Refused(reason="its operations are numbered too high")
    return Frame(Change(digest, actor, seq, deps, start_op, max_op, raw), others, columns, rows)


def creates(raw: bytes) -> bool:
    """Whether a raw change creates its document: it follows none. Looks at its beginning only, and judges nothing."""
    try:
        _, at = read_unsigned(raw, 9)
        return read_unsigned(raw, at)[0] == 0
    except Refused:
        return False


def actor_of(raw: bytes) -> bytes:
    """In whose name a raw change was made; b"" if it can't be told. Looks at its beginning only, and judges nothing."""
    try:
        _, at = read_unsigned(raw, 9)
        return _read_actor(raw, _read_deps(raw, at)[1])[0]
    except Refused:
        return b""


def _read_deps(raw: bytes, at: int) -> tuple[tuple[bytes, ...], int]:
    count, at = read_unsigned(raw, at)
    if count > MAX_DEPS:
        raise Refused(reason="it has too many deps")
    end = at + count * HASH_BYTES
    if end > len(raw):
        raise Refused(reason="it is cut off inside its deps")
    deps = tuple(raw[start : start + HASH_BYTES] for start in range(at, end, HASH_BYTES))
    if any(first >= second for first, second in pairwise(deps)):
        raise Refused(reason="its deps aren't sorted and unique")
    return deps, end


def _read_actor(raw: bytes, at: int) -> tuple[bytes, int]:
    length, at = read_unsigned(raw, at)
    end = at + length
    if length != ACTOR_BYTES or end > len(raw):
        raise Refused(reason="an actor isn't a feed id")
    return raw[at:end], end


def _read_others(raw: bytes, at: int, actor: bytes) -> tuple[tuple[bytes, ...], int]:
    count, at = read_unsigned(raw, at)
    if count > (len(raw) - at) // (ACTOR_BYTES + 1):
        raise Refused(reason="it is cut off inside its actors")
    others = []
    before = b""
    for _ in range(count):
        other, at = _read_actor(raw, at)
        if other <= before or other == actor:
            raise Refused(reason="its actors aren't sorted and unique")
        others.append(other)
        before = other
    return tuple(others), at


def _read_columns(raw: bytes, at: int) -> tuple[dict[int, bytes], int]:
    count, at = read_unsigned(raw, at)
    if count > len(_KNOWN):
        raise Refused(reason="it has unknown columns")
    sizes: list[tuple[int, int]] = []
    before = 0
    for _ in range(count):
        column, at = read_unsigned(raw, at)
        size, at = read_unsigned(raw, at)
        if column not in _KNOWN:
            raise Refused(reason="it has unknown columns")
        if column <= before or not size:
            raise Refused(reason="its columns aren't in order")
        sizes.append((column, size))
        before = column
    columns: dict[int, bytes] = {}
    for column, size in sizes:
        if at + size > len(raw):
            raise Refused(reason="it is cut off inside a column")
        columns[column] = raw[at : at + size]
        at += size
    return columns, at


def write_change(
    *,
    actor: bytes,
    seq: int,
    start_op: int,
    deps: Sequence[bytes],
    others: Sequence[bytes],
    columns: Mapping[int, bytes],
    rows: int,
) -> Change:
    """The change as Automerge would write it; `deps` and `others` sorted, empty columns are left out."""
    present = sorted((column, data) for column, data in columns.items() if data)
    body = bytearray(write_unsigned(len(deps)))
    body += b"".join(deps)
    body.append(len(actor))
    body += actor
    body += write_unsigned(seq) + write_unsigned(start_op) + b"\x00\x00"
    body += write_unsigned(len(others))
    for other in others:
        body.append(len(other))
        body += other
    body += write_unsigned(len(present))
    for column, data in present:
        body += write_unsigned(column) + write_unsigned(len(data))
    for _, data in present:
        body += data
    chunk = b"\x01" + write_unsigned(len(body)) + body
    digest = hashlib.sha256(chunk).digest()
    return Change(digest, actor, seq, tuple(deps), start_op, start_op + rows - 1, MAGIC + digest[:4] + chunk)
