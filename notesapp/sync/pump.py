"""What goes out in bulk, and in which order. Decides whose turn it is; the node reads the bytes.

Records go before entries, own live edits before what was asked for, entries before chunks; one question to the disk at
a time, and none while the link or the peer's window is full. Live edits keep the pace of `pace`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from notesapp.sync.book import Book
from notesapp.sync.entry import Entry, Header, Tip, pack
from notesapp.sync.events import ChunkKept, ChunkWanted, EntriesWanted
from notesapp.sync.messages import RECORDS_AT_ONCE, Chunk, ChunksMissing, Entries, Proof, Records
from notesapp.sync.pace import Pace
from notesapp.sync.voice import Voice
from notesapp.sync.wire import ENTRY_LIMIT

BULK_BYTES = 512 * 1024  # of a batch: so that a live edit need not wait for more
CHUNKS_QUEUED = 256  # 64 MB asked for; more is refused by silence
_RECORDS_BYTES = 128 * 1024
_DOMAINS = b"notesapp/"  # what begins otherwise is a proof of two histories


class Source(Protocol):
    """A conversation, as far as sending goes."""

    book: Book
    number: int

    def sent(self, feed: bytes, index: int) -> None:
        """Entries up to `index` are on the link."""


@dataclass(slots=True)
class Job:
    """A feed that goes out."""

    source: Source
    next: int
    live: bool


class Pump:
    """The outgoing side of one session."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._records: deque[tuple[Source, bytes]] = deque()
        self._jobs: OrderedDict[bytes, Job] = OrderedDict()
        self._chunks: deque[tuple[Source, bytes]] = deque()
        self._paces: dict[bytes, Pace] = {}
        self._reading = False

    def put_records(self, source: Source, keys: Sequence[bytes]) -> None:
        """Records to send."""
        queued = {key for other, key in self._records if other is source}
        self._records.extend((source, key) for key in keys if key not in queued)

    def put_feed(self, source: Source, feed: bytes, first: int, *, live: bool) -> None:
        """A feed to send from an index on; what is queued of it already stays in order."""
        job = self._jobs.get(feed)
        if job is not None and job.source is source and live:
            return
        self._jobs[feed] = Job(source, first, live)

    def put_chunks(self, source: Source, hashes: Sequence[bytes]) -> None:
        """Chunks that a peer asks for."""
        room = CHUNKS_QUEUED - len(self._chunks)
        self._chunks.extend((source, hash_) for hash_ in hashes[:room])

    def drop(self, source: Source) -> None:
        """Nothing more of this notebook goes out."""
        self._records = deque(one for one in self._records if one[0] is not source)
        self._chunks = deque(one for one in self._chunks if one[0] is not source)
        for feed in [feed for feed, job in self._jobs.items() if job.source is source]:
            del self._jobs[feed]

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return not (self._records or self._jobs or self._chunks or self._reading)

    def deadline(self) -> int | None:
        """When the pace lets the next live edit go; None if nothing waits for that."""
        if self._reading or not self._voice.may_send:
            return None
        times = [self._ready_ms(feed) for feed, job in self._jobs.items() if job.live]
        return min(times, default=None)

    def run(self) -> None:
        """Sends and asks for what may go now."""
        while self._records and self._voice.may_send:
            self._send_records()
        if self._reading or not self._voice.may_send:
            return
        if (feed := self._turn()) is not None:
            self._ask(feed, self._jobs[feed])
        elif self._chunks and not self._jobs:
            source, hash_ = self._chunks.popleft()
            self._reading = True
            ticket = self._voice.ask(lambda sealed: self._got_chunk(source, hash_, sealed))
            self._voice.tell(ChunkWanted(ticket, source.book.notebook, hash_))

    def _turn(self) -> bytes | None:
        bulk = None
        for feed, job in self._jobs.items():
            if job.live and self._ready_ms(feed) <= self._voice.now_ms:
                return feed
            if not job.live and bulk is None:
                bulk = feed
        return bulk

    def _ready_ms(self, feed: bytes) -> int:
        return self._pace(feed).ready_ms(self._voice.now_ms)

    def _pace(self, feed: bytes) -> Pace:
        if feed not in self._paces:
            self._paces[feed] = Pace(self._voice.now_ms)
        return self._paces[feed]

    def _ask(self, feed: bytes, job: Job) -> None:
        book = job.source.book
        mark = book.frontier.mark(feed)
        if mark is None or job.next > mark.index:
            del self._jobs[feed]
            self.run()
            return
        self._reading = True
        ticket = self._voice.ask(lambda before, entries, sign: self._got_entries(feed, job, before, entries, sign))
        self._voice.tell(EntriesWanted(ticket, book.notebook, feed, job.next, BULK_BYTES))

    def _got_entries(
        self, feed: bytes, job: Job, before: Tip | None, entries: Sequence[Entry], signature: bytes
    ) -> None:
        self._reading = False
        if self._jobs.get(feed) is not job:  # asked for anew, or stopped, meanwhile
            return
        mark = job.source.book.frontier.mark(feed)
        if not entries or before is None or mark is None:
            del self._jobs[feed]
            return
        first = job.next
        limit = mark.index
        last = min(Header.read(entries[-1].header).index, limit)
        self._send_batch(feed, job, before, [_bared(entry, limit) for entry in entries], signature)
        if job.live:
            self._pace(feed).spend(last - first + 1, self._voice.now_ms)
        job.next = last + 1
        job.source.sent(feed, last)
        self._jobs.move_to_end(feed)  # all feeds that are asked for advance together
        if job.next > limit:
            del self._jobs[feed]

    def _send_batch(self, feed: bytes, job: Job, before: Tip, entries: Sequence[Entry], signature: bytes) -> None:
        number, first, at = job.source.number, before.index + 1, before
        packed: list[bytes] = []
        size = 0
        states: dict[bytes, bytes] = {}
        for entry in entries:
            piece, after = pack([entry], at), Tip.at(entry)
            if packed and size + len(piece) > ENTRY_LIMIT:
                self._voice.say(Entries(number, feed, first, b"".join(packed), b"", job.live, tuple(states.values())))
                packed, size, first = [], 0, at.index + 1
                states.clear()
            if after.roster != at.roster and (state := job.source.book.state(after.roster)) is not None:
                states[after.roster] = state
            packed.append(piece)
            size += len(piece)
            at = after
        self._voice.say(Entries(number, feed, first, b"".join(packed), signature, job.live, tuple(states.values())))

    def _got_chunk(self, source: Source, hash_: bytes, sealed: bytes | None) -> None:
        self._reading = False
        if sealed is None:
            self._voice.say(ChunksMissing(source.number, hash_))
        else:
            size = self._voice.say(Chunk(source.number, sealed))
            self._voice.when_kept(size, ChunkKept(source.book.notebook, hash_))

    def _send_records(self) -> None:
        source = self._records[0][0]
        batch: list[bytes] = []
        size = 0
        while (
            self._records and self._records[0][0] is source and size < _RECORDS_BYTES and len(batch) < RECORDS_AT_ONCE
        ):
            data = source.book.record(self._records.popleft()[1])
            if data is None:
                continue
            if not data.startswith(_DOMAINS):
                self._voice.say(Proof(source.number, data))
            else:
                batch.append(data)
                size += len(data)
        if batch:
            self._voice.say(Records(source.number, tuple(batch)))


def _bared(entry: Entry, limit: int) -> Entry:
    """The entry without its body if it lies beyond what counts: it only leads to the head."""
    return entry._replace(body=None) if entry.body is not None and Header.read(entry.header).index > limit else entry
