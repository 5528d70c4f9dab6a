"""One notebook within one session: records first, then feeds, then whatever changes. Decides what is said when.

`Announced` we said that we hold it (or not yet); `Exchanging` the records differ and flow; `Current` both have judged
the same records and feeds flow; `Parted` the peer is no member. Invariants: 1. no feed is spoken of, asked for or sent
before `Current`; 2. what we say that we have is committed; 3. a feed is asked of one peer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, auto

from notesapp.errors import RemoteError
from notesapp.identity.record import Record
from notesapp.sync import quota, ranges
from notesapp.sync.book import Book
from notesapp.sync.crowded import Crowded
from notesapp.sync.events import ForkProved, PeerHas, Synced
from notesapp.sync.forks import Forks
from notesapp.sync.frontier import END, FEED_BYTES, FIRST, Mark, read_frontier
from notesapp.sync.head import Fork
from notesapp.sync.intake import Intake
from notesapp.sync.messages import FEEDS, RECORDS, BookLine, Have, Settled, Spans, Table, Want
from notesapp.sync.news import Marks
from notesapp.sync.pump import Pump
from notesapp.sync.voice import Voice
from notesapp.sync.wants import Wants

AGAIN_MS = 2_000  # between two comparisons that each found a difference


class Phase(Enum):
    """Where a conversation stands."""

    ANNOUNCED = auto()
    EXCHANGING = auto()
    CURRENT = auto()
    PARTED = auto()


class Conversation:
    """See the module; `number` is ours for this notebook, `theirs` the peer's."""

    def __init__(self, voice: Voice, pump: Pump, intake: Intake, book: Book, number: int) -> None:
        self.book = book
        self.number = number
        self.phase = Phase.ANNOUNCED
        self.marks = Marks()  # what the peer has committed, by its own word
        self.heard: BookLine | None = None
        self.said: BookLine | None = None
        self.forks = Forks(voice, self)
        self._crowded = Crowded(voice, book, number)
        self._voice, self._pump = voice, pump
        self._known: set[bytes] = set()  # keys of records that the peer has
        self._wanted: set[bytes] = set()  # keys of records that we asked for
        self._judging, self._table_done = 0, False
        self._settled = self._peer_settled = False
        self._peer_feeds = b""
        self._sent: dict[bytes, int] = {}
        self._wants = Wants(voice, intake, self)
        self._compared_ms = voice.now_ms - AGAIN_MS
        self._again_ms: int | None = None
        self._closing_word = b""  # the digest that we last said with `Settled`

    # -- what the other parts ask -------------------------------------------------------------------------------------

    def sent(self, feed: bytes, index: int) -> None:
        """See `pump.Source`."""
        self._sent[feed] = index

    def asked_for(self, feed: bytes) -> bool:
        """See `intake.Source`."""
        return feed in self._wants

    def second_history(self, feed: bytes) -> None:
        """See `intake.Source`."""
        self._wants.drop(feed)
        self.forks.suspect(feed)

    def turned_away(self, feed: bytes) -> None:
        """See `intake.Source`."""
        self._look_at((feed,))

    def fork_came(self, fork: Fork) -> None:
        """See `intake.Source`; also a proof that the peer carried."""
        feed, index = fork.check()
        if self.book.improves(fork):
            self.forked(feed)
            proved = ForkProved(self._voice.ask(lambda: None), self.book.notebook, feed, index, fork)
            self._voice.tell(proved, len(fork.write()))

    def forked(self, feed: bytes) -> None:
        """See `forks.Source`."""
        self._wants.drop(feed)

    def offered(self, feed: bytes, index: int, *, ask: bool) -> None:
        """See `intake.Source`: only what is committed there is sent."""
        self.marks[feed] = max(self.marks.get(feed, -1), index)
        if len(self.marks) > len(self.book.frontier) + quota.NOTEBOOK:
            raise RemoteError(reason="a peer speaks of too many feeds")
        if ask:
            self._wants.look_at((feed,))

    def committed(self, feed: bytes) -> None:
        """See `intake.Source`: what came is durable; more of it may be under way."""
        self.marks.touch((feed,))
        self._voice.tell(PeerHas(self.book.notebook))
        if feed in self._wants:
            self.book.claim(feed, self._voice, self._voice.now_ms)
        self._look_at((feed,))

    # -- records ------------------------------------------------------------------------------------------------------

    def line(self) -> BookLine:
        """What we announce; said once."""
        digests = self.book.records.span().digest, self.book.frontier.span().digest
        self.said = BookLine(self.number, self.book.notebook, *digests)
        self._known = set(self.book.records.marks())  # if the peer says the same; what grows from now on he lacks
        return self.said

    def begin(self) -> None:
        """Both have announced the notebook."""
        if self.phase is not Phase.ANNOUNCED or self.heard is None or self.said is None:
            return
        self._peer_feeds = self.heard.feeds
        if self.heard.feeds == self.said.feeds:
            self._closing_word = self.said.feeds  # both know it from these lines
        if self.heard.records == self.said.records:
            self._settled = self._peer_settled = self._table_done = True
            self._become_current()
            return
        self.phase, self._known = Phase.EXCHANGING, set()
        for low, high, rows in ranges.pages(self.book.records, FIRST, END):
            self._voice.say(Table(self.number, RECORDS, low, high, rows, False))

    def on_records_table(self, message: Table) -> None:
        """All records that the peer has in a range; the last range ends the list."""
        if self.phase is not Phase.EXCHANGING or self._table_done:
            raise RemoteError(reason="a list of records came when none was due")
        table = ranges.read_table(message.low, message.high, message.rows).marks()
        lacking = [key for key, mark in table.items() if self.book.records.mark(key) != mark]
        self._known |= table.keys()
        self._wanted |= set(lacking)
        if len(self._wanted) > quota.NOTEBOOK:
            raise RemoteError(reason=f"a notebook has more than {quota.NOTEBOOK} records")
        self._crowded.ask(lacking)
        self._table_done = message.high == END
        self._settle_records()

    def on_records(self, records: Iterable[Record]) -> list[Record]:
        """Verified records came: those that are new, for the node; `records_judged` must follow."""
        fresh: list[Record] = []
        for record in records:
            self._wanted.discard(key := record.id[:FEED_BYTES])
            here = self.book.records.mark(key) is not None
            if here or self._crowded.takes(record):  # what is dropped isn't noted either: there is no end to it
                self._known.add(key)
                fresh += [] if here else [record]
        self._judging += bool(fresh)
        if not fresh:
            self._settle_records()
        return fresh

    def on_proof(self, fork: Fork, key: bytes) -> None:
        """A proof of two histories that the peer carried."""
        self._wanted.discard(key)
        self.fork_came(fork)
        self._known |= {key} if self.book.record(key) is not None else set()
        self._settle_records()

    def records_judged(self) -> None:
        """The node has committed and judged what came."""
        self._judging -= 1
        self._settle_records()

    def _settle_records(self) -> None:
        self._wanted |= self._crowded.ask_again()
        if self.phase is Phase.EXCHANGING and self._table_done and not self._wanted and not self._judging:
            if not self._settled:
                self._settled = True
                self._voice.say(Settled(self.number, self.book.frontier.span().digest))
            if self._peer_settled:
                self._become_current()

    def push_records(self) -> None:
        """Sends what the peer lacks of our records, as far as we know."""
        if self.phase in (Phase.EXCHANGING, Phase.CURRENT):
            fresh = [key for key in self.book.records.marks() if key not in self._known]
            self._known.update(fresh)
            self._pump.put_records(self, fresh)

    def part(self) -> None:
        """The peer is no member any more: records were its last."""
        self.phase = Phase.PARTED
        self.book.release(self._voice)
        self._wants.clear()

    # -- feeds --------------------------------------------------------------------------------------------------------

    def on_settled(self, message: Settled) -> None:
        """The peer has all that it asked for."""
        self._peer_feeds = message.feeds
        if self.phase is Phase.EXCHANGING:
            self._peer_settled = True
            if self._settled:
                self._become_current()
        elif self.phase is Phase.CURRENT:
            self._compare()

    def on_spans(self, message: Spans) -> None:
        """Digests of ranges."""
        self._say(ranges.answer(self.book.frontier, message.spans))

    def on_feeds_table(self, message: Table) -> None:
        """All feeds that the peer has in a range."""
        theirs = ranges.read_table(message.low, message.high, message.rows)
        if not message.answer:
            for low, high, rows in ranges.pages(self.book.frontier, message.low, message.high):
                self._voice.say(Table(self.number, FEEDS, low, high, rows, True))
        marks = theirs.marks()
        for feed in self.book.frontier.between(message.low, message.high):
            self.marks[feed] = marks[feed].index if feed in marks else -1
        differences = self.book.frontier.compare(theirs, message.low, message.high)
        self._learn(marks, differences.clash)

    def on_have(self, message: Have) -> None:
        """The peer has committed more."""
        marks = read_frontier(message.rows).marks()
        ours = ((feed, self.book.frontier.mark(feed), mark) for feed, mark in marks.items())
        self._learn(marks, [feed for feed, our, their in ours if our and our.index == their.index and our != their])

    def on_want(self, message: Want) -> None:
        """The peer lacks something."""
        wants = ranges.read_wants(message.rows)
        if message.what == RECORDS:
            here = [key for key in wants if self.book.record(key) is not None]
            self._known.update(here)
            self._pump.put_records(self, here)
            return
        for feed, first in wants.items():
            mark = self.book.frontier.mark(feed)
            if mark is not None and first <= mark.index:
                self.marks[feed] = max(self.marks.get(feed, -1), first - 1)
                self._pump.put_feed(self, feed, first, live=False)

    def grew(self, feeds: Mapping[bytes, int]) -> None:
        """Our frontier has grown: feed -> first new index. Own entries are sent, others' announced."""
        self.marks.touch(feeds)
        if self.phase is not Phase.CURRENT:
            return
        announced: dict[bytes, Mark] = {}
        for feed, first in feeds.items():
            mark, stored = self.book.frontier.mark(feed), self.book.stored(feed)
            if mark is None or stored is None:
                continue
            if first == 0 and stored.opened.device == self._voice.me:
                self.marks.setdefault(feed, -1)  # nobody has what was never sent
            if stored.opened.device == self._voice.me and feed in self.marks:
                start = max(self.marks[feed], self._sent.get(feed, -1)) + 1
                self._pump.put_feed(self, feed, start, live=True)
            else:
                announced[feed] = mark
        if announced:
            self._voice.say(Have(self.number, ranges.table_of(announced)))
        self._look_at(feeds)
        self._wants.walk(soon=False)

    def reconsider(self) -> None:
        """Asks for what the peer has and nobody else is asked for: others may have gone, rights may have changed."""
        if self.phase is Phase.CURRENT:
            self._wants.walk(soon=True)

    def _become_current(self) -> None:
        self.phase = Phase.CURRENT
        self.push_records()
        self._compare()

    def _compare(self) -> None:
        own = self.book.frontier.span().digest
        if own == self._peer_feeds:
            self.marks = Marks((feed, mark.index) for feed, mark in self.book.frontier.marks().items())
            self._say_settled(own)
            self._voice.tell(PeerHas(self.book.notebook))
            self._voice.tell(Synced(self.book.notebook))
        elif self._voice.leads:
            self._again_ms = max(self._voice.now_ms, self._compared_ms + AGAIN_MS)
            self.run()

    def deadline(self) -> int | None:
        """When another comparison is due, or a look at what the peer has."""
        times = (self._again_ms, self._wants.deadline())
        return min((time for time in times if time is not None), default=None)

    def run(self) -> None:
        """Does what is due; compares if nothing is under way that may make it needless."""
        if self.phase is not Phase.CURRENT:
            return
        if self._wants.run():
            self._say_settled(self.book.frontier.span().digest)
        if self._again_ms is not None and self._voice.now_ms >= self._again_ms:
            if self._wants:
                self._again_ms = self._voice.now_ms + AGAIN_MS
                return
            self._compared_ms, self._again_ms = self._voice.now_ms, None
            self._say(ranges.begin(self.book.frontier))

    def _say(self, answer: ranges.Answer) -> None:
        if answer.spans:
            self._voice.say(Spans(self.number, answer.spans))
        for range_low, range_high in answer.tables:
            for low, high, rows in ranges.pages(self.book.frontier, range_low, range_high):
                self._voice.say(Table(self.number, FEEDS, low, high, rows, False))

    def _learn(self, marks: Mapping[bytes, Mark], clash: Iterable[bytes]) -> None:
        for feed, mark in marks.items():
            self.offered(feed, mark.index, ask=False)
        for feed in clash:
            if self._voice.leads:
                self.forks.suspect(feed)
        self._voice.tell(PeerHas(self.book.notebook))
        self._look_at(marks)

    def _look_at(self, feeds: Iterable[bytes]) -> None:
        if self.phase is Phase.CURRENT and self._wants.look_at(feeds):
            self._say_settled(self.book.frontier.span().digest)

    def _say_settled(self, own: bytes) -> None:
        if own != self._closing_word:
            self._closing_word = own
            self._voice.say(Settled(self.number, own))
