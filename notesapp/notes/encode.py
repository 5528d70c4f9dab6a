"""Writes deeds as the columns that Automerge itself would write for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from notesapp.notes import change as c
from notesapp.notes import columns as col
from notesapp.notes.deeds import DELETE, PUT, Deed, Deleted, Dropped, Id, Made, Put, Scalar, Typed

_KINDS = {"null": 0, "uint": 3, "int": 4, "str": 6, "bytes": 7}


def encode(
    deeds: Sequence[Deed],
    *,
    actor: int,
    actors: Sequence[bytes],
    seq: int,
    start_op: int,
    deps: Iterable[bytes],
) -> c.Change:
    """The change in which `actor` does these deeds, whose operations are numbered from `start_op` without a gap."""
    used = {index for deed in deeds for index in _actors_of(deed)} - {actor}
    others = sorted(used, key=actors.__getitem__)
    writer = _Writer({actor: 0} | {index: nth for nth, index in enumerate(others, 1)})
    for deed in deeds:
        writer.write(deed)
    return c.write_change(
        actor=actors[actor],
        seq=seq,
        start_op=start_op,
        deps=sorted(deps),
        others=[actors[index] for index in others],
        columns=writer.columns(),
        rows=writer.rows,
    )


def _actors_of(deed: Deed) -> list[int]:
    named = [deed.into[1]] if deed.into else []
    match deed:
        case Typed():
            return [*named, deed.after[1]] if deed.after else named
        case Deleted():
            return [*named, deed.actor]
        case Put() | Dropped():
            return [*named, *[actor for _, actor in deed.over]]
        case Made():
            return named


class _Writer:
    """Collects the rows of all columns as runs; `local` turns the replica's actor indexes into the change's."""

    def __init__(self, local: dict[int, int]) -> None:
        self.local = local
        self.rows = 0
        self.object_actor: col.IntRuns = []
        self.object_counter: col.IntRuns = []
        self.key_actor: col.IntRuns = []
        self.key_counter: col.IntRuns = []
        self.key_string: col.StrRuns = []
        self.insert: col.IntRuns = []
        self.action: col.IntRuns = []
        self.meta: col.IntRuns = []
        self.values = bytearray()
        self.pred_count: col.IntRuns = []
        self.pred_actor: col.IntRuns = []
        self.pred_counter: col.IntRuns = []
        self.key_number = 0  # running sums of the delta columns
        self.pred_number = 0

    def columns(self) -> dict[int, bytes]:
        return {
            c.OBJECT_ACTOR: col.write_integers(self.object_actor),
            c.OBJECT_COUNTER: col.write_integers(self.object_counter),
            c.KEY_ACTOR: col.write_integers(self.key_actor),
            c.KEY_COUNTER: col.write_deltas(self.key_counter),
            c.KEY_STRING: col.write_strings(self.key_string),
            c.INSERT: col.write_booleans(self.insert),
            c.ACTION: col.write_integers(self.action),
            c.VALUE_META: col.write_integers(self.meta),
            c.VALUE: bytes(self.values),
            c.PRED_COUNT: col.write_integers(self.pred_count),
            c.PRED_ACTOR: col.write_integers(self.pred_actor),
            c.PRED_COUNTER: col.write_deltas(self.pred_counter),
        }

    def write(self, deed: Deed) -> None:
        match deed:
            case Typed():
                self._typed(deed)
            case Deleted():
                self._deleted(deed)
            case Put():
                self._keyed(deed.into, deed.key, PUT, deed.over)
                self._value(deed.kind, deed.value)
            case Dropped():
                self._keyed(deed.into, deed.key, DELETE, deed.over)
                self.meta.append((0, 1))
            case Made():
                self._keyed(deed.into, deed.key, deed.action, ())
                self.meta.append((0, 1))

    def _row(self, into: Id | None, action: int, inserted: int, preds: int, count: int) -> None:
        self.rows += count
        self.object_actor.append((None if into is None else self.local[into[1]], count))
        self.object_counter.append((None if into is None else into[0], count))
        self.insert.append((inserted, count))
        self.action.append((action, count))
        self.pred_count.append((preds, count))

    def _typed(self, deed: Typed) -> None:
        count = len(deed.text)
        self._row(deed.into, PUT, 1, 0, count)
        self.key_string.append((None, count))
        number = 0 if deed.after is None else deed.after[0]
        self.key_actor.append((None if deed.after is None else self.local[deed.after[1]], 1))
        self.key_counter.append((number - self.key_number, 1))
        self.key_number = number
        if count > 1:
            self.key_actor.append((0, count - 1))
            self.key_counter += ((deed.first - number, 1), (1, count - 2))
            self.key_number = deed.first + count - 2
        if deed.text.isascii():
            self.meta.append((0x16, count))
        else:
            for size, run in groupby(deed.text, _width):
                self.meta.append((size << 4 | 6, len(list(run))))
        self.values += deed.text.encode("utf-8")

    def _deleted(self, deed: Deleted) -> None:
        self._row(deed.into, DELETE, 0, 1, deed.count)
        self.key_string.append((None, deed.count))
        actor = self.local[deed.actor]
        self.key_actor.append((actor, deed.count))
        self.pred_actor.append((actor, deed.count))
        self.key_counter += ((deed.first - self.key_number, 1), (deed.step, deed.count - 1))
        self.pred_counter += ((deed.first - self.pred_number, 1), (deed.step, deed.count - 1))
        self.key_number = self.pred_number = deed.first + deed.step * (deed.count - 1)
        self.meta.append((0, deed.count))

    def _keyed(self, into: Id | None, key: str, action: int, over: tuple[Id, ...]) -> None:
        self._row(into, action, 0, len(over), 1)
        self.key_actor.append((None, 1))
        self.key_counter.append((None, 1))
        self.key_string.append((key, 1))
        for number, actor in over:
            self.pred_actor.append((self.local[actor], 1))
            self.pred_counter.append((number - self.pred_number, 1))
            self.pred_number = number

    def _value(self, kind: str, value: Scalar) -> None:
        if kind == "bool":
            self.meta.append((2 if value else 1, 1))
            return
        match value:
            case str():
                raw = value.encode("utf-8")
            case bytes():
                raw = value
            case int():
                raw = col.write_unsigned(value) if kind == "uint" else col.write_signed(value)
            case None:
                raw = b""
        self.meta.append((len(raw) << 4 | _KINDS[kind], 1))
        self.values += raw


def _width(character: str) -> int:
    """How many bytes the character takes in UTF-8."""
    number = ord(character)
    return 1 if number < 0x80 else 2 if number < 0x800 else 3 if number < 0x10000 else 4
