"""The causal order of a set of records. Decides what follows what; reads no bodies and knows nobody's rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Node(Protocol):
    """What a record must show to stand in the graph."""

    @property
    def id(self) -> bytes: ...
    @property
    def prev(self) -> tuple[bytes, ...]: ...
    @property
    def lamport(self) -> int: ...


N = TypeVar("N", bound=Node)


@dataclass(frozen=True, slots=True)
class Graph(Generic[N]):
    """A set of records in causal order: a pure function of the set, whatever order they came in.

    `order` is by (lamport, id) and holds only records whose whole past is there; the others are `waiting`, and those
    whose Lamport number or heads lie are `refused` with a reason, as is everything that follows them.
    """

    order: tuple[N, ...]
    waiting: tuple[N, ...]
    refused: Mapping[bytes, str]
    _past: Mapping[bytes, int]
    _bit: Mapping[bytes, int]

    @classmethod
    def of(cls, records: Iterable[N], faults: Mapping[bytes, str] | None = None) -> Graph[N]:
        """The graph of these records; doubles count once. `faults` are refused from the start, by id and reason."""
        known = {record.id: record for record in records}
        order: list[N] = []
        past: dict[bytes, int] = {}
        bit: dict[bytes, int] = {}
        refused: dict[bytes, str] = dict(faults or {})
        waiting: list[N] = []
        # An honest record's prevs have smaller Lamport numbers, so one pass in this order sees each prev first.
        for record in sorted(known.values(), key=_by_time):
            if record.id in refused:
                continue
            if any(head in refused for head in record.prev):
                refused[record.id] = "it follows a record that was refused"
            elif any(head in known and known[head].lamport >= record.lamport for head in record.prev):
                refused[record.id] = "it is numbered before a record that it follows"
            elif not all(head in past for head in record.prev):
                waiting.append(record)
            elif fault := _numbering_fault(record, known):
                refused[record.id] = fault
            else:
                bit[record.id] = 1 << len(order)
                mask = 0
                for head in record.prev:
                    mask |= past[head] | bit[head]
                past[record.id] = mask
                order.append(record)
        return cls(tuple(order), tuple(waiting), refused, past, bit)

    def follows(self, later: bytes, earlier: bytes) -> bool:
        """Whether the record `earlier` lies in the causal past of `later` (both in `order`)."""
        return bool(self._past[later] & self._bit[earlier])

    def __contains__(self, record_id: bytes) -> bool:
        return record_id in self._bit

    def concurrent(self, one: bytes, other: bytes) -> bool:
        """Whether neither of two different records in `order` knew of the other."""
        return one != other and not self.follows(one, other) and not self.follows(other, one)

    def closure(self, heads: Iterable[bytes]) -> int | None:
        """The set of these records and all that they follow, as bits for `holds`; None if one of them is unknown."""
        mask = 0
        for head in heads:
            if head not in self._bit:
                return None
            mask |= self._past[head] | self._bit[head]
        return mask

    def past(self, record_id: bytes) -> int:
        """The set of all that a record in `order` follows, without itself."""
        return self._past[record_id]

    def holds(self, mask: int, record_id: bytes) -> bool:
        """Whether a set made by `closure` or `past` holds this record."""
        return bool(mask & self._bit[record_id])

    def newest(self, ids: Sequence[bytes], mask: int) -> list[bytes]:
        """Those of `ids` (in the order of `order`) within the set that no other of them there follows."""
        covered = 0
        top: list[bytes] = []
        for record_id in reversed(ids):
            bit = self._bit[record_id]
            if mask & bit and not covered & bit:
                top.append(record_id)
            if mask & bit:
                covered |= self._past[record_id]
        return top

    def before(self, records: Iterable[N]) -> frozenset[bytes]:
        """The ids in `order` that lie in the causal past of any of these."""
        mask = 0
        for record in records:
            mask |= self._past[record.id]
        return frozenset(record.id for record in self.order if mask & self._bit[record.id])

    def heads(self, among: Sequence[N]) -> tuple[bytes, ...]:
        """The ids, sorted, of those records of `among` that no other of them follows."""
        covered = self.before(among)
        return tuple(sorted(record.id for record in among if record.id not in covered))


def _by_time(record: Node) -> tuple[int, bytes]:
    return record.lamport, record.id


def _numbering_fault(record: N, known: Mapping[bytes, N]) -> str:
    if list(record.prev) != sorted(set(record.prev)):
        return "its heads are not sorted or are named twice"
    if record.lamport != 1 + max((known[head].lamport for head in record.prev), default=0):
        return "its Lamport number is not 1 + the largest before it"
    return ""


def next_lamport(heads: Iterable[Node]) -> int:
    """The Lamport number of a record that follows these."""
    return 1 + max((head.lamport for head in heads), default=0)
