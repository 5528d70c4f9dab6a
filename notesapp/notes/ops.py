"""Reads and writes what a change does: texts typed, characters deleted, keys put, containers made.

Rows are read as segments in which every column runs on, so that work follows the bytes of a change. The one byte form
of each value is demanded here; whether the named objects, characters and keys exist is for `vet` to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from notesapp.notes import change as c
from notesapp.notes import columns as col
from notesapp.notes.columns import Refused
from notesapp.notes.deeds import (
    BYTES,
    DELETE,
    INT,
    MAKE_MAP,
    MAKE_TEXT,
    PUT,
    STRING,
    TRUE,
    UINT,
    VALUE_NAMES,
    Deed,
    Deleted,
    Dropped,
    Id,
    Made,
    Put,
    Scalar,
    Typed,
)


class _Cursor:
    """Walks over the runs of one column."""

    __slots__ = ("left", "next", "runs", "value")

    def __init__(self, runs: Sequence[tuple[int | str | None, int]]) -> None:
        self.runs = list(runs)
        self.next = 0
        self.left = 0
        self.value: int | str | None = None

    def take(self) -> int:
        """One row's number."""
        if not self.left:
            self.value, self.left = self.runs[self.next]
            self.next += 1
        self.left -= 1
        if not isinstance(self.value, int):
            raise Refused(reason="an operation lacks what it replaces")
        return self.value


def _pred_rows(frame: c.Frame) -> int:
    counts = col.read_integers(frame.columns.get(c.PRED_COUNT), frame.rows)
    if any(count is None for count, _ in counts):
        raise Refused(reason="a column is missing")
    rows = sum(count * rows for count, rows in counts if count)
    if rows > c.MAX_OPS:
        raise Refused(reason="it replaces too many operations")
    return rows


def read(frame: c.Frame, table: Sequence[int]) -> Iterator[Deed]:
    """What the change does, in order, Refused at the first fault; `table`: its actors as the replica's."""
    return _merged(_Reader(frame, table).deeds())


def _merged(deeds: Iterable[Deed]) -> Iterator[Deed]:
    """The same deeds, with characters that follow each other in one piece."""
    held: Typed | None = None
    parts: list[str] = []
    end = 0
    for deed in deeds:
        if isinstance(deed, Typed):
            if held and deed.chained and deed.first == end and deed.into == held.into:
                parts.append(deed.text)
                end += len(deed.text)
                continue
            if held:
                yield Typed(held.into, held.after, held.first, "".join(parts), held.chained)
            held, parts, end = deed, [deed.text], deed.first + len(deed.text)
            continue
        if held:
            yield Typed(held.into, held.after, held.first, "".join(parts), held.chained)
            held = None
        yield deed
    if held:
        yield Typed(held.into, held.after, held.first, "".join(parts), held.chained)


class _Reader:
    def __init__(self, frame: c.Frame, table: Sequence[int]) -> None:
        rows, columns = frame.rows, frame.columns
        self.rows, self.table = rows, table
        self.op = self.start = frame.change.start_op
        self.object_actor = _Cursor(col.read_integers(columns.get(c.OBJECT_ACTOR), rows))
        self.object_counter = _Cursor(col.read_integers(columns.get(c.OBJECT_COUNTER), rows))
        self.key_actor = _Cursor(col.read_integers(columns.get(c.KEY_ACTOR), rows))
        self.key_counter = _Cursor(col.read_deltas(columns.get(c.KEY_COUNTER), rows))
        self.key_string = _Cursor(col.read_strings(columns.get(c.KEY_STRING), rows))
        self.insert = _Cursor(col.read_booleans(columns.get(c.INSERT), rows))
        self.action = _Cursor(col.read_integers(columns.get(c.ACTION), rows))
        self.meta = _Cursor(col.read_integers(columns.get(c.VALUE_META), rows))
        self.pred_count = _Cursor(col.read_integers(columns.get(c.PRED_COUNT), rows))
        preds = _pred_rows(frame)
        self.pred_actor = _Cursor(col.read_integers(columns.get(c.PRED_ACTOR), preds))
        self.pred_counter = _Cursor(col.read_deltas(columns.get(c.PRED_COUNTER), preds))
        used = {v for v, _ in self.object_actor.runs + self.key_actor.runs + self.pred_actor.runs}
        if not used >= set(range(1, len(table))):
            raise Refused(reason="it names an actor that it doesn't use")
        self.values = columns.get(c.VALUE, b"")
        self.value_at = 0
        self.key_number = 0  # running sums of the delta columns
        self.pred_number = 0
        self.steady = (
            self.object_actor,
            self.object_counter,
            self.key_actor,
            self.key_counter,
            self.key_string,
            self.insert,
            self.action,
            self.pred_count,
        )

    def deeds(self) -> Iterator[Deed]:
        left = self.rows
        while left:
            count = left
            for cursor in self.steady:
                if not cursor.left:
                    cursor.value, cursor.left = cursor.runs[cursor.next]
                    cursor.next += 1
                if cursor.left < count:
                    count = cursor.left
            if self.insert.value:
                yield from self._typed(count)
            elif self.key_string.value is not None:
                count = 1
                yield self._keyed()
            else:
                count = self._narrow(count)
                yield self._deleted(count)
            for cursor in self.steady:
                cursor.left -= count
            self.op += count
            left -= count
        if self.value_at != len(self.values):
            raise Refused(reason="bytes follow its values")

    def _into(self) -> Id | None:
        actor, number = self.object_actor.value, self.object_counter.value
        if actor is None and number is None:
            return None
        if not isinstance(actor, int) or not isinstance(number, int) or not number:
            raise Refused(reason="an object has half a name")
        return (number, self._actor(actor))

    def _actor(self, index: int | str | None) -> int:
        if not isinstance(index, int) or index >= len(self.table):
            raise Refused(reason="it names an actor outside its table")
        return self.table[index]

    def _key_numbers(self, count: int) -> tuple[int, int]:
        """The first of `count` character numbers and the step between them."""
        step = self.key_counter.value
        if not isinstance(step, int) or self.key_string.value is not None:
            raise Refused(reason="a key is neither a character nor a name")
        first = self.key_number + step
        self.key_number += step * count
        if first < 0 or self.key_number < 0 or self.key_number > c.MAX_OP_NUMBER:
            raise Refused(reason="a character's number is out of range")
        return first, step

    def _typed(self, count: int) -> Iterator[Deed]:
        if self.action.value != PUT or self.pred_count.value != 0:
            raise Refused(reason="something other than a character is inserted")
        into = self._into()
        first, step = self._key_numbers(count)
        text = self._characters(count)
        if self.key_actor.value is None:
            if first or (count > 1 and step):
                raise Refused(reason="a character follows one without an actor")
            for nth in range(count):
                yield Typed(into, None, self.op + nth, text[nth])
            return
        actor = self._actor(self.key_actor.value)
        if not first or not self.key_number:
            raise Refused(reason="a character follows number 0")
        if self.key_actor.value == 0 and first == self.op - 1 and (step == 1 or count == 1):
            yield Typed(into, (first, actor), self.op, text, chained=first >= self.start)
            return
        for nth in range(count):
            yield Typed(into, (first + nth * step, actor), self.op + nth, text[nth])

    def _characters(self, count: int) -> str:
        """The next `count` values: a string of one code point each."""
        meta, sizes, total = self.meta, [], 0
        left = count
        while left:
            if not meta.left:
                meta.value, meta.left = meta.runs[meta.next]
                meta.next += 1
            value = meta.value
            if not isinstance(value, int) or value & 0x0F != STRING or not 1 <= value >> 4 <= 4:
                raise Refused(reason="a character isn't one code point")
            here = min(left, meta.left)
            sizes.append((value >> 4, here))
            total += (value >> 4) * here
            meta.left -= here
            left -= here
        raw = self._bytes(total)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(reason="a character isn't UTF-8") from None
        if len(text) != count:
            raise Refused(reason="a character isn't one code point")
        if total != count:
            at = 0
            for size, here in sizes:
                piece = text[at : at + here]
                if not all(map(_WIDTHS[size], piece)):
                    raise Refused(reason="a character isn't one code point")
                at += here
        return text

    def _bytes(self, size: int) -> bytes:
        end = self.value_at + size
        if end > len(self.values):
            raise Refused(reason="it is cut off inside its values")
        raw = self.values[self.value_at : end]
        self.value_at = end
        return raw

    def _meta(self) -> int:
        meta = self.meta
        if not meta.left:
            meta.value, meta.left = meta.runs[meta.next]
            meta.next += 1
        meta.left -= 1
        if not isinstance(meta.value, int):
            raise Refused(reason="a column is missing")
        return meta.value

    def _keyed(self) -> Deed:
        into, op, key, action = self._into(), self.op, self.key_string.value, self.action.value
        if not isinstance(key, str) or self.key_actor.value is not None or self.key_counter.value is not None:
            raise Refused(reason="a key is both a character and a name")
        over = self._preds()
        meta = self._meta()
        match action:
            case n if n == PUT:
                kind, value = self._value(meta)
                return Put(into, op, key, kind, value, over)
            case n if n == DELETE and meta == 0:
                if not over:
                    raise Refused(reason="it deletes nothing")
                return Dropped(into, op, key, over)
            case n if n in (MAKE_MAP, MAKE_TEXT) and meta == 0 and not over:
                return Made(into, op, key, action)
            case _:
                raise Refused(reason="an action is unknown")

    def _preds(self) -> tuple[Id, ...]:
        count = self.pred_count.value
        if not isinstance(count, int):
            raise Refused(reason="a column is missing")
        over: list[Id] = []
        for _ in range(count):
            actor = self._actor(self.pred_actor.take())
            self.pred_number += self.pred_counter.take()
            over.append((self.pred_number, actor))
        return tuple(over)

    def _value(self, meta: int) -> tuple[str, Scalar]:
        kind, raw = meta & 0x0F, self._bytes(meta >> 4)
        value: Scalar
        match kind:
            case n if n <= TRUE and not raw:
                value = (None, False, True)[kind]
            case n if n in (UINT, INT):
                value, end = col.read_unsigned(raw, 0) if kind == UINT else col.read_signed(raw, 0)
                if end != len(raw):
                    raise Refused(reason="a value has bytes to spare")
            case n if n == STRING:
                try:
                    value = raw.decode("utf-8")
                except UnicodeDecodeError:
                    raise Refused(reason="a value isn't UTF-8") from None
            case n if n == BYTES:
                value = raw
            case _:
                raise Refused(reason="a value's kind is unknown")
        return VALUE_NAMES[kind], value

    def _narrow(self, count: int) -> int:
        """How many of the rows delete one character each in one stride."""
        if self.action.value != DELETE or self.pred_count.value != 1:
            raise Refused(reason="an action on a character is unknown")
        for cursor in (self.pred_actor, self.pred_counter, self.meta):
            if not cursor.left:
                cursor.value, cursor.left = cursor.runs[cursor.next]
                cursor.next += 1
            count = min(count, cursor.left)
        return count

    def _deleted(self, count: int) -> Deed:
        into = self._into()
        first, step = self._key_numbers(count)
        pred_step = self.pred_counter.value
        if not isinstance(pred_step, int) or self.meta.value != 0 or not first or not self.key_number:
            raise Refused(reason="a deletion is malformed")
        pred_first = self.pred_number + pred_step
        self.pred_number += pred_step * count
        if self.key_actor.value is None or self.key_actor.value != self.pred_actor.value:
            raise Refused(reason="it deletes another character than it names")
        if pred_first != first or (count > 1 and pred_step != step):
            raise Refused(reason="it deletes another character than it names")
        for cursor in (self.pred_actor, self.pred_counter, self.meta):
            cursor.left -= count
        return Deleted(into, self.op, self._actor(self.key_actor.value), first, step, count)


_WIDTHS = {
    1: "\x80".__gt__,
    2: lambda ch: "\x80" <= ch < "\u0800",
    3: lambda ch: "\u0800" <= ch < "\U00010000",
    4: "\U00010000".__le__,
}
