"""A simulated disk: what was written is there after a crash only once its commit is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from notesapp.errors import LocalError
from notesapp.identity.record import Record
from notesapp.sync.entry import Entry, Header, Tip
from notesapp.sync.head import Fork, SignedHead
from tests.world.time import Clock


@dataclass(slots=True)
class Feed:
    """One feed on the disk; `tail` are bodiless entries that lead to the head and don't belong to the feed yet."""

    entries: list[Entry] = field(default_factory=list)
    heads: dict[int, SignedHead] = field(default_factory=dict)
    tail: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Disk:
    """What survives. A commit takes a few milliseconds; a crash loses those under way."""

    clock: Clock
    feeds: dict[bytes, Feed] = field(default_factory=dict)
    persons: dict[bytes, Record] = field(default_factory=dict)
    rosters: dict[bytes, Record] = field(default_factory=dict)
    states: dict[bytes, bytes] = field(default_factory=dict)
    forks: list[Fork] = field(default_factory=list)
    marks: dict[bytes, bytes] = field(default_factory=dict)  # the high-water file: own feed -> hash of its head
    arrival: list[tuple[bytes, int]] = field(default_factory=list)
    life: int = 0  # counts crashes: a commit of an earlier life never lands
    _last_ms: int = 0

    def commit(self, write: Callable[[], None], then: Callable[[], None]) -> None:
        """Writes later, then calls back; neither if a crash comes first."""
        life = self.life

        def land() -> None:
            if self.life == life:
                write()
                then()

        self._last_ms = max(self._last_ms, self.clock.now_ms + 1 + self.clock.chance.randrange(8))  # one after another
        self.clock.after(self._last_ms - self.clock.now_ms, land)

    def crash(self) -> None:
        """Whatever isn't committed is lost."""
        self.life += 1

    def put(self, entries: Sequence[Entry], head: SignedHead, tail: Sequence[Entry] = ()) -> None:
        """Entries and the head that vouches for them, idempotent; LocalError for a gap or a second history."""
        feed = self.feeds.setdefault(head.feed, Feed())
        for entry in entries:
            index = Header.read(entry.header).index
            if index < len(feed.entries):
                if feed.entries[index].hash != entry.hash:
                    raise LocalError(what="a feed was written twice on one disk")
                continue
            if index > len(feed.entries):
                raise LocalError(what="a feed has a gap on the disk")
            feed.entries.append(entry)
            self.arrival.append((head.feed, index))
        feed.heads[head.index] = head
        feed.tail = tuple(tail)

    def put_records(self, persons: Iterable[Record], rosters: Iterable[Record]) -> None:
        """Signed records."""
        self.persons |= {record.id: record for record in persons}
        self.rosters |= {record.id: record for record in rosters}

    def tip(self, notebook: bytes, feed: bytes, index: int) -> Tip | None:
        """The tip after an entry; None if it isn't here."""
        if index < 0:
            return Tip.before_first(notebook, feed)
        found = self.feeds.get(feed)
        return Tip.at(found.entries[index]) if found and index < len(found.entries) else None

    def batch(self, feed: bytes, first: int, limit: int) -> tuple[list[Entry], bytes]:
        """Entries from `first` to a head, about `limit` bytes: ([], b"") if there is none."""
        found = self.feeds.get(feed)
        if found is None:
            return [], b""
        chain = found.entries + list(found.tail)
        size = 0
        for index, entry in enumerate(chain[first:], first):
            size += entry.size
            head = found.heads.get(index)
            if head is not None and (size >= limit or index == max(found.heads)):
                return chain[first : index + 1], head.signature
        return [], b""

    def hash_at(self, feed: bytes, index: int) -> bytes | None:
        """An entry's hash."""
        found = self.feeds.get(feed)
        return found.entries[index].hash if found and index < len(found.entries) else None
