"""Reads and writes the columns of an Automerge change as runs, never as rows.

A column stays a list of runs, so that a hundred hostile bytes that claim a billion rows cost a hundred bytes of work.
Only the one byte form that Automerge itself writes is read (minimal LEB128, maximal runs): re-encoding what was read
gives the same bytes. What the rows mean is left to `ops`. Format: automerge.org/automerge-binary-format-spec.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from notesapp.errors import RemoteError

# Lamport counters, lengths and integers beyond this are no honest work; JavaScript peers can't hold them either.
MAX_INTEGER = 2**53 - 1

T = TypeVar("T", int, str)
Run = tuple[T | None, int]  # value (None = null), how many rows
IntRuns = list[tuple[int | None, int]]
StrRuns = list[tuple[str | None, int]]


class Refused(RemoteError):
    """A change of a note can't be right: {reason}."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


def read_unsigned(data: bytes, at: int) -> tuple[int, int]:
    """The minimal unsigned LEB128 number at `at`, at most 2^53 - 1, and where it ends; Refused otherwise."""
    try:
        byte = data[at]
        if byte < 0x80:
            return byte, at + 1
        value, shift = byte & 0x7F, 7
        while True:
            at += 1
            byte = data[at]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 56:
                raise Refused(reason="a number is too long")
    except IndexError:
        raise Refused(reason="it is cut off inside a number") from None
    if byte == 0:
        raise Refused(reason="a number isn't in its shortest form")
    if value > MAX_INTEGER:
        raise Refused(reason="a number is too large")
    return value, at + 1


def read_signed(data: bytes, at: int) -> tuple[int, int]:
    """The minimal signed LEB128 number at `at`, at most ±2^53, and where it ends; Refused otherwise."""
    value = shift = before = 0
    try:
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift > 56:
                raise Refused(reason="a number is too long")
            before = byte
    except IndexError:
        raise Refused(reason="it is cut off inside a number") from None
    if shift > 7 and ((byte == 0 and not before & 0x40) or (byte == 0x7F and before & 0x40)):
        raise Refused(reason="a number isn't in its shortest form")
    if byte & 0x40:
        value -= 1 << shift
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise Refused(reason="a number is too large")
    return value, at


def write_unsigned(value: int) -> bytes:
    """`value` as minimal unsigned LEB128."""
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_signed(value: int) -> bytes:
    """`value` as minimal signed LEB128."""
    if -0x40 <= value < 0x40:
        return bytes((value & 0x7F,))
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def read_string(data: bytes, at: int) -> tuple[str, int]:
    """The length-prefixed UTF-8 string at `at`, and where it ends."""
    length, at = read_unsigned(data, at)
    end = at + length
    if end > len(data):
        raise Refused(reason="it is cut off inside a string")
    try:
        return data[at:end].decode("utf-8"), end
    except UnicodeDecodeError:
        raise Refused(reason="a string isn't UTF-8") from None


def write_string(value: str) -> bytes:
    """`value` as length-prefixed UTF-8."""
    raw = value.encode("utf-8")
    return write_unsigned(len(raw)) + raw


def _read_runs(data: bytes, read: object, rows: int) -> list[tuple[object, int]]:
    """The runs of a run-length column of exactly `rows` rows, refused unless they are maximal."""
    at, end = 0, len(data)
    runs: list[tuple[object, int]] = []
    seen = 0
    kind = ""  # of the record before: "", "null", "run", "literal"
    last: object = None
    while at < end:
        count, at = read_signed(data, at)
        if count > 0:
            value, at = read(data, at)  # type: ignore[operator]  # one of the readers above
            if count == 1 or (kind in ("run", "literal") and value == last):
                raise Refused(reason="a run isn't maximal")
            runs.append((value, count))
            seen += count
            kind, last = "run", value
        elif count < 0:
            if kind == "literal":
                raise Refused(reason="a run isn't maximal")
            if seen - count > rows:
                raise Refused(reason="a column is longer than the change")
            for nth in range(-count):
                value, at = read(data, at)  # type: ignore[operator]  # one of the readers above
                if (nth or kind == "run") and value == last:
                    raise Refused(reason="a run isn't maximal")
                runs.append((value, 1))
                last = value
            seen -= count
            kind = "literal"
        else:
            count, at = read_unsigned(data, at)
            if count == 0 or kind == "null":
                raise Refused(reason="a run of nothing")
            runs.append((None, count))
            seen += count
            kind = "null"
        if seen > rows:
            raise Refused(reason="a column is longer than the change")
    if seen != rows or (len(runs) == 1 and runs[0][0] is None):
        raise Refused(reason="a column isn't as long as the change")
    return runs


def read_integers(data: bytes | None, rows: int) -> IntRuns:
    """Runs of an unsigned column; an absent column is all nulls."""
    if data is None:
        return [(None, rows)] if rows else []
    return _read_runs(data, read_unsigned, rows)  # type: ignore[return-value]  # as read_unsigned returns


def read_deltas(data: bytes | None, rows: int) -> IntRuns:
    """Runs of the differences of a delta column; an absent column is all nulls."""
    if data is None:
        return [(None, rows)] if rows else []
    return _read_runs(data, read_signed, rows)  # type: ignore[return-value]  # as read_signed returns


def read_strings(data: bytes | None, rows: int) -> StrRuns:
    """Runs of a string column; an absent column is all nulls."""
    if data is None:
        return [(None, rows)] if rows else []
    return _read_runs(data, read_string, rows)  # type: ignore[return-value]  # as read_string returns


def read_booleans(data: bytes | None, rows: int) -> IntRuns:
    """Runs of 0 and 1 of a boolean column, which is never absent while there are rows."""
    if data is None:
        if rows:
            raise Refused(reason="a column is missing")
        return []
    runs: IntRuns = []
    at = seen = value = 0
    while at < len(data):
        count, at = read_unsigned(data, at)
        if count == 0 and (at != 1 or value):
            raise Refused(reason="a run of nothing")
        if count:
            runs.append((value, count))
        seen += count
        value = 1 - value
        if seen > rows:
            raise Refused(reason="a column is longer than the change")
    if seen != rows or not rows:
        raise Refused(reason="a column isn't as long as the change")
    return runs


def count_rows(data: bytes) -> int:
    """How many rows a run-length column of unsigned numbers claims, without believing it."""
    at = rows = 0
    while at < len(data):
        count, at = read_signed(data, at)
        if count > 0:
            _, at = read_unsigned(data, at)
            rows += count
        elif count < 0:
            if -count > len(data) - at:
                raise Refused(reason="it is cut off inside a column")
            for _ in range(-count):
                _, at = read_unsigned(data, at)
            rows -= count
        else:
            count, at = read_unsigned(data, at)
            rows += count
    return rows


def _join(runs: Iterable[tuple[T | None, int]]) -> list[tuple[T | None, int]]:
    joined: list[tuple[T | None, int]] = []
    for value, count in runs:
        if not count:
            continue
        if joined and joined[-1][0] == value:
            joined[-1] = (value, joined[-1][1] + count)
        else:
            joined.append((value, count))
    return joined


def _write_runs(runs: Iterable[tuple[T | None, int]], write: object) -> bytes:
    joined = _join(runs)
    if not joined or (len(joined) == 1 and joined[0][0] is None):
        return b""
    out = bytearray()
    literal = bytearray()
    singles = 0
    for value, count in joined:
        if value is not None and count == 1:
            literal += write(value)  # type: ignore[operator]  # one of the writers above
            singles += 1
            continue
        if singles:
            out += write_signed(-singles)
            out += literal
            literal.clear()
            singles = 0
        if value is None:
            out += b"\x00" + write_unsigned(count)
        else:
            out += write_signed(count)
            out += write(value)  # type: ignore[operator]  # one of the writers above
    if singles:
        out += write_signed(-singles)
        out += literal
    return bytes(out)


def write_integers(runs: Iterable[tuple[int | None, int]]) -> bytes:
    """An unsigned column as Automerge writes it; empty when all rows are null."""
    return _write_runs(runs, write_unsigned)


def write_deltas(runs: Iterable[tuple[int | None, int]]) -> bytes:
    """A delta column from the runs of its differences; empty when all rows are null."""
    return _write_runs(runs, write_signed)


def write_strings(runs: Iterable[tuple[str | None, int]]) -> bytes:
    """A string column as Automerge writes it; empty when all rows are null."""
    return _write_runs(runs, write_string)


def write_booleans(runs: Sequence[tuple[int | None, int]]) -> bytes:
    """A boolean column as Automerge writes it: counts of false and true by turns."""
    joined = _join(runs)
    if not joined:
        return b""
    head = b"\x00" if joined[0][0] else b""
    return head + b"".join(write_unsigned(count) for _, count in joined)
