"""Makes changes that nobody honest makes: any header, any columns, the checksum always right unless asked otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from notesapp.notes.change import MAGIC, read_frame
from notesapp.notes.columns import write_unsigned
from notesapp.notes.replica import Replica
from notesapp.notes.schema import Kind

ALICE, BOB, CAROL, MALLORY = (bytes([n]) * 16 for n in (0xA1, 0xB0, 0xCA, 0x3A))
NOTE_ID = b"0123456789abcdef"


def number(value: int) -> bytes:
    """Unsigned LEB128."""
    return write_unsigned(value)


@dataclass(frozen=True)
class Forged:
    """A change part by part; `raw` puts them together."""

    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    others: tuple[bytes, ...] = ()
    columns: tuple[tuple[int, bytes], ...] = ()
    time: bytes = b"\x00"
    message: bytes = b""
    extra: bytes = b""
    kind: int = 1
    checksum: bytes | None = None
    after: bytes = b""
    dep_count: int | None = None
    length_padding: bytes = field(default=b"", repr=False)

    @property
    def raw(self) -> bytes:
        """The bytes of the chunk."""
        body = number(len(self.deps) if self.dep_count is None else self.dep_count) + b"".join(self.deps)
        body += number(len(self.actor)) + self.actor + number(self.seq) + number(self.start_op)
        body += self.time + number(len(self.message)) + self.message
        body += number(len(self.others)) + b"".join(number(len(o)) + o for o in self.others)
        body += number(len(self.columns)) + b"".join(number(c) + number(len(d)) for c, d in self.columns)
        body += b"".join(d for _, d in self.columns) + self.extra
        length = number(len(body))
        if self.length_padding:
            length = length[:-1] + bytes((length[-1] | 0x80,)) + self.length_padding
        return seal(bytes((self.kind,)) + length + body, self.checksum) + self.after

    def column(self, number_: int, data: bytes | None) -> Forged:
        """The same change with one column replaced, or taken away."""
        columns = dict(self.columns)
        if data is None:
            columns.pop(number_, None)
        else:
            columns[number_] = data
        return replace(self, columns=tuple(sorted(columns.items())))


def seal(chunk: bytes, checksum: bytes | None = None) -> bytes:
    """Magic and checksum before a chunk."""
    return MAGIC + (hashlib.sha256(chunk).digest()[:4] if checksum is None else checksum) + chunk


def repaired(raw: bytes) -> bytes:
    """The same bytes with a right checksum."""
    return seal(raw[8:])


def taken_apart(raw: bytes) -> Forged:
    """An honest change, ready to be spoilt."""
    frame = read_frame(raw)
    change = frame.change
    return Forged(
        change.deps,
        change.actor,
        change.seq,
        change.start_op,
        frame.others,
        tuple(sorted(frame.columns.items())),
    )


def note(text: str = "Dear Bob,\n", actor: bytes = ALICE) -> Replica:
    """Alice's note."""
    return Replica.create_note(actor, NOTE_ID, text)


def joined(replica: Replica, actor: bytes) -> Replica:
    """Another person's replica that has all of this one's changes."""
    other = Replica.empty(replica.kind, actor)
    received = other.receive([change.raw for change in replica.history()])
    assert not received.refused
    assert other.heads == replica.heads
    return other


def exchange(one: Replica, other: Replica) -> None:
    """Both get what they lack."""
    for source, target in ((one, other), (other, one)):
        received = target.receive([change.raw for change in source.changes_since(target.heads)])
        assert not received.refused
        assert not received.waiting


def empty(kind: Kind = Kind.NOTE, actor: bytes = CAROL) -> Replica:
    """A joiner's replica."""
    return Replica.empty(kind, actor)


def reasons(replica: Replica, raws: Sequence[bytes]) -> list[str]:
    """Why the replica refuses these."""
    return [reason for _, reason in replica.receive(raws).refused]
