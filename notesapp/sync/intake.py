"""What comes in of feeds: chained, vouched for, with the right to count. Decides what may go to the disk.

Nothing is kept of what isn't vouched for but in memory, within the window. A chain that doesn't fit its signature is
either a lie of the carrier or a second history: the search in `forks` tells. A carrier is never blamed for an author
without right.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from notesapp.errors import RemoteError
from notesapp.identity.primitives import SIGNATURE_BYTES
from notesapp.sync.book import Book
from notesapp.sync.entry import Header, Tip
from notesapp.sync.events import EntriesArrived, FeedTurnedAway
from notesapp.sync.feed import FeedReader, Vouched
from notesapp.sync.head import Fork
from notesapp.sync.messages import STATES_LIMIT, Entries, Turned
from notesapp.sync.pace import Pace
from notesapp.sync.rights import read_state
from notesapp.sync.voice import Voice
from notesapp.sync.wire import BATCH_LIMIT

OPEN_LIMIT = 16  # batches without their signature yet: an honest sender ends one before it begins the next
NO_RIGHT = "its author has no right to write here"
TOO_MANY = "its device has begun too many feeds"


class Source(Protocol):
    """A conversation, as far as receiving goes."""

    book: Book
    number: int

    def asked_for(self, feed: bytes) -> bool:
        """Whether we asked the peer for this feed."""

    def offered(self, feed: bytes, index: int, *, ask: bool) -> None:
        """The peer has a feed up to this index, whatever becomes of it here; `ask`: for what lies before."""

    def committed(self, feed: bytes) -> None:
        """What came of a feed is durable."""

    def turned_away(self, feed: bytes) -> None:
        """A feed isn't taken any more."""

    def second_history(self, feed: bytes) -> None:
        """The peer has other entries of a feed than we."""

    def fork_came(self, fork: Fork) -> None:
        """A head proves two histories by itself."""


@dataclass(slots=True)
class _Batch:
    reader: FeedReader
    size: int = 0
    states: dict[bytes, bytes] = field(default_factory=dict)  # roster digest -> the bytes behind it


@dataclass(slots=True)
class _Held:
    ready_ms: int
    event: EntriesArrived
    source: Source = field(repr=False)


class Intake:
    """The incoming side of one session, all its notebooks."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._batches: dict[bytes, _Batch] = {}
        self._held: deque[_Held] = deque()
        self._paces: dict[bytes, Pace] = {}
        self._turned: set[bytes] = set()

    def turned(self, feed: bytes) -> bool:
        """Whether this feed isn't taken any more."""
        return feed in self._turned

    def forgive(self) -> None:
        """Rights have changed: what was turned away may be asked for again."""
        self._turned.clear()

    def deadline(self) -> int | None:
        """When the pace lets what is held back go to the disk."""
        return min((held.ready_ms for held in self._held), default=None)

    def run(self) -> None:
        """Lets go what the pace held back."""
        for _ in range(len(self._held)):
            held = self._held.popleft()
            if held.ready_ms <= self._voice.now_ms:
                self._voice.tell(held.event)
            else:
                self._held.append(held)

    def end(self) -> None:
        """The session is over: what was held back is good, and others may have gone on from there."""
        for held in self._held:
            self._voice.tell(held.event)
        self._held.clear()

    def take(self, source: Source, message: Entries, size: int) -> None:
        """Entries of a feed that came in a frame of `size` bytes."""
        feed, book = message.feed, source.book
        batch = self._batches.get(feed)
        if batch is None:
            if len(self._batches) >= OPEN_LIMIT:  # each costs far more than the few bytes that begin it
                raise RemoteError(reason=f"more than {OPEN_LIMIT} batches of entries were begun and not ended")
            batch = self._batches[feed] = _Batch(book.reader(feed))
        batch.size += size
        if batch.size > BATCH_LIMIT:
            raise RemoteError(reason=f"more than {BATCH_LIMIT} bytes of a feed came without a signed head")
        if message.first != batch.reader.tip.index + 1 or feed in self._turned or not book.may_go_on(feed):
            self._drop(feed)  # it came another way meanwhile, or isn't wanted any more
            # What was turned away before may count by now; and the other way may yet fail.
            source.offered(feed, message.first, ask=0 < book.reach(feed) + 1 < message.first)
            return
        batch.reader.take(message.packed)
        for data in message.states:
            batch.states[read_state(data, book.notebook)[0]] = data
        if len(batch.states) > STATES_LIMIT:
            raise RemoteError(reason="a batch names too many rosters")
        if not message.signature:
            return
        if len(message.signature) != SIGNATURE_BYTES:
            raise RemoteError(reason="a signature has a wrong length")
        del self._batches[feed]
        self._vouch(source, feed, batch, message)

    def _vouch(self, source: Source, feed: bytes, batch: _Batch, message: Entries) -> None:
        known = source.book.stored(feed)
        try:
            vouched = batch.reader.vouch_tip(message.signature)
        except RemoteError:
            if known is None:
                raise  # there is no other history here that could explain it
            self._voice.give_back(batch.size)
            source.second_history(feed)
            return
        if isinstance(vouched, Fork):
            source.fork_came(vouched)
            self._voice.give_back(batch.size)
        elif vouched is None or batch.reader.opened is None:
            self._voice.give_back(batch.size)
        else:
            self._judge(source, feed, batch, vouched, live=message.live and not source.asked_for(feed))

    def _judge(self, source: Source, feed: bytes, batch: _Batch, vouched: Vouched, *, live: bool) -> None:
        book, opened, entries = source.book, batch.reader.opened, vouched.entries
        if opened is None:
            return
        first = Header.read(entries[0].header)
        source.offered(feed, first.index + len(entries) - 1, ask=False)
        if not book.has_room(feed, opened, first.time_ms):
            self._turn(source, feed, TOO_MANY, batch.size)
            return
        states = dict(read_state(data, book.notebook) for data in batch.states.values())
        count = max(0, min(len(entries), book.limit(feed, opened, entries, states) - first.index + 1))
        if not count:
            self._turn(source, feed, NO_RIGHT, batch.size)
            return
        counted, extra = entries[:count], tuple(entry._replace(body=None) for entry in entries[count:])
        if extra:
            self._turned.add(feed)  # the rest isn't asked for again until rights change
        tip = Tip.at(counted[-1])
        book.take(tip, opened, vouched.head)
        named = {Header.read(entry.header).roster for entry in counted}
        new = tuple(data for name, data in batch.states.items() if name in named)
        size = batch.size
        ticket = self._voice.ask(lambda: self._done(source, feed, size))
        event = EntriesArrived(ticket, book.notebook, feed, opened, counted, extra, vouched.head, new)
        ready_ms = self._spend(feed, len(counted)) if live else self._voice.now_ms
        if ready_ms <= self._voice.now_ms and not any(held.event.feed == feed for held in self._held):
            self._voice.tell(event)
        else:
            self._held.append(_Held(ready_ms, event, source))

    def _spend(self, feed: bytes, count: int) -> int:
        pace = self._paces.get(feed)
        if pace is None:
            pace = self._paces[feed] = Pace(self._voice.now_ms)
        ready_ms = pace.ready_ms(self._voice.now_ms)
        pace.spend(count, self._voice.now_ms)
        return ready_ms

    def _done(self, source: Source, feed: bytes, size: int) -> None:
        self._voice.give_back(size)
        source.committed(feed)

    def _turn(self, source: Source, feed: bytes, reason: str, size: int) -> None:
        self._turned.add(feed)
        self._voice.give_back(size)
        self._voice.say(Turned(source.number, feed, reason))
        self._voice.tell(FeedTurnedAway(source.book.notebook, feed, reason, by_peer=False))
        source.book.release(self._voice, feed)
        source.turned_away(feed)

    def _drop(self, feed: bytes) -> None:
        self._voice.give_back(self._batches.pop(feed).size)
