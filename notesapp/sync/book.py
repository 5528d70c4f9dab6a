"""What all sessions of a node share about one notebook: its records, its feeds, what counts. Reads no disk.

A feed is stored as far as it was vouched for; it *counts* up to its limit: the cut of a removal, the last entry before
a fork, the last that its author had the right to write. The frontier holds what counts, so that equal records and
equal entries make equal frontiers, in whatever order they came. What lies beyond stays stored as recovered edits.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from notesapp.errors import LocalError
from notesapp.identity import home, person, roster
from notesapp.identity.primitives import digest, domain
from notesapp.identity.record import Record, known
from notesapp.identity.roles import Role
from notesapp.sync.body import Opened
from notesapp.sync.entry import MAX_INDEX, Entry, Header, Tip
from notesapp.sync.feed import FeedReader
from notesapp.sync.frontier import FEED_BYTES, Frontier, Mark
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.quota import Quota, Standing
from notesapp.sync.rights import States, read_state, write_state

_DOMAINS = (person.DOMAIN, roster.DOMAIN, home.DOMAIN)
FORK_KEY = domain("fork-of")
FEEDS_PER_DEVICE = 4096  # one a day for eleven years
FEEDS_PER_DAY = 64  # of one device, by the day that their openings name: a feed is a run, or a restored backup
PROOFS_BESIDE = 64  # of two histories of feeds that aren't here: keys and feeds to prove it of cost nothing to make up
_DAY_MS = 86_400_000
CLAIM_MS = 30_000  # how long a silent peer keeps others from being asked for the same feed


class Rights(Standing, Protocol):
    """What a judged roster says about devices and feeds; a pure function of the records."""

    def is_member(self, device: bytes) -> bool:
        """Whether this device may take part now, in whatever role."""

    def lacking(self) -> Mapping[bytes, Role]:
        """Records that aren't here but that those of people who may remove follow: by whose right they are taken."""

    def last_index(self, device: bytes, feed: bytes, under: Sequence[tuple[int, bytes]], states: States) -> int:
        """The last index of a feed that counts, -1 for none; `under`: (from index, roster digest named there on)."""


class Overruled(NamedTuple):
    """A feed counts further, or less far, than before: what lies between is to be read, or unread."""

    feed: bytes
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Stored:
    """One feed as it is kept: how far, whose, its newest head, and under which rosters it was written."""

    tip: Tip
    opened: Opened
    head: SignedHead
    under: tuple[tuple[int, bytes], ...]
    began_ms: int


@dataclass(slots=True)
class _Claim:
    by: object
    at_ms: int


@dataclass(slots=True)
class Book:
    """One notebook, as far as sessions care. The node changes it, only by what is durable; sessions read it."""

    notebook: bytes
    rights: Rights
    frontier: Frontier = field(default_factory=Frontier)
    records: Frontier = field(default_factory=Frontier)
    quota: Quota = field(default_factory=Quota)
    states: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)  # roster digest -> heads
    _data: dict[bytes, bytes] = field(default_factory=dict)
    _stored: dict[bytes, Stored] = field(default_factory=dict)
    _taken: dict[bytes, tuple[Tip, Opened, SignedHead]] = field(default_factory=dict)  # on their way to the disk
    _forks: dict[bytes, tuple[int, Fork]] = field(default_factory=dict)
    _claims: dict[bytes, _Claim] = field(default_factory=dict)

    # -- records ------------------------------------------------------------------------------------------------------

    def missing(self, records: Iterable[bytes]) -> list[bytes]:
        """Those of these records (their bytes) that are not here."""
        return [data for data in records if self.records.mark(digest(data)[:FEED_BYTES]) is None]

    def admits(self, record: Record, carrier: bytes, answered: Role | None = None) -> bool:
        """Whether there is room for one more record, brought by this device and `answered` for; counts it."""
        return self.quota.takes(record, carrier, self.rights, answered)

    def count(self, records: Iterable[Record]) -> None:
        """Records that lie on the disk, also those that aren't passed on: they take room whatever they are worth."""
        for record in records:
            self.quota.put(record)

    def put_records(self, records: Iterable[bytes]) -> None:
        """Records (genesis, roster, person logs) that are durable."""
        for data in records:
            id_ = digest(data)
            if id_[:FEED_BYTES] not in self._data and (prefix := next(filter(data.startswith, _DOMAINS), None)):
                self.quota.put(known(prefix, data))
            self.records.cut(id_[:FEED_BYTES], Mark(0, id_))
            self._data[id_[:FEED_BYTES]] = data

    def put_states(self, states: Iterable[bytes]) -> None:
        """Rosters that entries name (`rights.write_state`): those that this device was in, and those that came."""
        self.states |= dict(read_state(data, self.notebook) for data in states)

    def state(self, name: bytes) -> bytes | None:
        """The bytes behind a roster digest."""
        heads = self.states.get(name)
        return None if heads is None else write_state(self.notebook, heads)

    def record(self, key: bytes) -> bytes | None:
        """The bytes of a record (or proof) by the first half of its id."""
        return self._data.get(key)

    # -- feeds --------------------------------------------------------------------------------------------------------

    def put_feed(self, stored: Stored, mark: Mark | None) -> None:
        """A feed as it lay on the disk when the node started; `mark` is how far it counts."""
        self._stored[stored.tip.feed] = stored
        self.frontier.cut(stored.tip.feed, mark)

    def stored(self, feed: bytes) -> Stored | None:
        """What is durable of a feed, counting or not."""
        return self._stored.get(feed)

    def feeds(self) -> tuple[bytes, ...]:
        """All feeds of which something is durable, counting or not."""
        return tuple(self._stored)

    def reader(self, feed: bytes) -> FeedReader:
        """A reader that goes on behind all that is here or on its way to the disk."""
        if feed in self._taken:
            return FeedReader(*self._taken[feed])
        stored = self._stored.get(feed)
        if stored is None:
            return FeedReader(Tip.before_first(self.notebook, feed))
        return FeedReader(stored.tip, stored.opened, stored.head)

    def reach(self, feed: bytes) -> int:
        """The last index that is here or on its way to the disk, -1 for none."""
        if feed in self._taken:
            return self._taken[feed][0].index
        stored = self._stored.get(feed)
        return stored.tip.index if stored else -1

    def take(self, tip: Tip, opened: Opened, head: SignedHead) -> None:
        """Entries up to here are on their way to the disk."""
        self._taken[tip.feed] = tip, opened, head

    def give_up(self, feed: bytes) -> None:
        """They didn't get there."""
        self._taken.pop(feed, None)

    def commit(self, opened: Opened, entries: Sequence[Entry], head: SignedHead) -> None:
        """Successive entries of a feed are durable, with the head that vouches for them; all of them, or none new."""
        headers = [Header.read(entry.header) for entry in entries]
        if not headers:
            raise LocalError(what="nothing was committed to a feed")
        feed, last = headers[-1].feed, headers[-1]
        old = self._stored.get(feed)
        if old is not None and last.index <= old.tip.index:
            return
        if headers[0].index > (old.tip.index + 1 if old else 0):
            raise LocalError(what="a feed was committed with a gap")
        under = list(old.under) if old else []
        for header in headers:
            if not under or under[-1][1] != header.roster:
                under.append((header.index, header.roster))
        tip = last.tip(entries[-1].hash)
        began_ms = old.began_ms if old else headers[0].time_ms
        self._stored[feed] = stored = Stored(tip, opened, head, tuple(under), began_ms)
        if feed in self._taken and self._taken[feed][0].index <= tip.index:
            del self._taken[feed]
        limit = self._limit(feed, opened.device, stored.under)
        counted = [entry for header, entry in zip(headers, entries, strict=True) if header.index <= limit]
        if counted:
            it = Header.read(counted[-1].header)
            mark = self.frontier.mark(feed)
            if mark is None or it.index > mark.index:
                self.frontier.set(feed, Mark(it.index, counted[-1].hash))

    def limit(
        self, feed: bytes, opened: Opened | None = None, entries: Sequence[Entry] = (), states: States | None = None
    ) -> int:
        """The last index of a feed that counts, -1 for none; `entries` and `states` follow what is stored."""
        stored = self._stored.get(feed)
        opened = opened or (stored.opened if stored else None)
        if opened is None:
            return self._forks[feed][0] - 1 if feed in self._forks else MAX_INDEX
        under = list(stored.under) if stored else []
        for entry in entries:
            header = Header.read(entry.header)
            if not under or under[-1][1] != header.roster:
                under.append((header.index, header.roster))
        return self._limit(feed, opened.device, tuple(under), states)

    def may_go_on(self, feed: bytes) -> bool:
        """Whether more of a feed may count: a cut ends what was written before it, not what a later right allows."""
        end = self._forks[feed][0] - 1 if feed in self._forks else MAX_INDEX
        return self.reach(feed) < end and self.reach(feed) <= self.limit(feed)

    def has_room(self, feed: bytes, opened: Opened, time_ms: int) -> bool:
        """Whether one more feed of this device may begin."""
        if feed in self._stored:
            return True
        days = [one.began_ms // _DAY_MS for one in self._stored.values() if one.opened.device == opened.device]
        return len(days) < FEEDS_PER_DEVICE and days.count(time_ms // _DAY_MS) < FEEDS_PER_DAY

    def _limit(
        self, feed: bytes, device: bytes, under: Sequence[tuple[int, bytes]], states: States | None = None
    ) -> int:
        known = ChainMap(self.states, dict(states)) if states else self.states
        limit = self.rights.last_index(device, feed, under, known)
        return min(limit, self._forks[feed][0] - 1) if feed in self._forks else limit

    # -- judgements ---------------------------------------------------------------------------------------------------

    def overruled(self, rights: Rights) -> list[Overruled]:
        """Which feeds would count otherwise under other rights: their hashes at `after` are needed by `rejudge`."""
        old, self.rights = self.rights, rights
        try:
            return self._moved()
        finally:
            self.rights = old

    def rejudge(self, rights: Rights, hashes: Mapping[tuple[bytes, int], bytes]) -> list[Overruled]:
        """The records were judged anew; `hashes` are those of the entries (feed, `after`) that `overruled` named."""
        self.rights = rights
        return self._settle_limits(hashes)

    def put_fork(self, fork: Fork, hashes: Mapping[tuple[bytes, int], bytes]) -> list[Overruled]:
        """A proof of two histories is durable: the feed counts up to the entry before; see `fork_moves`."""
        feed, index = fork.check()
        known = self._forks.get(feed)
        if known is None or _worth(index, fork) < _worth(*known):
            self._forks[feed] = index, fork
            self.records.cut(fork_key(feed), Mark(0, digest(fork.write())))
            self._data[fork_key(feed)] = fork.write()
        return self._settle_limits(hashes)

    def fork_moves(self, fork: Fork) -> list[Overruled]:
        """Which feeds would count otherwise with this proof."""
        feed, index = fork.check()
        known = self._forks.get(feed)
        self._forks[feed] = min((index, fork), known or (index, fork), key=lambda one: _worth(*one))
        try:
            return self._moved()
        finally:
            if known is None:
                del self._forks[feed]
            else:
                self._forks[feed] = known

    def fork(self, feed: bytes) -> Fork | None:
        """The proof that this feed has two histories."""
        found = self._forks.get(feed)
        return found[1] if found else None

    def improves(self, fork: Fork) -> bool:
        """Whether a proof says more than the one that is here (of several, all keep the same), and has room."""
        feed, index = fork.check()
        known = self._forks.get(feed)
        if known is not None:
            return _worth(index, fork) < _worth(*known)
        return feed in self._stored or sum(one not in self._stored for one in self._forks) < PROOFS_BESIDE

    def _moved(self) -> list[Overruled]:
        found: list[Overruled] = []
        for feed, stored in self._stored.items():
            mark = self.frontier.mark(feed)
            before = mark.index if mark else -1
            after = min(stored.tip.index, self._limit(feed, stored.opened.device, stored.under))
            if before != after:
                found.append(Overruled(feed, before, after))
        return found

    def _settle_limits(self, hashes: Mapping[tuple[bytes, int], bytes]) -> list[Overruled]:
        moved = self._moved()
        for feed, _, after in moved:
            known = self._stored[feed].tip
            hash_ = known.hash if after == known.index else hashes.get((feed, after))
            if after >= 0 and hash_ is None:
                raise LocalError(what="a feed was judged without the hash of its last entry that counts")
            self.frontier.cut(feed, Mark(after, hash_) if hash_ is not None and after >= 0 else None)
        return moved

    # -- who fetches what ---------------------------------------------------------------------------------------------

    def claim(self, feed: bytes, by: object, now_ms: int) -> bool:
        """Whether `by` may ask for a feed: nobody else does, or has been silent for 30 s."""
        claim = self._claims.get(feed)
        if claim is not None and claim.by is not by and now_ms - claim.at_ms < CLAIM_MS:
            return False
        self._claims[feed] = _Claim(by, now_ms)
        return True

    def release(self, by: object, feed: bytes | None = None) -> None:
        """`by` has this feed, or is gone with all that it asked for."""
        for one in [feed] if feed is not None else list(self._claims):
            if one in self._claims and self._claims[one].by is by:
                del self._claims[one]


def fork_key(feed: bytes) -> bytes:
    """Under which key of the records a feed's proof of two histories stands."""
    return digest(FORK_KEY + feed)[:FEED_BYTES]


def _worth(index: int, fork: Fork) -> tuple[int, bytes]:
    return index, digest(fork.write())
