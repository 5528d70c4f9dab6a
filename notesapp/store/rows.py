"""The rows that the store keeps, as values. Decides their fields; knows no SQL, no keys and no meaning of the bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import apsw


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a feed goes: the index of its last entry and that entry's hash (32 bytes)."""

    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of a feed as it is kept: ids, hash and sealed bytes. `body` is None once it was erased."""

    notebook: bytes  # 32
    feed: bytes  # 16
    index: int
    hash: bytes  # 32
    header: bytes
    body: bytes | None
    note_id: bytes | None = None  # 16


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The newest signed head of a feed; the entries that it vouches for are in the same or an earlier batch."""

    feed: bytes
    index: int
    signed: bytes


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A signed record of a roster (`scope` = notebook id) or of a person log (`scope` = person id)."""

    scope: bytes
    id: bytes
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A replica saved and *already verified* by who made it; the two newest of a note are kept."""

    note_id: bytes
    frontier: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class TextRow:
    """A note's text for instant display, and the frontier at which it stood."""

    note_id: bytes
    notebook: bytes
    text: str
    frontier: bytes = b""


@dataclass(frozen=True, slots=True)
class CardRow:
    """What the list of notes shows of one note, in the caller's own bytes; `data` None takes it away."""

    note_id: bytes
    notebook: bytes
    data: bytes | None


@dataclass(frozen=True, slots=True)
class PendingRow:
    """Something to be done later (waiting for what it depends on); `data` None means it is done."""

    scope: bytes
    id: bytes
    data: bytes | None


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """Bytes that were refused but are kept as proof or as recovered edits."""

    scope: bytes
    id: bytes
    reason: str
    data: bytes
    kept_ms: int


@dataclass(frozen=True, slots=True)
class Batch:
    """All that becomes durable together, or not at all.

    `marks` names the heads of *our own* feeds that this batch reaches (for the high-water file). `also` are further
    steps on the writing connection inside the same transaction (search index, blobs): they must not commit,
    and must bear being run twice (a commit whose sync failed is tried again, and may have been in).
    """

    entries: tuple[EntryRow, ...] = ()
    heads: tuple[HeadRow, ...] = ()
    records: tuple[RecordRow, ...] = ()
    snapshots: tuple[SnapshotRow, ...] = ()
    texts: tuple[TextRow, ...] = ()
    cards: tuple[CardRow, ...] = ()
    pending: tuple[PendingRow, ...] = ()
    quarantine: tuple[QuarantineRow, ...] = ()
    settings: Mapping[str, bytes | None] = field(default_factory=dict)
    secrets: Mapping[str, bytes | None] = field(default_factory=dict)
    peers: Mapping[bytes, bytes | None] = field(default_factory=dict)
    marks: Mapping[bytes, Mark] = field(default_factory=dict)
    also: tuple[Callable[[apsw.Connection], None], ...] = ()
