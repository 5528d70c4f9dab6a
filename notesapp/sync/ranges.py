"""How two replicas find where their feeds differ. Decides when a range is split and when its table is shown.

The leading end sends digests of ranges; whoever sees a difference answers with smaller ranges, or with a table once a
range is short. A table is answered with one's own, so both learn all, and each asks for what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from notesapp.errors import RemoteError
from notesapp.sync.entry import MAX_INDEX
from notesapp.sync.frontier import END, FEED_BYTES, FIRST, Frontier, Mark, read_frontier
from notesapp.sync.messages import SPANS_LIMIT, TABLE_LIMIT, SpanLine
from notesapp.sync.wire import Cursor, number

SHORT = 16  # feeds: their table (800 bytes) is no longer than the digests of another level
PARTS = 16
_ROW_BYTES = FEED_BYTES + 8 + 32
PAGE = TABLE_LIMIT // _ROW_BYTES


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say to digests: more digests, and ranges whose tables are to be shown."""

    spans: tuple[SpanLine, ...]
    tables: tuple[tuple[bytes, bytes], ...]


def begin(own: Frontier) -> Answer:
    """The first words of the leading end, when the digests of the whole differ."""
    if len(own) <= SHORT:
        return Answer((), ((FIRST, END),))
    return Answer(_lines(own, FIRST, END), ())


def answer(own: Frontier, spans: Iterable[SpanLine]) -> Answer:
    """What to say to a peer's digests; () and () if all ranges are equal."""
    more: list[SpanLine] = []
    tables: list[tuple[bytes, bytes]] = []
    last = b""
    for span in spans:
        check_range(span.low, span.high)
        if span.low < last:
            raise RemoteError(reason="ranges of feeds overlap")
        last = span.high
        mine = own.span(span.low, span.high)
        if mine.digest == span.digest:
            continue
        # Where one side has next to nothing the other must show all it has; further digests would find nothing equal.
        if min(mine.feeds, span.count) <= SHORT or len(more) + PARTS > SPANS_LIMIT:
            tables.append((span.low, span.high))
        else:
            more += _lines(own, span.low, span.high)
    return Answer(tuple(more), tuple(tables))


def pages(own: Frontier, low: bytes, high: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(low, high, rows) of tables that cover a range and each fit a message."""
    count = own.span(low, high).feeds
    for span in own.split(low, high, -(-count // PAGE) or 1):
        yield span.low, span.high, own.write(span.low, span.high)


def read_table(low: bytes, high: bytes, rows: bytes) -> Frontier:
    """A table of a range; `RemoteError` if it speaks of anything outside."""
    check_range(low, high)
    table = read_frontier(rows)
    marks = table.marks()
    if any(not low <= feed < high for feed in marks):
        raise RemoteError(reason="a table goes beyond its range")
    return table


def check_range(low: bytes, high: bytes) -> None:
    """`RemoteError` unless this is a range of feed ids."""
    if len(low) != FEED_BYTES or not (len(high) == FEED_BYTES or high == END) or low >= high:
        raise RemoteError(reason="a range of feeds is none")


def write_wants(wants: Mapping[bytes, int]) -> bytes:
    """feed 16 | index LEB128 from which it is wanted, sorted."""
    return b"".join(feed + number(wants[feed]) for feed in sorted(wants))


def read_wants(rows: bytes) -> dict[bytes, int]:
    """The inverse; `RemoteError` for anything else."""
    cursor = Cursor(rows)
    wants: dict[bytes, int] = {}
    last = b""
    while cursor.left:
        feed = cursor.take(FEED_BYTES)
        if feed <= last:
            raise RemoteError(reason="wanted feeds are not sorted")
        wants[feed] = cursor.number(MAX_INDEX)
        last = feed
    return wants


def table_of(marks: Mapping[bytes, Mark]) -> bytes:
    """The rows of some marks."""
    return Frontier(marks).write()


def _lines(own: Frontier, low: bytes, high: bytes) -> tuple[SpanLine, ...]:
    return tuple(SpanLine(span.low, span.high, span.feeds, span.digest) for span in own.split(low, high, PARTS))
