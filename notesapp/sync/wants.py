"""Which feeds one peer is asked for. Decides that each word of him costs what it says, whatever he said before.

A want is over when the feed has come as far as it was asked for, was turned away, or can't go on. Whoever knows what
changed says so, and only that is looked at. What nobody says (another peer is silent, or gone; rights have changed)
is found by a walk over all that the peer has, a slice at a time: he may have named tens of thousands of feeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from notesapp.sync import ranges
from notesapp.sync.book import Book
from notesapp.sync.messages import FEEDS, Want
from notesapp.sync.voice import Voice

SLICE = 512  # feeds of a walk that are looked at before others have their turn: less than a ms
WALK_MS = 2_000  # between two walks for which there is no reason but that something else came


class Turning(Protocol):
    """Who knows which feeds aren't taken any more."""

    def turned(self, feed: bytes) -> bool:
        """Whether this feed isn't taken any more."""


class Source(Protocol):
    """A conversation, as far as asking goes."""

    book: Book
    number: int

    @property
    def marks(self) -> Mapping[bytes, int]:
        """What the peer has."""


class Wants:
    """Of one notebook in one session."""

    def __init__(self, voice: Voice, intake: Turning, source: Source) -> None:
        self._voice, self._intake, self._source = voice, intake, source
        self._asked: dict[bytes, int] = {}  # feeds that we asked this peer for, and how far he had them then
        self._rest: list[bytes] = []  # of the walk
        self._due_ms: int | None = None
        self._walked_ms = voice.now_ms - WALK_MS

    def __contains__(self, feed: bytes) -> bool:
        return feed in self._asked

    def __len__(self) -> int:
        return len(self._asked)

    def look_at(self, feeds: Iterable[bytes]) -> bool:
        """Something changed about these: what is over is dropped, what may be had is asked for. Whether all is over."""
        feeds = tuple(feeds)
        over = [feed for feed in feeds if feed in self._asked and self._is_over(feed)]
        for feed in over:
            self.drop(feed)
        self._ask(feeds)  # he may have said meanwhile that he has more
        return bool(over) and not self._asked

    def drop(self, feed: bytes) -> None:
        """It isn't asked for any more."""
        self._asked.pop(feed, None)
        self._source.book.release(self._voice, feed)

    def clear(self) -> None:
        """The peer is no member any more."""
        self._asked.clear()
        self._rest.clear()
        self._due_ms = None

    def walk(self, *, soon: bool) -> None:
        """Everything is to be looked at: `soon`, or when the last walk is a while ago."""
        due_ms = self._voice.now_ms if soon else max(self._voice.now_ms, self._walked_ms + WALK_MS)
        self._due_ms = due_ms if self._due_ms is None else min(due_ms, self._due_ms)

    def deadline(self) -> int | None:
        """When the walk goes on."""
        return self._voice.now_ms if self._rest else self._due_ms

    def run(self) -> bool:
        """Goes on with the walk if it is due; as `look_at`."""
        if not self._rest and self._due_ms is not None and self._voice.now_ms >= self._due_ms:
            self._rest = list({**self._source.marks, **self._asked})
            self._due_ms, self._walked_ms = None, self._voice.now_ms
        if not self._rest:
            return False
        some = self._rest[-SLICE:]
        del self._rest[-SLICE:]
        return self.look_at(some)

    def _ask(self, feeds: Iterable[bytes]) -> None:
        book, marks = self._source.book, self._source.marks
        wants: dict[bytes, int] = {}
        for feed in feeds:
            reach = book.reach(feed)
            if marks.get(feed, -1) <= reach or feed in self._asked or self._intake.turned(feed):
                continue
            if not book.may_go_on(feed) or not book.claim(feed, self._voice, self._voice.now_ms):
                continue
            wants[feed] = reach + 1
        self._asked |= {feed: marks[feed] for feed in wants}
        rows = sorted(wants)
        for at in range(0, len(rows), ranges.PAGE):
            page = {feed: wants[feed] for feed in rows[at : at + ranges.PAGE]}
            self._voice.say(Want(self._source.number, FEEDS, ranges.write_wants(page)))

    def _is_over(self, feed: bytes) -> bool:
        mark = self._source.book.frontier.mark(feed)
        reached = mark is not None and mark.index >= self._asked[feed]
        return reached or self._intake.turned(feed) or not self._source.book.may_go_on(feed)
