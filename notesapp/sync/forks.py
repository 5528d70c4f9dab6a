"""How two peers find out that a device wrote two histories of a feed. Decides the search; `head.Fork` is the proof.

Both have an entry of the same index but another hash. The leading end names hashes of its entries at even distances;
the other answers with those between the last that is equal and the first that isn't, until these are neighbours. Then
both show a signed head and the headers that lead to it from there, and each makes the proof by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from notesapp.errors import RemoteError
from notesapp.identity.primitives import HASH_BYTES
from notesapp.sync.book import Book
from notesapp.sync.entry import HEADER_BYTES, Header
from notesapp.sync.events import BranchWanted, ForkProved, HashesWanted
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.messages import TRACE_LIMIT, Branch, Trace
from notesapp.sync.voice import Voice

STEPS_LIMIT = 16  # of one search: 256 hashes a step find any index in 7
SEARCHES_LIMIT = 64  # feeds in question per session


class Source(Protocol):
    """A conversation, as far as forks go."""

    book: Book
    number: int

    def forked(self, feed: bytes) -> None:
        """A proof is on its way to the disk."""


@dataclass(slots=True)
class _Search:
    steps: int = 0
    ours: Branch | None = None
    theirs: Branch | None = None


class Forks:
    """The searches of one conversation."""

    def __init__(self, voice: Voice, source: Source) -> None:
        self._voice = voice
        self._source = source
        self._searches: dict[bytes, _Search] = {}

    def suspect(self, feed: bytes) -> None:
        """Begins to search, once per feed, if both ends can have it."""
        stored = self._source.book.stored(feed)
        if feed in self._searches or stored is None or self._source.book.fork(feed) is not None:
            return
        if self._begun(feed) is not None:
            self._probe(feed, 0, stored.tip.index)

    def on_trace(self, message: Trace) -> None:
        """The peer's hashes: ours are compared with them."""
        feed = message.feed
        stored = self._source.book.stored(feed)
        count, rest = divmod(len(message.hashes), HASH_BYTES)
        if rest or not count:
            raise RemoteError(reason="a trace of a feed is cut off")
        search = self._begun(feed)
        if search is None or stored is None:
            return
        search.steps += 1
        if search.steps > STEPS_LIMIT:
            return
        indexes = tuple(message.first + message.step * place for place in range(count))
        indexes = tuple(index for index in indexes if index <= stored.tip.index)
        theirs = [message.hashes[at : at + HASH_BYTES] for at in range(0, len(message.hashes), HASH_BYTES)]
        ticket = self._voice.ask(lambda ours: self._compared(feed, indexes, theirs, ours))
        self._voice.tell(HashesWanted(ticket, self._source.book.notebook, feed, indexes))

    def on_branch(self, message: Branch) -> None:
        """The peer's side of a fork."""
        feed, book = message.feed, self._source.book
        stored, search = book.stored(feed), self._searches.get(feed)
        if stored is None or search is None or search.theirs is not None or len(message.headers) % HEADER_BYTES:
            return
        SignedHead.read(message.head, stored.opened.device)
        search.theirs = message
        if search.ours is None:
            self._show(feed, message.first)
        self._prove(feed)

    def _begun(self, feed: bytes) -> _Search | None:
        search = self._searches.get(feed)
        if search is None and len(self._searches) < SEARCHES_LIMIT:
            search = self._searches[feed] = _Search()
        return search

    def _probe(self, feed: bytes, low: int, high: int) -> None:
        """Sends our hashes from `low` to `high`, both included."""
        step = max(1, -(-(high - low + 1) // (TRACE_LIMIT - 1)))
        indexes = tuple(sorted({*range(low, high + 1, step)}))
        ticket = self._voice.ask(lambda ours: self._probed(feed, low, step, ours))
        self._voice.tell(HashesWanted(ticket, self._source.book.notebook, feed, indexes))

    def _probed(self, feed: bytes, low: int, step: int, ours: Sequence[bytes | None]) -> None:
        known: list[bytes] = []
        for hash_ in ours:
            if hash_ is None:
                break
            known.append(hash_)
        if known:
            self._voice.say(Trace(self._source.number, feed, low, step, b"".join(known)))

    def _compared(
        self, feed: bytes, indexes: Sequence[int], theirs: Sequence[bytes], ours: Sequence[bytes | None]
    ) -> None:
        equal, stored = -1, self._source.book.stored(feed)
        if stored is None or not indexes:
            return
        for index, their, our in zip(indexes, theirs, ours, strict=False):
            if our is None:
                return
            if their != our:
                if index == equal + 1:
                    self._show(feed, index)
                else:
                    self._probe(feed, equal + 1, index)
                return
            equal = index
        if equal < stored.tip.index:  # they differ behind the last hash that was named, if at all
            self._probe(feed, equal + 1, stored.tip.index)

    def _show(self, feed: bytes, first: int) -> None:
        ticket = self._voice.ask(lambda head, headers: self._shown(feed, first, head, headers))
        self._voice.tell(BranchWanted(ticket, self._source.book.notebook, feed, first))

    def _shown(self, feed: bytes, first: int, head: bytes | None, headers: bytes) -> None:
        search = self._searches.get(feed)
        if head is None or search is None or search.ours is not None:
            return
        search.ours = Branch(self._source.number, feed, first, head, headers)
        self._voice.say(search.ours)
        self._prove(feed)

    def _prove(self, feed: bytes) -> None:
        search, book = self._searches[feed], self._source.book
        stored = book.stored(feed)
        if stored is None or search.ours is None or search.theirs is None:
            return
        ours, theirs = _beside(search.ours), _beside(search.theirs)
        fork = Fork(stored.opened.device, stored.opened.nonce, *ours, *theirs)
        try:
            _, index = fork.check()
        except RemoteError:
            return  # the sides were shown for different places; the search is over, and entries decide
        self._source.forked(feed)
        ticket = self._voice.ask(lambda: None)
        self._voice.tell(ForkProved(ticket, book.notebook, feed, index, fork))


def _beside(branch: Branch) -> tuple[bytes, bytes]:
    """A side of the proof: its head, and the headers after the first that was written twice."""
    headers = branch.headers
    if headers and Header.read(headers[:HEADER_BYTES]).index == branch.first:
        headers = headers[HEADER_BYTES:]
    return branch.head, headers
