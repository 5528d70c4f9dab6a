"""What a replica holds of every feed of a notebook, and how two replicas find out where they differ.

Decides digests over ranges of feed ids, the table's bytes and the comparison; others, which entries to send first.
Equal replicas exchange one digest of 32 bytes however many feeds there are; different ones split the ranges that differ
until their tables are short.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from notesapp.errors import LocalError, RemoteError
from notesapp.identity.primitives import HASH_BYTES, digest, domain
from notesapp.sync.entry import MAX_INDEX
from notesapp.sync.wire import CONTROL_LIMIT, Cursor, number

DOMAIN = domain("frontier")
FEED_BYTES = 16
FIRST = bytes(FEED_BYTES)  # the lowest feed id
END = b"\xff" * FEED_BYTES + b"\0"  # above the highest


class Mark(NamedTuple):
    """How far a feed goes: the index of its last entry, and that entry's hash."""

    index: int  # type: ignore[assignment]  # nobody asks it for `tuple.index`
    hash: bytes


class Span(NamedTuple):
    """A range of feed ids, low included, high not, with how many feeds lie in it and the digest of their marks."""

    low: bytes
    high: bytes
    feeds: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Differences:
    """What two tables of one range disagree on: feed -> (from index, to index), both included, and feeds that clash."""

    we_lack: Mapping[bytes, tuple[int, int]]
    they_lack: Mapping[bytes, tuple[int, int]]
    clash: tuple[bytes, ...]  # the same index, another hash: two histories


class Frontier:
    """The marks of all feeds of one notebook. `set` only grows; `cut` takes back what a judgement doesn't let count."""

    def __init__(self, marks: Mapping[bytes, Mark] | None = None) -> None:
        self._marks = dict(marks or {})
        self._feeds = sorted(self._marks)
        self._digests: dict[tuple[bytes, bytes], bytes] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frontier) and self._marks == other._marks

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __len__(self) -> int:
        return len(self._feeds)

    def mark(self, feed: bytes) -> Mark | None:
        """How far this feed goes here; None if it is unknown."""
        return self._marks.get(feed)

    def marks(self) -> Mapping[bytes, Mark]:
        """All marks, by feed."""
        return dict(self._marks)

    def set(self, feed: bytes, mark: Mark) -> None:
        """A feed has grown to this mark."""
        old = self._marks.get(feed)
        if old is not None and mark.index < old.index:
            raise LocalError(what="a feed was to shrink in the frontier")
        if old is None:
            self._feeds.insert(bisect_left(self._feeds, feed), feed)
        self._marks[feed] = mark
        self._digests.clear()

    def cut(self, feed: bytes, mark: Mark | None) -> None:
        """A feed counts only this far after all (None: not at all): its author had no right, or it was forked."""
        if mark is None:
            if self._marks.pop(feed, None) is not None:
                del self._feeds[bisect_left(self._feeds, feed)]
        else:
            if feed not in self._marks:
                self._feeds.insert(bisect_left(self._feeds, feed), feed)
            self._marks[feed] = mark
        self._digests.clear()

    def between(self, low: bytes, high: bytes) -> list[bytes]:
        """The feeds of a range, sorted."""
        return self._in(low, high)

    def span(self, low: bytes = FIRST, high: bytes = END) -> Span:
        """The digest over a range: BLAKE2b-256(domain, then feed 16 | index u64 | hash 32 of each feed, sorted)."""
        feeds = self._in(low, high)
        known = self._digests.get((low, high))
        if known is None:
            rows = (feed + self._marks[feed].index.to_bytes(8, "big") + self._marks[feed].hash for feed in feeds)
            known = self._digests[low, high] = digest(DOMAIN + b"".join(rows))
        return Span(low, high, len(feeds), known)

    def split(self, low: bytes, high: bytes, parts: int = 16) -> tuple[Span, ...]:
        """The range cut into at most `parts` spans with as many of our feeds each; they cover it without a gap."""
        feeds = self._in(low, high)
        step = max(1, -(-len(feeds) // parts))
        cuts = [low, *feeds[step::step], high]
        return tuple(self.span(a, b) for a, b in pairwise(cuts))

    def write(self, low: bytes = FIRST, high: bytes = END) -> bytes:
        """The table of a range: per feed, sorted, feed 16 | index LEB128 | hash 32."""
        rows = (feed + number(self._marks[feed].index) + self._marks[feed].hash for feed in self._in(low, high))
        return b"".join(rows)

    def compare(self, theirs: Frontier, low: bytes = FIRST, high: bytes = END) -> Differences:
        """Where a peer's table of the range differs from ours. A longer feed is believed until its entries come."""
        we_lack: dict[bytes, tuple[int, int]] = {}
        they_lack: dict[bytes, tuple[int, int]] = {}
        clash: list[bytes] = []
        for feed in sorted({*self._in(low, high), *theirs._in(low, high)}):
            our, their = self._marks.get(feed), theirs._marks.get(feed)
            our_index = our.index if our else -1
            their_index = their.index if their else -1
            if our_index < their_index:
                we_lack[feed] = (our_index + 1, their_index)
            elif our_index > their_index:
                they_lack[feed] = (their_index + 1, our_index)
            elif our != their:
                clash.append(feed)
        return Differences(we_lack, they_lack, tuple(clash))

    def _in(self, low: bytes, high: bytes) -> list[bytes]:
        return self._feeds[bisect_left(self._feeds, low) : bisect_left(self._feeds, high)]


def read_frontier(data: bytes, limit: int = CONTROL_LIMIT) -> Frontier:
    """The table in these bytes; `RemoteError` if feeds are unsorted, doubled, or anything is out of range."""
    if len(data) > limit:
        raise RemoteError(reason=f"a frontier has {len(data)} bytes, the limit is {limit}")
    cursor = Cursor(data)
    marks: dict[bytes, Mark] = {}
    last = b""
    while cursor.left:
        feed = cursor.take(FEED_BYTES)
        if feed <= last:
            raise RemoteError(reason="a frontier's feeds are not sorted")
        marks[feed] = Mark(cursor.number(MAX_INDEX), cursor.take(HASH_BYTES))
        last = feed
    return Frontier(marks)


def frontier_of(rows: Iterable[tuple[bytes, int, bytes]]) -> Frontier:
    """The frontier of (feed, index, hash) rows, as a store keeps them."""
    return Frontier({feed: Mark(index, hash_) for feed, index, hash_ in rows})
