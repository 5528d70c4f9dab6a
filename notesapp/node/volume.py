"""One notebook as far as others are concerned: its `Book` and `Ledger`, read from the store, kept in step with it.

Decides how limits (what doesn't count any more) come from the disk's hashes; takes in nothing by itself.
"""

from __future__ import annotations

import asyncio

from notesapp.errors import LocalError
from notesapp.identity.keys import PeerId
from notesapp.identity.person import PersonLog
from notesapp.identity.primitives import digest
from notesapp.identity.roster import Roster
from notesapp.node import shelf
from notesapp.node.core import Core
from notesapp.node.held import Held
from notesapp.node.limits import limits_row
from notesapp.node.outbox import Deed
from notesapp.store.rows import Batch, EntryRow, HeadRow
from notesapp.sync.body import Opened, read_entry
from notesapp.sync.book import Book, Overruled
from notesapp.sync.entry import Entry, Header
from notesapp.sync.frontier import Mark
from notesapp.sync.have import Ledger
from notesapp.sync.head import Fork, SignedHead
from notesapp.sync.rights import RosterRights, write_state

Committed = tuple[list[tuple[EntryRow, Entry]], HeadRow]


class Volume:
    """See the module; `open` before use."""

    def __init__(self, core: Core, held: Held) -> None:
        self.held = held
        self._core = core
        self.book = Book(held.notebook_id, self._rights())
        self.ledger = Ledger(self.book.frontier)
        self.opened = asyncio.Event()
        self.unkept: set[bytes] = set()  # devices of which more is known than the disk says
        self._early: list[Committed] = []  # own entries that became durable while the shelf was read

    async def open(self) -> list[Overruled]:
        """Reads what the disk has of it: which feeds count otherwise than notes were read by until now."""
        read_by = dict(self.held.limits)
        device, notebook_id = self._core.persona.device, self.held.notebook_id
        shelved = await self._core.journal.read(lambda store: shelf.read(store, notebook_id, device))
        self._core.openings.learn(shelved.openings)  # what goes on with a feed of old is laid against its first entry
        self._put_records()
        self.book.put_states([*shelved.states, self.state])
        named = {name for stored in shelved.feeds for _, name in stored.under}
        known = {digest(data) for data in shelved.states}
        lost = self._lost_states(named - known - {digest(self.state)})
        self.book.put_states(lost)
        rows = [shelf.state_row(notebook_id, digest(data), data) for data in (self.state, *lost)]
        self._core.outbox.put(Deed(rows=Batch(records=tuple(row for row in rows if row.id not in known))))
        for stored in shelved.feeds:
            self.book.put_feed(stored, Mark(stored.tip.index, stored.tip.hash))
        for data in shelved.forks:
            fork = Fork.read(data)
            self.book.put_fork(fork, await self._hashes(self.book.fork_moves(fork)))
        for line in shelved.ledger:
            self.ledger.load(line)
        for stored in shelved.feeds:  # whoever signed it has it
            self.ledger.told(PeerId(stored.opened.device), {stored.tip.feed: stored.head.index}, 0)
        self.opened.set()
        for committed in self._early:
            self.own_committed(*committed)
        self._early.clear()
        await self.judge()
        return self._otherwise(read_by)

    def _otherwise(self, read_by: dict[bytes, int]) -> list[Overruled]:
        """How the limits differ from these."""
        found: list[Overruled] = []
        for feed in {*read_by, *self.held.limits}:
            if (stored := self.book.stored(feed)) is not None:
                last = stored.tip.index
                before, after = read_by.get(feed, last), self.held.limits.get(feed, last)
                if before != after:
                    found.append(Overruled(feed, before, after))
        return found

    def _put_records(self) -> None:
        self.book.count(self.held.on_disk)
        self.book.put_records(self.held.records)

    @property
    def is_open(self) -> bool:
        """Whether the disk was read."""
        return self.opened.is_set()

    def _rights(self) -> RosterRights:
        return _Rights(self.held.roster, self._core.persona.log)

    @property
    def state(self) -> bytes:
        """The bytes behind the present roster's digest."""
        return write_state(self.held.notebook_id, self.held.roster.heads)

    def counted(self, feed: bytes) -> int:
        """The last entry of a feed that counts."""
        mark = self.book.frontier.mark(feed)
        return mark.index if mark is not None else -1

    def own_committed(self, sent: list[tuple[EntryRow, Entry]], head: HeadRow) -> int | None:
        """Own entries are durable: the first new index, if any of them counts."""
        if not self.is_open:
            self._early.append((sent, head))
            return None
        entries = [entry for _, entry in sent]
        first = Header.read(entries[0].header)
        stored = self.book.stored(head.feed)
        if stored is not None and head.index <= stored.tip.index:
            return None
        if first.index > (stored.tip.index + 1 if stored is not None else 0):
            return None  # the shelf could not tell of this feed: it is passed on after the next start
        opened = stored.opened if stored is not None else opening_of(entries[0])
        device = self._core.persona.device.device_id
        self.book.put_states([self.state])
        self.book.commit(opened, entries, SignedHead.read(head.signed, device))
        self.note_limits()
        return first.index if self.counted(head.feed) >= first.index else None

    async def judge(self) -> list[Overruled]:
        """The records were judged anew: which feeds count further, or less far, than before."""
        rights = self._rights()
        self._put_records()
        self.book.put_states([self.state])
        while True:
            wanted = self.book.overruled(rights)
            hashes = await self._hashes(wanted)
            now = self.book.overruled(rights)  # own entries may have come meanwhile
            if all(self._known(feed, after, hashes) for feed, _, after in now):
                break
        moved = self.book.rejudge(rights, hashes)
        self.note_limits()
        return moved

    async def put_fork(self, fork: Fork) -> list[Overruled]:
        """A proof of two histories is durable."""
        while True:
            hashes = await self._hashes(self.book.fork_moves(fork))
            if all(self._known(feed, after, hashes) for feed, _, after in self.book.fork_moves(fork)):
                break
        moved = self.book.put_fork(fork, hashes)
        self.note_limits()
        return moved

    def _known(self, feed: bytes, after: int, hashes: dict[tuple[bytes, int], bytes]) -> bool:
        stored = self.book.stored(feed)
        return after < 0 or (feed, after) in hashes or (stored is not None and stored.tip.index == after)

    def _lost_states(self, names: set[bytes]) -> list[bytes]:
        """The rosters behind these digests, as far as this one once was one of them: nobody had asked for them then."""
        found: list[bytes] = []
        records, held = self.held.roster.records, self.held
        for count in range(len(records)):
            if not names:
                break
            then = Roster.judge(held.genesis, held.logs.values(), records[:count])
            if then.digest in names:
                names.discard(then.digest)
                found.append(write_state(held.notebook_id, then.heads))
        return found

    async def _hashes(self, moved: list[Overruled]) -> dict[tuple[bytes, int], bytes]:
        places = [(feed, after) for feed, _, after in moved if after >= 0]
        if not places:
            return {}
        found = await self._core.journal.read(lambda store: [shelf.hash_at(store, *place) for place in places])
        return {place: hash_ for place, hash_ in zip(places, found, strict=True) if hash_ is not None}

    def note_limits(self) -> None:
        """Tells the notebook which feeds don't count to their end."""
        limits: dict[bytes, int] = {}
        for feed in self.book.feeds():
            stored = self.book.stored(feed)
            if stored is not None and self.counted(feed) < stored.tip.index:
                limits[feed] = self.counted(feed)
        if limits != self.held.limits:
            self.held.limits = limits
            self._core.outbox.put(Deed(rows=Batch(pending=(limits_row(self.held.notebook_id, limits),))))


class _Rights(RosterRights):
    """Of a notebook that another device of mine named, and of which nothing has come yet, my devices are members."""

    def __init__(self, roster: Roster, own: PersonLog) -> None:
        super().__init__(roster)
        self._own = own

    def is_member(self, device: bytes) -> bool:
        if not self.roster.records:
            return any(one.device_id == device for one in self._own.active)
        return super().is_member(device)


def opening_of(entry: Entry) -> Opened:
    """Whose feed it is, by its first entry."""
    opened = read_entry(entry, {})
    if not isinstance(opened, Opened):
        raise LocalError(what="a feed of this device doesn't begin with its opening")
    return opened
