"""Remembers which changes a replica has, who made them and what each had seen. Knows no contents.

Invariants: 1. an actor's changes form one chain: seq n+1 has seq n in its past; 2. what a change has seen is told by a
clock, one seq per actor; 3. clocks are kept for merges and for every 32nd change of a chain, so that asking is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notesapp.notes.change import Change
from notesapp.notes.deeds import Id

Clock = list[int]  # per actor index: the last seq seen; shorter = zeros

_STRIDE = 32


@dataclass(frozen=True, slots=True)
class Dump:
    """A graph in flat rows: per change its actor, seq, last operation and number of deps; then all deps."""

    actors: list[bytes]
    hashes: bytes
    columns: list[list[int]]


class Graph:
    """All changes of one document, by order of arrival (a topological order)."""

    def __init__(self) -> None:
        self.actors: list[bytes] = []
        self.actor_index: dict[bytes, int] = {}
        self.hashes: list[bytes] = []
        self.index: dict[bytes, int] = {}
        self.by_actor: list[list[int]] = []
        self.heads: set[bytes] = set()
        self.max_op = 0
        self._actor: list[int] = []
        self._seq: list[int] = []
        self._max_op: list[int] = []
        self._deps: list[tuple[int, ...]] = []
        self._depth: list[int] = []
        self._clocks: dict[int, Clock] = {}

    def __len__(self) -> int:
        return len(self.hashes)

    def __contains__(self, digest: bytes) -> bool:
        return digest in self.index

    def learn_actor(self, actor: bytes) -> int:
        """The actor's index in the table; a new actor gets the next one."""
        index = self.actor_index.get(actor)
        if index is None:
            index = self.actor_index[actor] = len(self.actors)
            self.actors.append(actor)
            self.by_actor.append([])
        return index

    def last_seq(self, actor: int) -> int:
        """How many changes of the actor are known."""
        return len(self.by_actor[actor])

    def max_op_of(self, digest: bytes) -> int:
        """The number of the last operation of a known change (and of all before it)."""
        return self._max_op[self.index[digest]]

    def add(self, change: Change) -> None:
        """Take in a change whose deps are all known and whose seq is the actor's next."""
        actor = self.learn_actor(change.actor)
        self._append(change.hash, actor, change.seq, change.max_op, tuple(self.index[d] for d in change.deps))
        self.heads.difference_update(change.deps)
        self.heads.add(change.hash)

    def _append(self, digest: bytes, actor: int, seq: int, max_op: int, deps: tuple[int, ...]) -> None:
        nth = len(self.hashes)
        self.hashes.append(digest)
        self.index[digest] = nth
        self.by_actor[actor].append(nth)
        self._actor.append(actor)
        self._seq.append(seq)
        self._max_op.append(max_op)
        self._deps.append(deps)
        self.max_op = max(self.max_op, max_op)
        depth = self._depth[deps[0]] + 1 if len(deps) == 1 else _STRIDE
        if depth >= _STRIDE:
            self._clocks[nth] = self._merge(deps, actor, seq)
            depth = 0
        self._depth.append(depth)

    def _merge(self, deps: Iterable[int], actor: int = -1, seq: int = 0) -> Clock:
        clock = [0] * len(self.actors)
        for dep in deps:
            self._see(dep, clock)
        if actor >= 0:
            clock[actor] = seq
        return clock

    def _see(self, nth: int, clock: Clock) -> None:
        """Raise the clock to all that the nth change has seen, itself included."""
        while True:
            actor, seq = self._actor[nth], self._seq[nth]
            if clock[actor] < seq:
                clock[actor] = seq
            known = self._clocks.get(nth)
            if known is not None:
                for other, value in enumerate(known):
                    if clock[other] < value:
                        clock[other] = value
                return
            nth = self._deps[nth][0]

    def clock(self, heads: Iterable[bytes]) -> Clock:
        """What somebody with these (known) heads has seen."""
        return self._merge([self.index[head] for head in heads])

    def saw(self, clock: Clock, ident: Id) -> bool:
        """Whether the operation lies in the past that the clock describes."""
        number, actor = ident
        seq = clock[actor] if actor < len(clock) else 0
        return seq > 0 and self._max_op[self.by_actor[actor][seq - 1]] >= number

    def seen_to(self, clock: Clock, actor: int) -> int:
        """The number of an actor's last operation in the past that the clock describes; 0 if there is none."""
        seq = clock[actor] if actor < len(clock) else 0
        return self._max_op[self.by_actor[actor][seq - 1]] if seq > 0 else 0

    def deps_of(self, digest: bytes) -> tuple[bytes, ...]:
        """The hashes that a known change follows."""
        return tuple(self.hashes[dep] for dep in self._deps[self.index[digest]])

    def beyond(self, heads: Iterable[bytes]) -> list[bytes]:
        """Hashes of all changes that somebody with these heads lacks, in topological order."""
        clock = self.clock(head for head in heads if head in self.index)
        todo = [self.index[head] for head in self.heads]
        found: set[int] = set()
        while todo:
            nth = todo.pop()
            if nth not in found and self._seq[nth] > clock[self._actor[nth]]:
                found.add(nth)
                todo += self._deps[nth]
        return [self.hashes[nth] for nth in sorted(found)]

    def dump(self) -> Dump:
        """All that `restore` needs."""
        lengths = [len(deps) for deps in self._deps]
        flat = [dep for deps in self._deps for dep in deps]
        return Dump(self.actors, b"".join(self.hashes), [self._actor, self._seq, self._max_op, lengths, flat])

    @classmethod
    def restore(cls, actors: Sequence[bytes], hashes: bytes, columns: Sequence[Sequence[int]]) -> Graph:
        """The graph that `dump` described; ValueError or IndexError if it can't be one."""
        actor, seq, max_op, lengths, flat = columns
        graph = cls()
        for name in actors:
            graph.learn_actor(name)
        at = 0
        for nth, length in enumerate(lengths):
            deps = tuple(flat[at : at + length])
            at += length
            if any(dep >= nth for dep in deps) or seq[nth] != graph.last_seq(actor[nth]) + 1:
                raise ValueError("a change stands before its past")
            graph._append(hashes[32 * nth : 32 * nth + 32], actor[nth], seq[nth], max_op[nth], deps)
        seen = set(flat)
        graph.heads = {digest for nth, digest in enumerate(graph.hashes) if nth not in seen}
        return graph
