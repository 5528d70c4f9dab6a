"""The gate before Automerge: says of each change whether it may be applied, must wait, or is refused and why.

A verdict depends on the change and its own past only, never on what else has arrived, so that all replicas judge alike
(two exceptions, both of people who break the rules: the second of two changes with one number, and a text far over the
limit). Everything is checked before anything is changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from notesapp.notes import ops, schema
from notesapp.notes.change import EXPAND, MARK_NAME, Change, Frame
from notesapp.notes.columns import Refused
from notesapp.notes.deeds import Deed, Deleted, Dropped, Id, Made, Put, Typed
from notesapp.notes.graph import Clock
from notesapp.notes.spans import byte_size
from notesapp.notes.state import State


@dataclass(frozen=True, slots=True)
class Ready:
    """The change may be applied; this is what it does."""

    change: Change
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """These changes must come first."""

    missing: tuple[bytes, ...]


class Newer:
    """The change belongs to a schema that this program doesn't know: keep it, open the document read-only."""


class Known:
    """The change is here already."""


Verdict = Ready | Waiting | Newer | Known


def vet(state: State, frame: Frame) -> Verdict:
    """The verdict on a change whose frame is sound; raises Refused with the reason."""
    change, graph = frame.change, state.graph
    if change.hash in graph:
        return Known()
    missing = tuple(dep for dep in change.deps if dep not in graph)
    if missing:
        return Waiting(missing)
    if not change.deps and state.created:
        raise Refused(reason="the document was created already")
    if change.start_op != 1 + max((graph.max_op_of(dep) for dep in change.deps), default=0):
        raise Refused(reason="its operations are numbered out of order")
    clock = None if graph.heads == set(change.deps) else graph.clock(change.deps)
    actor = _check_author(state, change, clock)
    table = [actor, *_others(state, frame)]
    return _Vetter(state, frame, clock, actor).judge(table)


def _check_author(state: State, change: Change, clock: Clock | None) -> int:
    """The author's index in the table, new or known; Refused if this isn't his next change."""
    graph = state.graph
    actor = graph.actor_index.get(change.actor)
    if actor is None:
        if change.seq != 1:
            raise Refused(reason="its author's earlier changes are not in its past")
        return len(graph.actors)
    last = graph.last_seq(actor)
    if change.seq <= last:
        raise Refused(reason="its author made two changes with one number")
    seen = last if clock is None else clock[actor] if actor < len(clock) else 0
    if change.seq != seen + 1:
        raise Refused(reason="its author's earlier changes are not in its past")
    return actor


def _others(state: State, frame: Frame) -> list[int]:
    index = state.graph.actor_index
    try:
        return [index[other] for other in frame.others]
    except KeyError:
        raise Refused(reason="it names an unknown actor") from None


class _Vetter:
    """Checks one change against the state."""

    def __init__(self, state: State, frame: Frame, clock: Clock | None, actor: int) -> None:
        self.state = state
        self.frame = frame
        self.actor = actor
        self.clock = clock
        self.start = frame.change.start_op
        self.creating = not frame.change.deps
        graph = state.graph
        self.saw: Callable[[Id], bool] | None = None
        if clock is not None:
            self.saw = lambda ident: graph.saw(clock, ident)
        self.typed: list[tuple[int, int]] = []  # own characters so far, as (first, end)
        self.deleted: dict[int, list[tuple[int, int]]] = {}
        self.keys: set[tuple[str, str]] = set()
        self.made: dict[str, Id] = {}
        self.names: dict[Id | None, str] = {None: ""}
        self.added_bytes = 0

    def judge(self, table: list[int]) -> Verdict:
        deeds: list[Deed] = []
        marks = EXPAND in self.frame.columns or MARK_NAME in self.frame.columns
        for deed in ops.read(self.frame, table):
            if not deeds and self._is_newer(deed):
                return Newer()
            if marks:
                break
            self._check(deed)
            deeds.append(deed)
        if marks:
            raise Refused(reason="it marks text")
        if self.creating:
            missing = schema.REQUIRED[self.state.kind] - {key for _, key in self.keys}
            if missing or self.made.keys() != schema.CONTAINERS[self.state.kind].keys():
                raise Refused(reason="the document is created incompletely")
        for ranges in self.deleted.values():
            ranges.sort()
            if any(first[1] > second[0] for first, second in pairwise(ranges)):
                raise Refused(reason="it deletes a character twice")
        if self.added_bytes and self.state.sequence.size_bytes + self.added_bytes > schema.MAX_FOREIGN_TEXT_BYTES:
            raise Refused(reason="the text would become far too long")
        return Ready(self.frame.change, tuple(deeds))

    def _is_newer(self, deed: Deed) -> bool:
        match deed:
            case Put(into=None, key="schema", kind="uint", value=int(value)):
                return value > schema.SCHEMA
        return False

    def _check(self, deed: Deed) -> None:
        name = self._name(deed.into)
        match deed:
            case Typed():
                self._check_typed(name, deed)
            case Deleted():
                self._check_deleted(name, deed)
            case Put() | Dropped():
                self._check_keyed(name, deed)
            case Made():
                expected = schema.CONTAINERS[self.state.kind].get(deed.key)
                if not self.creating or name or deed.action != expected or deed.key in self.made:
                    raise Refused(reason="a container is made where none belongs")
                self.made[deed.key] = (deed.op, self.actor)
                self.names[deed.op, self.actor] = deed.key

    def _name(self, into: Id | None) -> str:
        name = (self.names if self.creating else self.state.names).get(into)
        if name is None:
            raise Refused(reason="it changes an object that doesn't exist")
        return name

    def _check_typed(self, name: str, deed: Typed) -> None:
        if name != "body":
            raise Refused(reason="a character is put into something that isn't the text")
        if deed.after is not None and not deed.chained:
            self._check_character(deed.after[1], deed.after[0], 1)
        elif deed.chained and not self._typed_here(deed.first - 1, deed.first):
            raise Refused(reason="it names a character that doesn't exist")
        if not schema.is_plain(deed.text):
            raise Refused(reason="a character may not stand in a note")
        end = deed.first + len(deed.text)
        if self.typed and self.typed[-1][1] == deed.first:
            self.typed[-1] = (self.typed[-1][0], end)
        else:
            self.typed.append((deed.first, end))
        self.added_bytes += byte_size(deed.text)

    def _check_deleted(self, name: str, deed: Deleted) -> None:
        if name != "body":
            raise Refused(reason="a character is deleted from something that isn't the text")
        ranges = self.deleted.setdefault(deed.actor, [])
        if deed.count == 1 or abs(deed.step) == 1:
            last = deed.first + deed.step * (deed.count - 1)
            low, high = min(deed.first, last), max(deed.first, last)
            self._check_character(deed.actor, low, high - low + 1)
            ranges.append((low, high + 1))
            return
        if deed.step == 0:
            raise Refused(reason="it deletes a character twice")
        for nth in range(deed.count):
            number = deed.first + nth * deed.step
            self._check_character(deed.actor, number, 1)
            ranges.append((number, number + 1))

    def _check_character(self, actor: int, first: int, count: int) -> None:
        """Refused unless these characters exist and the author saw them (or typed them in this very change)."""
        last = first + count - 1
        if actor == self.actor and last >= self.start:
            if first >= self.start:
                if self._typed_here(first, last + 1):
                    return
                raise Refused(reason="it names a character that doesn't exist")
            if not self._typed_here(self.start, last + 1):
                raise Refused(reason="it names a character that doesn't exist")
            last = self.start - 1
            count = last - first + 1
        if not self.state.sequence.holds(actor, first, count):
            raise Refused(reason="it names a character that doesn't exist")
        if self.saw is not None and not self.saw((last, actor)):
            raise Refused(reason="it names a character that its author had not seen")

    def _typed_here(self, first: int, end: int) -> bool:
        nth = bisect_right(self.typed, (first, 2**62)) - 1
        return nth >= 0 and end <= self.typed[nth][1]

    def _check_keyed(self, name: str, deed: Put | Dropped) -> None:
        if name == "body":
            raise Refused(reason="a key is put into the text")
        rule = schema.field(self.state.kind, name, deed.key)
        if rule is None:
            raise Refused(reason="a key is unknown")
        if not name and not self.creating and schema.only_once(self.state.kind, deed.key):
            raise Refused(reason="a key is put that only the creating change may put")
        if (name, deed.key) in self.keys:
            raise Refused(reason="it puts a key twice")
        self.keys.add((name, deed.key))
        match deed:
            case Put():
                if not schema.fits(rule, deed.kind, deed.value):
                    raise Refused(reason="a value doesn't fit its key")
                if deed.key == "schema" and deed.value != schema.SCHEMA:
                    raise Refused(reason="a value doesn't fit its key")
            case Dropped():
                if not name:
                    raise Refused(reason="a key of the document itself is deleted")
        if deed.over != self.state.registers.visible(name, deed.key, self.saw):
            raise Refused(reason="it replaces other operations than its author saw")
